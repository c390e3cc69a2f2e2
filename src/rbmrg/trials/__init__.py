"""Trials: what the analyses say of data whose truth is known, verdicts and errors."""
