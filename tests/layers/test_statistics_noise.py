"""Statistics of maps of noise, whose expectations are exact, and whether errors of tables are the scatter of tables."""

import numpy as np
import pytest

from rbmrg import sampling
from rbmrg.layers import maps, statistics
from rbmrg.layers.statistics import STATISTICS, coverage, home, over_units, overlap
from rbmrg.stats import jackknife_error, leave_one_out, mean_error

L = 8
UNITS = 12
FACTOR = 2
BLOCK = np.zeros((L, L))
BLOCK[:FACTOR, :FACTOR] = 1


def score(values, expected):
    """The mean of independent `values` [n] less what is expected, in σ."""
    mean, error = mean_error(values)
    return (mean - expected) / error


# --- noise ------------------------------------------------------------------------------------------------------------


def orders(rng, n, pattern):
    """`n` random orders of the values of a pattern [L, L] → [n, L, L]."""
    return rng.permuted(np.tile(pattern.ravel(), (n, 1)), axis=1).reshape(n, *pattern.shape)


EXPECTED = {"moran": -1 / (L**2 - 1), "geary": 1, "momentum": 4 * L**2 / (L**2 - 1)}


@pytest.mark.parametrize("statistic", EXPECTED)
def test_values_in_random_order(statistic):
    """Exact for any values (Cliff & Ord 1973), here skew ones; |z| < 4 by chance but once in 16 000.

    Negative control: the same with one bond in 64 made more alike.
    """
    noise = orders(np.random.default_rng(1), 20_000, np.random.default_rng(2).exponential(size=(L, L)))
    assert abs(score(getattr(statistics, statistic)(noise), EXPECTED[statistic])) < 4
    noise[:, 0, 1] = noise[:, 0, 0]
    assert abs(score(getattr(statistics, statistic)(noise), EXPECTED[statistic])) > 8


