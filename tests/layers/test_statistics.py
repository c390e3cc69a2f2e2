"""Statistics of maps: by hand on small patterns, by loops over pairs of sites and orders of parts, under symmetries."""

import itertools

import numpy as np
import pytest

from rbmrg.layers.statistics import PAIRS, STATISTICS, Pattern, measure, part
from rbmrg.layers.statistics_tables import over_units

RNG = np.random.default_rng(6)
L = 6
UNITS = 5
NOISE = RNG.normal(0.2, 1, (4, UNITS, L, L))  # four parts that have nothing in common
SMOOTH = sum(np.roll(NOISE, shift, axis=(2, 3)) for shift in itertools.product(range(3), repeat=2))
BLOCK = np.zeros((8, 8))
BLOCK[:2, :2] = 1
PATTERN = Pattern(RNG.normal(size=(L, L)), 2)
SITES = list(np.ndindex(L, L))


def ratios(parts, pattern=PATTERN):
    """{statistic: [units]} of maps in four parts, [4, units, L, L]."""
    measured = measure([part(x, pattern) for x in parts], pattern)
    return {name: above / below for name, (above, below) in measured.items()}


def one(statistic, x, factor=2):
    """The statistic of a single map without noise."""
    pattern = np.zeros_like(x, float)
    pattern[:factor, :factor] = 1
    return ratios([np.array([x], float)] * 4, Pattern(pattern, factor))[statistic][0]


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
    assert one("average", board) == pytest.approx(0, abs=1e-12)
    assert one("uniformity", board) == pytest.approx(0, abs=1e-12)
    assert one("participation", board) == pytest.approx(64)
    assert one("patch", board) == pytest.approx(4 / 64)
    assert one("correlation_length", board) == pytest.approx((1 - np.exp(-1)) / 2)  # ρ(0) = 1, ρ(1) = −1


def test_a_single_site():
    x = points(8, (3, 5))
    known = {
        "contrast": 1, "average": 1 / 64, "uniformity": 1 / 64, "participation": 1, "gyration": 0, "patch": 1,
        "moran": -1 / 63,
    }  # fmt: skip
    assert {name: one(name, x) for name in known} == pytest.approx(known, abs=1e-12)


@pytest.mark.parametrize("place", [(0, 1), (0, 4), (3, 3), (7, 7), (2, 5)])
def test_two_sites_are_half_their_distance_away_from_their_middle(place):
    assert one("gyration", points(8, (0, 0), place)) == pytest.approx((distance((0, 0), place, 8) / 2) ** 2)
    assert one("participation", points(8, (0, 0), place)) == pytest.approx(2)


@pytest.mark.parametrize("k", [(0, 1), (1, 0), (2, 3), (4, 4), (-1, 2)])
def test_plane_waves(k):
    angles = 2 * np.pi * np.array(k) / 8
    wave = 0.3 + np.cos(np.tensordot(angles, np.indices((8, 8)), 1) + 0.4)
    assert one("moran", wave) == pytest.approx(np.cos(angles).mean())
    assert one("uniformity", wave) == pytest.approx(0.3**2 / np.mean(wave**2))
    assert 4 * (1 - one("moran", wave)) == pytest.approx(np.sum(4 * np.sin(angles / 2) ** 2))


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
@pytest.mark.parametrize(("side", "factor"), [(8, 2), (12, 4), (32, 2)])
def test_a_block(side, factor, sign):
    """At all places.  Its neighbours are 2b(b − 1) pairs of the N bonds a direction: I = (1 − 1/b − q)/(1 − q)."""
    block = np.zeros((side, side))
    block[:factor, :factor] = sign
    places = [(0, 0), (1, 0), (side - 1, side - 1), (3, 2)]
    filled = factor**2 / side**2
    for place in places:
        x = np.roll(block, place, axis=(0, 1))
        assert one("participation", x, factor) == pytest.approx(factor**2)
        assert one("gyration", x, factor) == pytest.approx((factor**2 - 1) / 6)
        assert one("patch", x, factor) == pytest.approx(1)
        assert one("overlap", x, factor) == pytest.approx(1)
        assert one("overlap", 0.2 + 0.3 * x, factor) == pytest.approx(1)
        assert one("moran", x, factor) == pytest.approx((1 - 1 / factor - filled) / (1 - filled))
    assert one("patch", x, factor + 1) == pytest.approx(1)
    assert one("patch", x, factor - 1) == pytest.approx((1 - 1 / factor) ** 2)


