"""Statistics of maps: by hand on small patterns, by loops over pairs and waves, and under symmetries."""

import itertools

import numpy as np
import pandas as pd
import pytest

from rbmrg.layers import statistics
from rbmrg.layers.statistics import coverage, home, measure, overlap

RNG = np.random.default_rng(6)
L = 6
NOISE = RNG.normal(0.2, 1, (5, L, L))
BLOCK = np.zeros((8, 8))
BLOCK[:2, :2] = 1
NAMES = [name for name in statistics.STATISTICS if name != "corr_m"]
SITES = list(np.ndindex(L, L))


def one(statistic, x):
    """The statistic of a single map."""
    return getattr(statistics, statistic)(np.array([x], float))[0]


def points(side, *sites):
    """A map that is 1 at the sites, 0 elsewhere."""
    made = np.zeros((side, side))
    made[tuple(np.transpose(sites))] = 1
    return made


def distance(i, j, side=L):
    """Shortest way between two sites of the torus."""
    return np.hypot(*(min(abs(a - b), side - abs(a - b)) for a, b in zip(i, j, strict=True)))


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_checkerboard():
    board = np.indices((8, 8)).sum(axis=0) % 2 * 2.0 - 1
    assert one("moran", board) == pytest.approx(-1)
    assert one("geary", board) == pytest.approx(2 * 63 / 64)  # (N−1)/N (1 − I)
    assert one("momentum", board) == pytest.approx(8)
    assert one("sign_coherence", board) == one("average", board) == 0
    assert one("participation", board) == pytest.approx(64)
    assert one("correlation_length", board) == pytest.approx((1 - np.exp(-1)) / 2)  # ρ(0) = 1, ρ(1) = −1


def test_a_single_site():
    x = points(8, (3, 5))
    known = {
        "contrast": 1, "average": 1 / 64, "sign_coherence": 1, "participation": 1, "gyration": 0, "best_four": 1,
        "moran": -1 / 63, "geary": 1,
    }  # fmt: skip
    assert {name: one(name, x) for name in known} == pytest.approx(known, abs=1e-12)


@pytest.mark.parametrize("place", [(0, 1), (0, 4), (3, 3), (7, 7), (2, 5)])
def test_two_sites_are_half_their_distance_away_from_their_middle(place):
    assert one("gyration", points(8, (0, 0), place)) == pytest.approx(distance((0, 0), place, 8) / 2)
    assert one("participation", points(8, (0, 0), place)) == pytest.approx(2)


@pytest.mark.parametrize("k", [(0, 1), (1, 0), (2, 3), (4, 4), (-1, 2)])
def test_plane_waves(k):
    angles = 2 * np.pi * np.array(k) / 8
    wave = 0.3 + np.cos(np.tensordot(angles, np.indices((8, 8)), 1) + 0.4)
    assert one("moran", wave) == pytest.approx(np.cos(angles).mean())
    assert one("momentum", wave) == pytest.approx(np.sum(4 * np.sin(angles / 2) ** 2))


def test_the_correlation_length_of_a_wave_is_interpolated():
    """ρ is the cosine averaged over both directions: (cos k + 1)/2 at r = 1, cos k at √2, (cos 2k + 1)/2 at 2."""
    k = 2 * np.pi / 8
    rho = {1: (np.cos(k) + 1) / 2, np.sqrt(2): np.cos(k), 2: 1 / 2, np.sqrt(5): (np.cos(k) + np.cos(2 * k)) / 2}
    assert all(rho[r] > np.exp(-1) for r in (1, np.sqrt(2), 2))
    fraction = (rho[2] - np.exp(-1)) / (rho[2] - rho[np.sqrt(5)])
    assert rho[np.sqrt(5)] < np.exp(-1)
    wave = np.cos(k * np.arange(8)) * np.ones((8, 1))
    assert one("correlation_length", wave) == pytest.approx(2 + fraction * (np.sqrt(5) - 2))


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("place", [*itertools.product(range(0, 8, 3), repeat=2), (7, 7)])
def test_a_block_is_found_where_it_is(place, sign):
    x = sign * np.roll(BLOCK, place, axis=(0, 1))
    assert one("participation", x) == pytest.approx(4)
    assert one("best_four", x) == pytest.approx(1)
    (found,), (where,) = overlap(np.array([0.2 + 0.3 * x]), BLOCK)
    assert found == pytest.approx(1)
    assert tuple(where) == place


