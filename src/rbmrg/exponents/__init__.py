"""Exponents: scaling dimensions, powers of |m|, couplings, Monte Carlo RG, mutual information."""
