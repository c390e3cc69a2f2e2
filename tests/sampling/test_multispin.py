"""Multi-spin Metropolis: its random bits, rare states, replicas, wrong acceptances.  See test_samplers.py.

Seeds are fixed.  Two-sided χ² tests pass for 1e-3 < P(χ² > found) < 1 − 1e-3, false alarm 2e-3 each; |z| < 4: 6e-5.
"""

import numpy as np
import pytest
from scipy import stats
from scores import energy_scores, lagged

from rbmrg import exact
from rbmrg.lattice import energy, magnetisation
from rbmrg.sampling import multispin


def half_and(four, eight):
    """An `Acceptance` of 1/2 for ΔE ≤ 0 and of these probabilities for ΔE = 4 and 8."""
    return multispin.Acceptance(np.uint64(0), *multispin.digits(four), *multispin.digits(eight))


def emissions(L, T, n, rng, thin=None):
    """Energies and m², each [n/R, R], of ≥ n configurations, one row a batch of R replicas: it is all that is kept."""
    source = multispin.emissions(L, T, rng, thin)
    rows = []
    done = 0
    while done < n:
        spins = next(source)
        rows.append((energy(spins), magnetisation(spins) ** 2))
        done += len(spins)
    return np.transpose(rows, (1, 0, 2))


def word_probability(energies, T, L):
    """Test of the variance of the sum of the energies of 64 replicas of a word: 64 times Kaufman's if independent."""
    deviation = energies.reshape(-1, 64) - L**2 * exact.energy_per_spin(L, T)
    sums = deviation.sum(axis=1) / np.sqrt(64 * T**2 * L**2 * exact.specific_heat(L, T))
    return stats.chi2.sf(np.sum(sums**2), sums.size)


def overlap_score(spins):
    """Σ_i s_i s'_i squared of neighbouring bits of a word, less that of different words, in σ; spins [R, L, L]."""
    spins = spins.reshape(-1, 64, spins[0].size).astype(float)
    neighbours = np.mean(spins[:, 0::2] * spins[:, 1::2], axis=-1) ** 2
    strangers = np.mean(spins[:, 0::2] * np.roll(spins, 1, axis=0)[:, 1::2], axis=-1) ** 2
    return stats.ttest_ind(neighbours.ravel(), strangers.ravel()).statistic


# --- random bits ----------------------------------------------------------------------------------


def generators(rng):
    """A `lanes` and a `clock` array."""
    rng = np.random.default_rng(rng)
    return rng.integers(2**64, size=6 * multispin.LANES, dtype=np.uint64), np.array([1, rng.integers(2**63)], np.uint64)


def mask_scores(four, eight, bits, rng):
    """By mask: frequency of set bits, and of pairs of them next to each other in word, row, time, as σ from p and p².

    Where fewer than 30 are expected the σ are given as 0.
    """
    acceptance = half_and(four, eight)
    due = np.zeros(2, np.int64)
    lanes, clock = generators(rng)
    multispin.draw_masks(lanes, clock, due, acceptance)  # not counted: from here on `due` is as random as ever
    draws = bits // (64 * multispin.LANES)
    counts = np.zeros((2, 4))
    masks = np.empty((100, 2, multispin.LANES), np.uint64)
    last = np.zeros((1, 2, multispin.LANES), np.uint64)
    for first in range(0, draws, len(masks)):
        masks = masks[: draws - first]
        for now in masks:
            multispin.draw_masks(lanes, clock, due, acceptance)
            now[:] = lanes[multispin.FOUR :].reshape(2, -1)
        before = np.concatenate([last, masks[:-1]])
        pairs = [masks, masks & (masks << np.uint64(1)), masks[..., 1:] & masks[..., :-1], masks & before]
        counts += np.array([np.bitwise_count(pair).sum(axis=(0, 2)) for pair in pairs]).T
        last = masks[-1:].copy()
    p = np.array([four, eight])[:, None] ** [1, 2, 2, 2]
    trials = 64 * multispin.LANES * draws * np.array([1, 63 / 64, 1 - 1 / multispin.LANES, 1 - 1 / draws])
    variance = p * (1 - p) + [0, 2, 2, 2] * (np.sqrt(p) * p - p**2)  # pairs overlap: each shares a bit with two others
    excess = counts - trials * p
    often = trials * p > 30
    return np.divide(excess, np.sqrt(trials * variance), out=np.zeros_like(excess), where=often)


