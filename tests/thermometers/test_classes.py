"""Configurations for the classes of thermometers: the right part of each file, equally many of every temperature."""

import numpy as np
import xarray as xr

from rbmrg import splits
from rbmrg.thermometers import classes

VALUES = np.array([-1, 1], np.int8)
SPINS = {T: np.random.default_rng(n).choice(VALUES, (n, 4, 4)) for T, n in ((1.0, 20), (2.5, 15))}


def files():
    """Datasets of samples as `store.load` gives them, one after the other."""
    return (xr.Dataset({"spin": (("sample", "y", "x"), spins)}, attrs={"T": T}) for T, spins in SPINS.items())


def test_training_data_are_the_training_parts_of_the_files_in_their_order():
    spins, temperatures = classes.training_data(files())
    assert temperatures == [1.0, 2.5]
    assert spins.shape == (2, 12, 4, 4)
    for found, whole in zip(spins, SPINS.values(), strict=True):
        np.testing.assert_array_equal(found, splits.training_part(whole)[:12])


def test_held_out_data_are_the_others():
    spins = classes.held_out_data(files())
    assert spins.shape == (2, 3, 4, 4)
    for found, whole in zip(spins, SPINS.values(), strict=True):
        np.testing.assert_array_equal(found, splits.held_out_part(whole)[:3])


def test_parts_are_cut_to_the_smallest():
    parts = [np.arange(5)[:, None, None], 10 + np.arange(3)[:, None, None], 20 + np.arange(4)[:, None, None]]
    assert classes.stacked(parts)[..., 0, 0].tolist() == [[0, 1, 2], [10, 11, 12], [20, 21, 22]]
