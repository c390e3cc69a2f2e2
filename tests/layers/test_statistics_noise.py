"""Statistics of maps free of noise: against the number of samples and exact values, and their errors as scatter."""

import numpy as np
import pandas as pd
import pytest

from rbmrg import exact, rbm, rg, sampling
from rbmrg.layers.assessment import assess
from rbmrg.layers.maps import correlator_blocks, in_parts, jackknife_of_parts, receptive_fields
from rbmrg.layers.statistics import STATISTICS, Pattern, measure, part
from rbmrg.layers.statistics_tables import over_units
from rbmrg.rg.machine import Layer
from rbmrg.stats import mean_error

L = 8
BLOCK = np.zeros((L, L))
BLOCK[:2, :2] = 1
CHOSEN = ("contrast", "patch", "overlap", "coverage")  # whose place may be chosen wrongly


def patchy(L, scale=0.03):
    """A machine whose units see a block each, and all other spins a little."""
    rng = np.random.default_rng(3)
    blocks = [np.roll(np.pad(np.full((2, 2), 0.25), (0, L - 2)), (y, x), (0, 1)) for y, x in np.ndindex(L, L)]
    even = np.array(blocks).reshape(L, L, -1)[::2, ::2].reshape(-1, L * L).T
    return rbm.RBM(even + scale * rng.normal(size=even.shape), np.zeros(len(even)), np.zeros(even.shape[1]))


