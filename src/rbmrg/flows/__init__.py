"""Flows: configurations sent through a machine again and again, where they end, and what is there."""
