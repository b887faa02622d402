"""Logs in and out: formats at the border, mappings of foreign logs, rejects, and what a log lacks."""