def untrained(L):
    """A machine with weights of noise."""
    return rbm.RBM(0.05 * np.random.default_rng(4).normal(size=(L * L, (L // 2) ** 2)), np.zeros(L * L), np.zeros(16))


SOURCES = {"majority": rg.RULES["majority"], "patchy": Layer(patchy(L)), "untrained": Layer(untrained(L))}
FIELD = ["uniformity", "moran", "correlation_length", "participation", "gyration", "patch", "overlap", "coverage"]


# --- noise whose expectation is exact ---------------------------------------------------------------------------------


def score(values, expected):
    """The mean of independent `values` [n] less what is expected, in σ."""
    mean, error = mean_error(values)
    return (mean - expected) / error


def test_products_of_parts_have_the_value_without_noise():
    """Numerators and denominators of 4000 units with noise as large as the map; |z| < 4 in each of 16.

    Negative control: the square of one map.
    """
    rng = np.random.default_rng(1)
    signal = rng.normal(0.5, 1, (1, L, L)) + 3 * BLOCK
    noisy = signal + rng.normal(size=(4, 4000, L, L))
    single = np.repeat(noisy.mean(axis=0)[None], 4, axis=0)
    pattern = Pattern(BLOCK, 2)
    exactly, found, squared = (
        measure([part(np.broadcast_to(x, (n, L, L)), pattern) for x in parts], pattern)
        for n, parts in ((1, [signal] * 4), (4000, noisy), (4000, single))
    )
    smooth = ("average", "uniformity", "moran", "participation", "gyration")
    for name in smooth:
        for k in (0, 1):
            if np.ptp(found[name][k]) > 0:
                assert abs(score(found[name][k], exactly[name][k][0])) < 4, name
        if name != "average":
            assert abs(score(squared[name][1], exactly[name][1][0])) > 8, name


def test_values_in_random_order_have_the_expected_morans_i():
    """−1/(N − 1) exactly for any values (Cliff & Ord 1973), here skew ones; |z| < 4.

    Negative control: one bond in 64 made more alike.
    """
    rng = np.random.default_rng(1)
    values = np.tile(np.random.default_rng(2).exponential(size=L * L), (20_000, 1))
    maps = rng.permuted(values, axis=1).reshape(-1, L, L)

    def moran(maps):
        pattern = Pattern(BLOCK, 2)
        above, below = measure([part(maps, pattern)] * 4, pattern)["moran"]
        return above / below

    assert abs(score(moran(maps), -1 / (L**2 - 1))) < 4
    maps[:, 0, 1] = maps[:, 0, 0]
    assert abs(score(moran(maps), -1 / (L**2 - 1))) > 8


# --- against the number of samples ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def many():
    return sampling.sample(L, exact.TC, 80_000, rng=7)


def fields(spins, layer, factor=2):
    """(parts of the receptive fields, their replicas, the pattern of a block)."""
    pairs = correlator_blocks(spins, rg.coarse_grain(spins, layer, None))
    block = np.zeros(spins.shape[1:])
    block[:factor, :factor] = 1
    return *receptive_fields(spins, pairs), block


def fields_table(spins, layer, factor=2):
    """Means and errors of the statistics of fields."""
    table, _ = over_units(*fields(spins, layer, factor), factor)
    return table.set_index("statistic")


def fields_means(spins, layer, factor=2):
    """Means over all units (products of parts, squares of the mean field), without the errors: [2, statistics]."""
    parts, _, block = fields(spins, layer, factor)
    pattern = Pattern(block, factor)
    found = [part(x, pattern) for x in parts], [part(parts.mean(axis=0), pattern)] * 4
    return [[np.mean(above / below) for above, below in measure(four, pattern).values()] for four in found]


def few_and_many(spins, layer, size):
    """z of the mean over sets of `size` less the value of the whole: (products of parts, squares of the mean field)."""
    sets = [fields_means(each, layer) for each in spins.reshape(-1, size, *spins.shape[1:])]
    whole = fields_table(spins, layer)
    mean, error = mean_error(np.array(sets))
    z = (mean - whole["mean"].to_numpy()) / np.hypot(error, whole.error.to_numpy())
    return [pd.Series(row, whole.index) for row in z]


@pytest.mark.parametrize("source", SOURCES)
def test_means_do_not_depend_on_the_number_of_samples(many, source):
    """16 sets of 5000 against 80 000: |z| < 4.5 for 10 statistics, t15: 4e-4 each.

    A place that is chosen wrongly lowers the values of units that have none: those of an untrained machine are left out
    and have a test of their own.  Negative control: squares of the mean of all parts, for the rule that is not nearly
    linear, whose fields have most noise.
    """
    z, single = few_and_many(many, SOURCES[source], 5000)
    names = [name for name in STATISTICS if source != "untrained" or name not in CHOSEN]
    assert z[names].abs().max() < 4.5, z
    if source == "majority":
        assert single[names].abs().max() > 8, single


def test_a_wrong_place_costs_little(many):
    """Of a machine without any patch, from 5000 samples: at most 0.01 of a scale that ends at 1."""
    few, whole = (fields_table(spins, SOURCES["untrained"])["mean"] for spins in (many[:5000], many))
    for name in ("patch", "overlap", "coverage"):
        assert 0 <= whole[name] - few[name] + 0.002 < 0.01


@pytest.mark.long
@pytest.mark.parametrize("source", ["majority", "patchy"])
def test_means_do_not_depend_on_the_number_of_samples_at_L_32(source):
    """Four sets of 20 000, the fewest that a part has replicas for with a margin, against 80 000; |z| < 6 with t3."""
    spins = sampling.sample(32, exact.TC, 80_000, rng=8)
    layer = {"majority": rg.RULES["majority"], "patchy": Layer(patchy(32, 0.01))}[source]
    z, single = few_and_many(spins, layer, 20_000)
    assert z.abs().max() < 6, z
    assert single.abs().max() > 20, single


@pytest.mark.long
@pytest.mark.parametrize(("rule", "steps"), [("average", 1), ("majority", 1), ("average", 2)])
def test_known_values_at_L_32(rule, steps):
    """From 20 000 samples: mass on its own block at least .99, and Moran's I of the field of a block of b × b sites.

    That is (1 − 1/b − q) / (1 − q) with q = b²/N, for the average; the field of the majority is not a block exactly.
    """
    spins = sampling.sample(32, exact.TC, 20_000, rng=6)
    factor = 2**steps
    measured, table = assess(spins, [rg.RULES[rule]] * steps, 7, 2, True)[-1]
    found = table[table.of == "field"].set_index("statistic")
    assert found["mean"]["patch"] > 0.99
    own = [np.roll(f, (-factor * y, -factor * x), (0, 1)) for f, (y, x) in zip(
        measured.field.values, np.ndindex(32 // factor, 32 // factor), strict=True
    )]  # fmt: skip
    assert (np.square(own)[:, :factor, :factor].sum(axis=(1, 2)) / np.square(own).sum(axis=(1, 2))).min() > 0.6
    q = factor**2 / 32**2
    if rule == "average":
        assert found["mean"]["moran"] == pytest.approx((1 - 1 / factor - q) / (1 - q), abs=2e-3)
    assert abs(found["mean"]["moran"] - (1 - 1 / factor - q) / (1 - q)) < 0.03


# --- errors -----------------------------------------------------------------------------------------------------------


def ratio(means, errors):
    """(error / scatter of the means, how far it is from 1 in σ) of a statistic with its `means` and `errors` [sets]."""
    squares = (means - means.mean()) ** 2 * len(means) / (len(means) - 1)
    relative = [mean_error(s)[1] / s.mean() for s in (squares, errors**2)]
    log = np.log(np.mean(errors**2) / squares.mean())
    return np.exp(log / 2), log / np.hypot(*relative)


def means_and_errors(tables):
    """[sets, statistics] each."""
    return [np.array([table[column] for table in tables]) for column in ("mean", "error")]


def test_errors_are_the_scatter_of_tables(many):
    """40 sets of 1280, with as many samples a spin as the default study has at L = 32: |z| < 4; 1/3 of them fails."""
    tables = [fields_table(each, SOURCES["patchy"]) for each in many[: 40 * 1280].reshape(-1, 1280, L, L)]
    means, errors = means_and_errors([table.loc[FIELD] for table in tables])
    for k, name in enumerate(FIELD):
        assert abs(ratio(means[:, k], errors[:, k])[1]) < 4, name
        assert ratio(means[:, k], errors[:, k] / 3)[1] < -4, name


@pytest.mark.long
@pytest.mark.parametrize(("source", "of"), [("patchy", "field"), ("untrained", "field"), ("majority", "map")])
def test_intervals_hold_the_mean_as_often_as_they_say(source, of):
    """200 sets of 1280: 68 per cent of 1 σ and 95 per cent of 1.96 σ, within 4 binomial σ of 13 and 6 per cent.

    The error of `contrast` of fields is known to be too large; no verdict rests on it.
    """
    spins = sampling.sample(L, exact.TC, 200 * 1280, rng=9).reshape(200, 1280, L, L)
    tables = [assess(each, [SOURCES[source]], 1, 2, False)[0][1].set_index(["of", "statistic"]) for each in spins]
    means, errors = means_and_errors([table.loc[of] for table in tables])
    z = np.abs(means - means.mean(axis=0)) / errors
    for k, name in enumerate(STATISTICS):
        low, high = (z[:, k] < 1).mean(), (z[:, k] < 1.96).mean()
        assert low > 0.68 - 0.13, name
        assert high > 0.95 - 0.06, name
        assert low < 0.68 + 0.13 or name == "contrast", name


def test_the_jackknife_error_is_that_of_linear_functions():
    """Of the mean of a map: exactly the standard error of block means, within each part."""
    blocks = np.random.default_rng(2).normal(3, 1, (20, 5, L, L))
    table, _ = over_units(*in_parts(blocks), BLOCK, 2)
    parts, replicas = in_parts(blocks.mean(axis=(1, 2, 3)))
    moved = [[(parts.sum() - parts[p] + each) / 4 for each in replicas[p]] for p in range(4)]
    assert table.set_index("statistic").error["average"] == pytest.approx(jackknife_of_parts(np.array(moved)))
