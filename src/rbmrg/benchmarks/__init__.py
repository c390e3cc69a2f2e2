"""Benchmarks that no rule uses: our samplers and trainers against those that can be installed."""
