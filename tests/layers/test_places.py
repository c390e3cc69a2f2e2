"""The places that are found in one pass over maps are those of sums of shifted maps."""

import numpy as np
import pytest

from rbmrg.layers import places


def found(first, second, factor):
    """(peaks, windows, signs, shares) by the kernel."""
    units = len(first)
    peaks, windows = np.full((2, units), -1)
    signs = np.full(units, np.nan)
    shares = np.full(first.shape, np.nan)
    places.choose_places(first, second, factor, peaks, signs, windows, shares)
    return peaks, windows, signs, shares


def by_shifts(x, factor):
    """The same from whole maps x [units, L, L]."""
    masses = sum(np.roll(x**2, (-i, -j), axis=(1, 2)) for i in range(factor) for j in range(factor))
    flat = x.reshape(len(x), -1)
    peaks = np.abs(flat).argmax(axis=1)
    shares = masses / np.sum(x**2, axis=(1, 2))[:, None, None]
    return peaks, masses.reshape(len(x), -1).argmax(axis=1), np.sign(flat[np.arange(len(x)), peaks]), shares


@pytest.mark.parametrize(("L", "factor"), [(4, 1), (6, 2), (8, 4), (5, 3)])
def test_places_of_random_maps(L, factor):
    rng = np.random.default_rng(L)
    first, second = rng.standard_normal((2, 50, L, L))
    kernel = found(first, second, factor)
    for one, other in zip(kernel, by_shifts(first + second, factor), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-13)
    alone = by_shifts(first, factor)  # negative control: one map of two
    assert (kernel[0] != alone[0]).any()
    assert np.abs(kernel[3] - alone[3]).max() > 0.1


def test_a_window_may_begin_at_the_last_site():
    block = np.roll(np.pad(np.ones((1, 2, 2)), ((0, 0), (0, 4), (0, 4))), -1, axis=(1, 2))
    _, [window], [sign], shares = found(-block, 0 * block, 2)
    assert (window, sign, shares[0, 5, 5]) == (35, -1, 1)


def test_a_map_that_is_zero_has_no_share():
    nothing = np.zeros((2, 4, 4))
    _, _, signs, shares = found(nothing, nothing, 2)
    np.testing.assert_array_equal(signs, 0)
    np.testing.assert_array_equal(shares, 0)


def test_a_map_without_values_has_a_place_of_the_lattice():
    peaks, windows, signs, _ = found(np.full((2, 4, 4), np.nan), np.zeros((2, 4, 4)), 2)
    for place in (peaks, windows, signs):
        np.testing.assert_array_equal(place, 0)