def test_blocks_cover_the_lattice_once_each():
    places = list(itertools.product(range(0, 8, 2), repeat=2))
    tiles = np.array([np.roll(BLOCK, place, axis=(0, 1)) for place in places])
    found = measure(tiles, BLOCK, 2)
    np.testing.assert_array_equal(found["coverage"], 1)
    np.testing.assert_allclose(found["contrast"], 1)
    # negative control: one block twice, another not at all
    twice = measure(tiles[[0, *range(15)]], BLOCK, 2)["coverage"]
    np.testing.assert_allclose(twice, [0.5, 0.5, *[1] * 14])


def test_the_home_of_a_unit_is_the_block_with_most_of_it():
    """One site of a block, at each of its places, is at home there; the best overlap with the block is not unique."""
    for y, x in itertools.product(range(8), repeat=2):
        single = np.zeros((1, 8, 8))
        single[0, y, x] = -1
        assert home(single, 2).tolist() == [[y - y % 2, x - x % 2]]
    np.testing.assert_array_equal(home(np.full((2, 8, 8), 0.1), 2), -1)
    straddling = np.zeros((1, 8, 8))
    straddling[0, 1, 4] = 1
    straddling[0, 2, 4] = 2
    assert home(straddling, 2).tolist() == [[2, 4]]


def test_coverage_by_hand():
    """Five units on two of four blocks, one without a place; then more units than blocks."""
    shares = coverage(np.array([(0, 0), (1, 1), (-1, -1), (2, 3), (0, 1), (3, 2)]), 4, 2)
    np.testing.assert_allclose(shares, np.array([1 / 3, 1 / 3, np.nan, 1 / 2, 1 / 3, 1 / 2]) * 5 / 4)
    assert np.nanmean(shares) == pytest.approx(2 / 4)
    assert np.isnan(coverage(np.full((3, 2), -1), 4, 2)).all()


def test_of_equal_overlaps_the_first_place_is_taken():
    """Rows: a pattern that is the same at every x; rounding of the transforms must not choose."""
    rows = np.repeat(RNG.normal(size=(8, 1)), 8, axis=1)
    moved = np.array([np.roll(rows, y, axis=0) for y in range(8)])
    np.testing.assert_array_equal(overlap(moved, rows)[1], [(y, 0) for y in range(8)])
    board = np.indices((8, 8)).sum(axis=0) % 2 * 2.0 - 1  # equal everywhere but for the sign
    np.testing.assert_array_equal(overlap(np.array([board, -board]), board)[1], 0)


# --- by loops on random maps ------------------------------------------------------------------------------------------


def slow(x):
    """All statistics of a map [L, L], pair by pair and wave by wave, from their definitions."""
    mean = x.mean()
    pairs = list(itertools.product(SITES, repeat=2))
    d = x - mean
    near = [(i, j) for i, j in pairs if distance(i, j) == 1]
    variance = sum(d[i] ** 2 for i in SITES)
    p = x**2 / (x**2).sum()
    peak = max(SITES, key=lambda i: abs(x[i]))
    far = max(SITES, key=lambda i: distance(peak, i))
    waves = [k for k in SITES if k != (0, 0)]
    power = [abs(sum(x[i] * np.exp(-2j * np.pi * np.dot(k, i) / L) for i in SITES)) ** 2 for k in waves]
    k2 = [sum(4 * np.sin(np.pi * a / L) ** 2 for a in k) for k in waves]
    return {
        "contrast": abs(x[peak]) - np.sign(x[peak]) * x[far],
        "average": abs(mean),
        "sign_coherence": abs(x.sum()) / np.abs(x).sum(),
        "moran": L**2 / len(near) * sum(d[i] * d[j] for i, j in near) / variance,
        "geary": (L**2 - 1) / (2 * len(near)) * sum((x[i] - x[j]) ** 2 for i, j in near) / variance,
        "correlation_length": slow_length(d, pairs),
        "momentum": np.dot(k2, power) / np.sum(power),
        "participation": (x**2).sum() ** 2 / (x**4).sum(),
        "gyration": np.sqrt(sum(p[i] * p[j] * distance(i, j) ** 2 for i, j in pairs) / 2),
        "best_four": sum(sorted(p.ravel())[-4:]),
    }


