"""Reads for pages: eager loads spelled out, a constant number of statements."""
