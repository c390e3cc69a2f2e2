"""Figures: one a file, each `draw(**inputs)` → (matplotlib figure, DataFrame of the numbers it plots)."""