@pytest.mark.parametrize("units", [4, 16, 40])
def test_blocks_thrown_at_random(units):
    """Covered are 1 − (1 − 1/B)^U of B blocks on average; |z| < 4.

    Negative control: units that shun the first block.
    """
    rng = np.random.default_rng(units)
    blocks = (L // FACTOR) ** 2
    expected = 1 - (1 - 1 / blocks) ** units

    def covered(lowest):
        thrown = rng.integers(lowest, blocks, (2000, units))
        places = FACTOR * np.stack(np.divmod(thrown, L // FACTOR), axis=-1) + rng.integers(0, FACTOR, (2000, units, 2))
        return np.array([coverage(place, L, FACTOR).mean() for place in places])

    assert abs(score(covered(0), expected)) < 4
    assert abs(score(covered(blocks // 4), expected)) > 4


def test_maps_of_noise_cover_like_blocks_thrown_at_random():
    """White noise has no place: the best translation of a block is anywhere with equal probability; |z| < 4.

    Negative control: noise on a block, which draws the units to it.
    """
    rng = np.random.default_rng(3)
    noise = rng.normal(size=(400, 16, L, L))
    blocks = (L // FACTOR) ** 2
    expected = 1 - (1 - 1 / blocks) ** 16

    def covered(x):
        return np.array([coverage(overlap(units, BLOCK)[1], L, FACTOR).mean() for units in x])

    assert abs(score(covered(noise), expected)) < 4
    assert abs(score(covered(noise + BLOCK), expected)) > 4


# --- errors of tables -------------------------------------------------------------------------------------------------

REPETITIONS = 60
BLOCKS = 20
CHOSEN = ("contrast", "best_four", "overlap")  # read where something is largest: this place may jump
SMOOTH = [name for name in STATISTICS if name not in (*CHOSEN, "coverage")]


@pytest.fixture(scope="module")
def sets():
    """Independent sets of 2000 configurations at T = 4, [REPETITIONS, 2000, L, L]."""
    return sampling.sample(L, 4.0, REPETITIONS * 2000, rng=5).reshape(REPETITIONS, 2000, L, L)


@pytest.fixture(scope="module")
def tables(sets):
    """Tables of independent sets of samples of a fixed machine each of whose units has one strong weight."""
    return [one_table(v, h) for v, h in zip(sets, units_of(sets, strength=1.0), strict=True)]


def units_of(sets, strength):
    """Yield hidden means tanh(W v) of a fixed machine with one stronger weight for each unit, for each of the sets."""
    rng = np.random.default_rng(4)
    W = 0.2 * rng.normal(size=(UNITS, L * L))
    W[np.arange(UNITS), rng.integers(0, L * L, UNITS)] += strength
    for v in sets:
        yield np.tanh(v.reshape(len(v), -1) @ W.T)


def one_table(v, h):
    means = maps.correlator_blocks(v, h, BLOCKS)
    corr, without = correlations(v.mean(axis=(1, 2)), h)
    return over_units(means.mean(axis=0), leave_one_out(means), BLOCK, FACTOR, (corr, without)).set_index("statistic")


def coverage_of(v, h):
    """(mean, error) in the row of coverage of such a table, without the others."""
    means = maps.correlator_blocks(v, h, BLOCKS)
    covered = [coverage(home(x, FACTOR), L, FACTOR).mean() for x in (means.mean(axis=0), *leave_one_out(means))]
    return covered[0], jackknife_error(np.array(covered[1:]))


def correlations(m, h):
    """corr(h_a, m) of all samples and without each block: from moments."""
    moments = np.stack([np.broadcast_to(x, h.T.shape) for x in (m, h.T, m * m, h.T**2, m * h.T)])
    parts = moments.reshape(5, UNITS, BLOCKS, -1).mean(axis=-1).transpose(2, 0, 1)
    m, h, mm, hh, mh = np.concatenate([parts.mean(axis=0)[None], leave_one_out(parts)]).transpose(1, 0, 2)
    corr = (mh - m * h) / np.sqrt((mm - m**2) * (hh - h**2))
    return corr[0], corr[1:]


def ratio(means, errors):
    """(error / scatter of the means, how far it is from 1 in σ) of a statistic with its `means` and `errors` [sets]."""
    squares = (means - means.mean()) ** 2 * len(means) / (len(means) - 1)
    relative = [mean_error(s)[1] / s.mean() for s in (squares, errors**2)]
    log = np.log(np.mean(errors**2) / squares.mean())
    return np.exp(log / 2), log / np.hypot(*relative)


def column(found, name, statistic):
    """A column of a statistic in the tables `found`, [tables]."""
    return np.array([table[name][statistic] for table in found])


@pytest.mark.parametrize("statistic", SMOOTH)
def test_errors_are_the_scatter_of_tables(tables, statistic):
    """|z| < 4 for the ratio, known to 10 %; found 0.89 to 1.10.  Negative control: the scatter of units, 2.8 to 6."""
    means, errors, spreads = (column(tables, name, statistic) for name in ("mean", "error", "spread"))
    assert abs(ratio(means, errors)[1]) < 4
    assert ratio(means, spreads / np.sqrt(UNITS))[1] > 4


@pytest.mark.parametrize("statistic", CHOSEN)
def test_errors_of_what_is_largest_are_not_too_small(tables, statistic):
    """z > −4, and less than twice too large (found: contrast 1.7, overlap 1.3); negative control: a third of it."""
    means, errors = (column(tables, name, statistic) for name in ("mean", "error"))
    value, z = ratio(means, errors)
    assert z > -4
    assert value < 2
    assert ratio(means, errors / 3)[1] < -4


def test_the_jackknife_is_too_large_for_a_count(sets):
    """Coverage jumps where homes are not clear: its error is a bound from above.  A known flaw, kept in sight."""
    units = [*units_of(sets, strength=0.0)]
    means, errors = np.array([coverage_of(v, h) for v, h in zip(sets, units, strict=True)]).T
    assert one_table(sets[0], units[0]).loc["coverage", ["mean", "error"]].tolist() == [means[0], errors[0]]
    assert 1.2 < ratio(means, errors)[0] < 4
