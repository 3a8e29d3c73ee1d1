"""The writers of `bench.kill`, and what is looked at when they are done."""