@pytest.mark.parametrize("start", [(0, 0), (1, 0), (1, 1)])
def test_blocks_cover_the_lattice_once_each(start):
    """Also if the lattice of blocks does not begin at the origin.

    Negative control: one block twice, another not at all.
    """
    places = [(y + start[0], x + start[1]) for y, x in itertools.product(range(0, 8, 2), repeat=2)]
    tiles = np.array([np.roll(BLOCK, place, axis=(0, 1)) for place in places])
    found = ratios([tiles] * 4, Pattern(BLOCK, 2))
    np.testing.assert_allclose(found["coverage"], 1)
    np.testing.assert_allclose(found["contrast"], 1)
    twice = tiles[[0, *range(15)]]
    np.testing.assert_allclose(ratios([twice] * 4, Pattern(BLOCK, 2))["coverage"].mean(), 15 / 16)


@pytest.mark.parametrize("units", [1, 3, 16, 30])
def test_the_coverage_is_the_mean_over_blocks_of_the_largest_share(units):
    """By loops, for fewer and for more units than blocks; every unit counts as often as it holds blocks."""
    maps = np.random.default_rng(units).normal(size=(units, 8, 8)) ** 3
    shares = maps**2 / (maps**2).sum(axis=(1, 2), keepdims=True)
    means = {}
    for y, x in itertools.product(range(2), repeat=2):
        moved = np.roll(shares, (-y, -x), axis=(1, 2))
        blocks = [moved[:, i : i + 2, j : j + 2].sum(axis=(1, 2)).max() for i in (0, 2, 4, 6) for j in (0, 2, 4, 6)]
        means[y, x] = np.mean(blocks)
    assert ratios([maps] * 4, Pattern(BLOCK, 2))["coverage"].mean() == pytest.approx(max(means.values()))


# --- by loops on random maps ------------------------------------------------------------------------------------------


def slow(order):
    """(numerators, denominators) of maps of a unit in one order of the parts: chosen by a and b, read from c and d."""
    a, b, c, d = order
    mean = [x.mean() for x in order]
    pairs = list(itertools.product(SITES, repeat=2))
    near = [(i, j) for i, j in pairs if distance(i, j) == 1]
    choice = (a + b) / 2
    peak = max(SITES, key=lambda i: abs(choice[i]))
    far = max(SITES, key=lambda i: distance(peak, i))
    window = max(SITES, key=lambda i: sum(choice[j] ** 2 for j in block(i)))
    moved = {place: np.roll(PATTERN.x, place, axis=(0, 1)) - PATTERN.x.mean() for place in SITES}
    place = max(SITES, key=lambda i: abs((choice * moved[i]).sum()))
    variance = ((a - mean[0]) * (b - mean[1])).sum()
    read = (c * d).sum()
    return {
        "contrast": (np.sign(choice[peak]) * (c[peak] - c[far]), 1),
        "average": (mean[0] * np.sign(mean[1] + mean[2] + mean[3]), 1),
        "uniformity": (mean[0] * mean[1] * L**2, (a * b).sum()),
        "moran": (sum((a[i] - mean[0]) * (b[j] - mean[1]) for i, j in near) / 4, variance),
        "participation": ((a * b).sum() * read, (a * b * c * d).sum()),
        "gyration": (sum(a[i] * b[i] * c[j] * d[j] * distance(i, j) ** 2 for i, j in pairs) / 2, (a * b).sum() * read),
        "patch": (sum(c[i] * d[i] for i in block(window)), read),
        "overlap": (
            (c * moved[place]).sum() * (d * moved[place]).sum(),
            ((c - mean[2]) * (d - mean[3])).sum() * (moved[place] ** 2).sum(),
        ),
    }


def block(site):
    """The sites of the 2 × 2 block that begins at one."""
    return [((site[0] + y) % L, (site[1] + x) % L) for y, x in itertools.product(range(2), repeat=2)]


@pytest.mark.parametrize("maps", [NOISE, SMOOTH], ids=["noise", "smooth"])
def test_against_loops_over_all_orders_of_the_parts(maps):
    """Ratios of sums over orders, so that no map is ever multiplied with itself."""
    found = ratios(maps)
    for unit in range(2):
        loops = [slow(order) for order in itertools.permutations(maps[:, unit])]
        for name in loops[0]:
            above, below = np.sum([loop[name] for loop in loops], axis=0)
            assert found[name][unit] == pytest.approx(above / below, rel=1e-9), name


