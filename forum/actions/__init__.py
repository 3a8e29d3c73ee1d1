"""Writes: policy, change, event. The only way data changes; none of them commits."""
