"""Judge a log of any size: cases that no norm can tell apart are counted together and judged once.

The database sorts the cases of a log into classes (*profiles*); the plain evaluator judges one case of each
class, and its answers count for all of them. So every figure is exact, and no rule is written twice.
"""