def test_random_words_are_those_of_numpys_sfc64():
    lanes, clock = generators(1)
    reference = []
    for state in lanes[: 3 * multispin.LANES].reshape(3, -1).T:
        generator = np.random.SFC64(0)
        generator.state = generator.state | {"state": {"state": np.append(state, clock[0])}}
        reference.append(generator.random_raw(3 * multispin.BITS)[multispin.BITS - 1 :: multispin.BITS])
    for words in np.transpose(reference):
        multispin.draw_masks(lanes, clock, np.full(2, 2**62), half_and(0.0, 0.0))
        np.testing.assert_array_equal(lanes[multispin.FREE : multispin.FOUR], words)


@pytest.mark.parametrize(
    ("four", "eight", "bits"),
    [
        (np.exp(-4 / exact.TC), np.exp(-8 / exact.TC), 10**9),
        (0.999, 0.5, 10**8),
        (1e-4, 1e-6, 10**8),
        (1 / 3, 0, 10**8),
    ],
)
def test_bits_of_masks_have_their_probability_and_are_independent(four, eight, bits):
    assert np.abs(mask_scores(four, eight, bits, rng=2)).max() < 4


def test_frequency_notices_a_mask_of_twelve_bits(monkeypatch):
    right = multispin.digits
    monkeypatch.setattr(multispin, "digits", lambda p: (right(p)[0], -np.inf))
    assert np.abs(mask_scores(np.exp(-4 / 2.5), np.exp(-8 / 2.5), 10**8, rng=2)[:, 0]).min() > 4


@pytest.mark.parametrize("T", [0.3, 2.0, exact.TC, 6.9, 50.0])
@pytest.mark.parametrize("q", [1.0, 0.5])
def test_digits_and_rare_bits_together_are_the_acceptance_to_2_to_the_minus_50(T, q):
    always, *tables = multispin.acceptance(T, q)
    assert always == (2**64 - 1 if q == 1 else 0)
    for (J, scale), dE in zip((tables[:2], tables[2:]), (4, 8), strict=True):
        p = -np.expm1(np.log1p(-float(J) / 2**multispin.BITS) + 1 / scale)
        assert p == pytest.approx(q * np.exp(-dE / T), rel=0, abs=2**-50)
        assert p - J / 2**multispin.BITS < 2.0**-multispin.BITS


# --- distributions --------------------------------------------------------------------------------


def alternating(n, rng):
    """How many of n configurations at L = 4, T = 5 have rows or columns of alternating sign; how many should."""
    L = 4
    T = 5.0
    spins = multispin.sampler(L, T, rng)(n)
    along = [np.roll(spins, -1, axis) * spins for axis in (1, 2)]
    found = [np.all((first == -1) & (second == 1), axis=(1, 2)).sum() for first, second in (along, along[::-1])]
    return sum(found), 4 * n * np.exp(-exact.log_partition(L, T))


def test_states_without_a_change_of_energy_anywhere_come_out():
    found, expected = alternating(4 * 10**6, rng=1)
    assert expected > 50
    assert abs(found - expected) < 4 * np.sqrt(expected)


def test_they_do_not_if_no_sweep_is_lazy(monkeypatch):
    right = multispin.acceptance
    monkeypatch.setattr(multispin, "acceptance", lambda T, q: right(T, 1.0))
    assert alternating(4 * 10**6, rng=1)[0] == 0


@pytest.mark.parametrize("T", [2.0, 2.5, 4.0, pytest.param(exact.TC, marks=pytest.mark.long)])
def test_energy_its_variance_and_independence_at_L_32(T):
    energies, squares = emissions(32, T, 100_000, rng=3)
    assert np.abs(energy_scores(energies, 32, T)).max() < 4
    assert np.abs([lagged(energies), lagged(squares)]).max() < 4
    assert 1e-3 < word_probability(energies, T, 32) < 1 - 1e-3