def slow_length(d, pairs):
    products = {}
    for i, j in pairs:
        products.setdefault(round(distance(i, j), 9), []).append(d[i] * d[j])
    r = sorted(products)
    rho = [np.mean(products[s]) / np.mean(d**2) for s in r]
    after = next(n for n, value in enumerate(rho) if value < np.exp(-1))
    return np.interp(-np.exp(-1), [-rho[after - 1], -rho[after]], r[after - 1 : after + 1])


SMOOTH = sum(np.roll(NOISE, s, axis=(1, 2)) for s in np.ndindex(3, 3))


@pytest.mark.parametrize("maps", [NOISE, SMOOTH], ids=["noise", "smooth"])
def test_against_loops(maps):
    found = measure(maps, NOISE[0], 2)
    loops = pd.DataFrame([slow(x) for x in maps])
    for name in loops:
        np.testing.assert_allclose(found[name], loops[name], rtol=1e-10, err_msg=name)


def test_the_overlap_against_correlation_coefficients_of_all_translations():
    pattern = RNG.normal(size=(L, L))
    moved = np.array([np.roll(pattern, place, axis=(0, 1)).ravel() for place in SITES])
    values, places = overlap(NOISE, pattern)
    for x, value, place in zip(NOISE, values, places, strict=True):
        r = np.abs([np.corrcoef(x.ravel(), m)[0, 1] for m in moved])
        assert value == pytest.approx(r.max())
        assert tuple(place) == SITES[r.argmax()]


# --- symmetries and what is not defined -------------------------------------------------------------------------------


def test_measure_has_all_statistics_of_maps_in_order():
    found = measure(NOISE, NOISE[0], 2)
    assert list(found) == NAMES
    for name in set(NAMES) - {"overlap", "coverage"}:
        np.testing.assert_array_equal(found[name], getattr(statistics, name)(NOISE), err_msg=name)
    assert [name for name in statistics.STATISTICS if name in found] == NAMES
    assert len(found) == len(NAMES)
    assert all(values.shape == (5,) and values.dtype == np.float64 for values in found.values())


@pytest.mark.parametrize("turn", [
    lambda x: -x,
    lambda x: np.roll(x, (2, -4), axis=(1, 2)),
    lambda x: np.roll(x, (4, 2), axis=(1, 2)) * np.array([1, -1, 1, 1, -1])[:, None, None],
], ids=["sign", "translation", "both"])  # fmt: skip
def test_gauge_and_place_do_not_matter(turn):
    """Translations by whole blocks, so that coverage stays, too."""
    before = measure(SMOOTH, NOISE[0], 2)
    after = measure(turn(SMOOTH), NOISE[0], 2)
    for name in NAMES:
        np.testing.assert_allclose(after[name], before[name], rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("scale", [3.0, 1e-6, 1e-200])
def test_only_contrast_and_average_have_the_scale_of_the_map(scale):
    before = measure(SMOOTH, NOISE[0], 2)
    after = measure(scale * SMOOTH, NOISE[0], 2)
    for name in NAMES:
        factor = scale if name in ("contrast", "average") else 1
        np.testing.assert_allclose(after[name], factor * before[name], rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("level", [0.0, 0.1, -0.7])
def test_constant_maps(level):
    """Alone and beside others: what is not defined is NaN, and there are no warnings, which would be errors."""
    x = np.array([NOISE[0], np.full((L, L), level) * (1 + 1e-15 * NOISE[1])])
    found = {name: values[1] for name, values in measure(x, NOISE[0], 2).items()}
    nothing = ["moran", "geary", "correlation_length", "momentum", "overlap", "coverage"]
    known = {"contrast": 0, "average": abs(level)}
    if level:
        known |= {"sign_coherence": 1, "participation": L**2, "best_four": 4 / L**2}
        known |= {"gyration": one("gyration", np.ones((L, L)))}
    assert {name: found[name] for name in known} == pytest.approx(known, abs=1e-12)
    assert all(np.isnan(found[name]) for name in [*nothing, *(set(NAMES) - set(known))])
    assert np.isnan(overlap(NOISE, np.ones((L, L)))[0]).all()
