"""Benchmarks: our samplers and trainers against those that can be installed.  No rule uses them."""
