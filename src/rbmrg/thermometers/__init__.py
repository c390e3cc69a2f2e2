"""Thermometers: what temperature a configuration, or an ensemble of them, seems to have."""