@pytest.mark.long
@pytest.mark.parametrize(("L", "n"), [(32, 400_000), (64, 50_000)])
@pytest.mark.parametrize("T", [2.0, exact.TC, 2.5, 4.0])
def test_energy_its_variance_and_independence_of_many(L, T, n):
    # The sums by word at L = 64, T = 2 have P = 0.0011; 30 other seeds together have 0.71 (Fisher): it was chance.
    energies, squares = emissions(L, T, n, rng=4)
    assert np.abs(energy_scores(energies, L, T)).max() < 4
    assert np.abs([lagged(energies), lagged(squares)]).max() < 4
    assert 1e-3 < word_probability(energies, T, L) < 1 - 1e-3


def test_energy_notices_masks_of_twelve_bits(monkeypatch):
    right = multispin.digits
    monkeypatch.setattr(multispin, "digits", lambda p: (right(p)[0], -np.inf))
    assert np.abs(energy_scores(emissions(32, 2.5, 100_000, rng=3)[0], 32, 2.5)).max() > 8


def test_energy_notices_an_acceptance_wrong_by_one_percent(monkeypatch):
    right = multispin.digits
    monkeypatch.setattr(multispin, "digits", lambda p: right(1.01 * p))
    assert np.abs(energy_scores(emissions(32, 2.5, 30_000, rng=3)[0], 32, 2.5)).max() > 20


def test_independence_notices_a_thinning_of_two_autocorrelation_times():
    assert min(map(lagged, emissions(32, 2.5, 50_000, rng=3, thin=21))) > 4


def test_lattices_wider_than_the_generators_are_updated_in_parts():
    energies, _ = emissions(258, 4.0, 256, rng=7, thin=20)
    assert np.abs(energy_scores(energies, 258, 4.0)).max() < 4


# --- replicas -------------------------------------------------------------------------------------


def test_replicas_in_a_word_are_uncorrelated():
    T = 2.5
    source = multispin.emissions(10, 2.5, rng=11)
    spins = np.concatenate([next(source).copy() for _ in range(40)])
    assert 1e-3 < word_probability(energy(spins), T, 10) < 1 - 1e-3
    assert abs(overlap_score(spins)) < 4


def test_they_are_correlated_by_a_shared_random_number():
    T = 2.5
    spins = with_shared_random_numbers(10, 2.5, words=20, sweeps=200, rng=12)
    assert word_probability(energy(spins), T, 10) < 1e-10
    assert overlap_score(spins) > 20


def with_shared_random_numbers(L, T, words, sweeps, rng):
    """The same update, but all replicas of a word use the random number of its first one; int8 [64 words, L, L]."""
    rng = np.random.default_rng(rng)
    width = L // 2 * words
    spins = rng.integers(2**64, size=(2, L, L // 2, words), dtype=np.uint64)
    lanes = np.zeros(6 * multispin.LANES, np.uint64)
    ones = np.uint64(2**64 - 1)
    for _ in range(sweeps):
        for colour in range(2):
            for y in range(L):
                uniform = rng.random(width)
                for mask, p in zip(
                    (multispin.FREE, multispin.FOUR, multispin.EIGHT),
                    (0.9, 0.9 * np.exp(-4 / T), 0.9 * np.exp(-8 / T)),
                    strict=True,
                ):
                    lanes[mask : mask + width] = np.where(uniform < p, ones, 0)
                other = spins[1 - colour]
                near = np.roll(spins[1 - colour, y], -1 if (y + colour) & 1 else 1, axis=0)
                rows = spins[colour, y], other[y - 1], other[(y + 1) % L], other[y], near
                multispin.flip(*(row.reshape(width) for row in rows), lanes)
    haloed = np.concatenate([spins[:, :, -1:], spins, spins[:, :, :1]], axis=2).reshape(2, L, -1)
    batch = np.empty((64 * words, L, L), np.int8)
    multispin.unpack(haloed, words, np.array([1, rng.integers(2**63)], np.uint64), batch)
    return batch


def test_every_configuration_is_flipped_by_a_coin_of_its_own():
    source = multispin.emissions(32, 1.5, rng=13)
    signs = np.array([np.sign(magnetisation(next(source))) for _ in range(50)])
    assert abs(signs.sum()) < 4 * np.sqrt(signs.size)
    assert abs(lagged(signs)) < 4
    assert abs(lagged(signs.T)) < 4
