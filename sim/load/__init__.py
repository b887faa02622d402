"""Load studies: one plan of who comes and how long everything takes, played by two engines with one truth.

*programs* says what a case does, *network* where, *plan* who comes and what was drawn for them. The
*reference* engine plays that in SimPy, the *compiled* one in one loop; both leave the same rows, to the
microsecond.
"""
