"""Commonplace: an internal knowledge-sharing forum with peer review."""
