"""Decide as the parties of a service do: request and signature logic without I/O and without a clock."""