def test_the_correlation_length_against_loops_over_distances():
    for unit, x in enumerate(SMOOTH[0]):
        d = x - x.mean()
        groups = {}
        for i, j in itertools.product(SITES, repeat=2):
            groups.setdefault(round(distance(i, j), 9), []).append(d[i] * d[j])
        r = np.array(sorted(groups))
        rho = np.array([np.mean(groups[each]) for each in r]) / np.mean(d**2)
        first = np.argmax(rho < np.exp(-1))
        expected = np.interp(-np.exp(-1), -rho[[first - 1, first]], r[[first - 1, first]])
        assert ratios([SMOOTH[0]] * 4)["correlation_length"][unit] == pytest.approx(expected)


# --- symmetries and what is not defined -------------------------------------------------------------------------------


def test_pairs_and_their_complements():
    assert [set(pair) | set(other) for pair, other in zip(PAIRS, PAIRS[::-1], strict=True)] == [{0, 1, 2, 3}] * 6
    assert list(ratios(NOISE)) == list(STATISTICS)


SIGNS = np.array([1, -1, 1, 1, -1])[:, None, None]
ORDER = np.array([3, 0, 4, 2, 1])


@pytest.mark.parametrize("maps", [NOISE, SMOOTH], ids=["noise", "smooth"])
def test_signs_and_labels_of_units_do_not_matter(maps):
    """Exactly, for the values of units and for the table."""
    replicas = maps[:, None] + 0.1 * np.random.default_rng(1).normal(size=(4, 5, UNITS, L, L))
    table, values = over_units(maps, replicas, PATTERN.x, 2)
    changed, moved = over_units((SIGNS * maps)[:, ORDER], (SIGNS * replicas)[:, :, ORDER], PATTERN.x, 2)
    np.testing.assert_array_equal(moved, values[:, ORDER])
    assert changed.drop(columns=["mean", "error", "spread"]).equals(table.drop(columns=["mean", "error", "spread"]))
    for column in ("mean", "error", "spread"):
        np.testing.assert_allclose(changed[column], table[column], rtol=1e-12)  # the order of a sum over units


@pytest.mark.parametrize("place", [(2, -4), (1, 0), (3, 3)])
def test_the_place_on_the_lattice_does_not_matter(place):
    before = ratios(SMOOTH)
    after = ratios(np.roll(SMOOTH, place, axis=(2, 3)))
    for name in STATISTICS:
        np.testing.assert_allclose(after[name], before[name], rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("scale", [3.0, 1e-6, 1e6])
def test_only_contrast_and_average_have_the_scale_of_the_map(scale):
    before = ratios(SMOOTH)
    after = ratios(scale * SMOOTH)
    for name in STATISTICS:
        factor = scale if name in ("contrast", "average") else 1
        np.testing.assert_allclose(after[name], factor * before[name], rtol=1e-9, err_msg=name)


@pytest.mark.parametrize("level", [0.0, 0.1, -0.7])
def test_constant_maps_beside_others(level):
    """What is not defined is NaN, and there are no warnings, which would be errors."""
    maps = np.stack([SMOOTH[0, 0], np.full((L, L), level)])[None].repeat(4, axis=0)
    replicas = maps[:, None].repeat(5, axis=1)
    table, values = over_units(maps, replicas, PATTERN.x, 2)
    found = dict(zip(STATISTICS, values[:, 1], strict=True))
    known = {"contrast": 0, "average": abs(level)}
    radius = np.mean([distance(i, j) ** 2 for i, j in itertools.product(SITES, repeat=2)]) / 2
    if level:
        known |= {"uniformity": 1, "participation": L**2, "patch": 4 / L**2, "gyration": radius}
    assert {name: found[name] for name in known} == pytest.approx(known, abs=1e-12)
    # A map of zeros holds no block; a constant one may.
    assert all(np.isnan(found[name]) for name in set(STATISTICS) - set(known) - {"coverage"})
    assert np.isnan(found["coverage"]) == (level == 0)
    assert (table.units == np.isfinite(values).sum(axis=1)).all()
