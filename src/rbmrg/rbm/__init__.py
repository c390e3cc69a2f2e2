"""Restricted Boltzmann machines: the model, its training, and how far it is from its data."""

from rbmrg.rbm.likelihood import (
    Divergence,
    kl,
    log_partition_annealed,
    log_partition_enumerated,
    log_partition_reweighted,
)
from rbmrg.rbm.model import RBM, exact_machine
from rbmrg.rbm.recipes import RECIPES, Recipe
from rbmrg.rbm.training import train, trajectory

__all__ = [
    "RBM",
    "RECIPES",
    "Divergence",
    "Recipe",
    "exact_machine",
    "kl",
    "log_partition_annealed",
    "log_partition_enumerated",
    "log_partition_reweighted",
    "train",
    "trajectory",
]
