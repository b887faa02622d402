"""Show verdicts to people and machines."""
