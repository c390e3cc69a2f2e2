"""Exponents: scaling dimensions and powers of |m|, with Monte Carlo data treated in the same way."""
