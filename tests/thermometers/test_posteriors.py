"""Posteriors of Bayes and of |m|: by enumeration, calibrated, and what they cost in cross-entropy.

Seeds are fixed; |z| < 4 has a false-alarm rate of 6e-5 for each z.
"""

import numpy as np
import pytest
from scores import excess_probability
from thermometer_data import TEMPERATURES, L, calibration_scores, table_of

from rbmrg import exact, sampling
from rbmrg.lattice import energy
from rbmrg.thermometers import posteriors

# --- Bayes ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("temperatures", [[1.0, 2.3, 4.0], [0.0, 2.0, np.inf], [2.0]])
def test_the_posterior_by_enumeration(temperatures):
    states = exact.enumerate_states(4)
    E = energy(states)
    likelihood = np.array([np.exp(-(E + 32) / T) if T > 0 else (E == -32) * 1.0 for T in temperatures])
    likelihood /= likelihood.sum(axis=1, keepdims=True)  # over all states, at each T
    found = posteriors.bayes_posterior(E[::7], 4, temperatures)
    np.testing.assert_allclose(found, (likelihood / likelihood.sum(axis=0)).T[::7], rtol=1e-11, atol=1e-300)


def test_a_posterior_of_energies_far_from_all_temperatures_is_still_normalised():
    posterior = posteriors.bayes_posterior(np.array([200, -200]), 10, [0.01, 0.02, 0.05])
    np.testing.assert_allclose(posterior, [[0, 0, 1], np.full(3, 1 / 3)], atol=1e-15)


def test_a_configuration_that_no_temperature_allows_is_refused():
    with pytest.raises(ValueError, match="impossible at every temperature"):
        posteriors.bayes_posterior(np.array([-192]), 10, [0.0])


@pytest.mark.parametrize(("scale", "calibrated"), [(1.0, True), (1.03, False)])
def test_the_posterior_is_calibrated(held_out, scale, calibrated):
    """18 z: false alarm 1e-4.  Negative control: temperatures taken for 3 % higher."""
    spins, label = held_out
    E = energy(spins).ravel()
    posterior = posteriors.bayes_posterior(E, L, scale * np.array(TEMPERATURES))
    assert (np.abs(calibration_scores(posterior, label, E)).max() < 4.5) == calibrated


# --- |m| --------------------------------------------------------------------------------------------------------------

THREE = [1.5, 2.3, 4.0]
N4 = 100_000


@pytest.fixture(scope="module")
def exact_levels():
    """p(|M| | T) at L = 4, [class, level], by enumeration."""
    states = exact.enumerate_states(4)
    E = energy(states)
    M = np.abs(states.sum(axis=(1, 2)))
    p = np.array([np.bincount(M, np.exp(-(E + 32) / T))[::2] for T in THREE])
    return p / p.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(("scale", "agrees"), [(1.0, True), (1.02, False)])
def test_the_levels_by_enumeration(exact_levels, scale, agrees):
    """χ² of the counts, 3 P > 1e-4: false alarm 3e-4.  Negative control: temperatures 2 % higher."""
    spins = np.stack([sampling.sample(4, scale * T, N4, rng=7 + k) for k, T in enumerate(THREE)])
    table = posteriors.magnetisation_table(spins, THREE)
    np.testing.assert_allclose(table.p.sum("level"), 1)
    assert (
        min(excess_probability(N4 * p, q) for p, q in zip(table.p.values, exact_levels, strict=True)) > 1e-4
    ) == agrees


@pytest.mark.parametrize(("scale", "agrees"), [(1.0, True), (1.02, False)])
def test_the_magnetisation_posterior_by_enumeration(exact_levels, scale, agrees):
    """27 z of the posterior of each level: false alarm 2e-3.  Errors are those of counts, by the derivative of Bayes'
    rule; the pseudo-count is not in them.
    """
    spins = np.stack([sampling.sample(4, scale * T, N4, rng=17 + k) for k, T in enumerate(THREE)])
    one_of_each = np.where(np.arange(16) < np.arange(8, 17)[:, None], 1, -1).reshape(-1, 4, 4).astype(np.int8)
    found = posteriors.magnetisation_posterior(posteriors.magnetisation_table(spins, THREE), one_of_each).T
    expected = exact_levels / exact_levels.sum(axis=0)
    relative = (1 - exact_levels) / (N4 * exact_levels)  # variance of ln p
    variance = [((np.eye(3)[k][:, None] - expected) ** 2 * relative).sum(axis=0) for k in range(3)]
    z = (found / expected - 1) / np.sqrt(variance)
    assert (np.abs(z).max() < 4) == agrees


@pytest.mark.parametrize(("scale", "calibrated"), [(1.0, True), (1.05, False)])
def test_the_magnetisation_posterior_is_calibrated(held_out, scale, calibrated):
    """18 z: false alarm 1e-4.  Negative control: temperatures taken for 5 % higher than they are."""
    table = table_of([T / scale for T in TEMPERATURES], labels=TEMPERATURES)
    spins = held_out[0].reshape(-1, L, L)
    label = held_out[1]
    m = np.abs(spins.sum(axis=(1, 2)))
    posterior = posteriors.magnetisation_posterior(table, spins)
    assert (np.abs(calibration_scores(posterior, label, m)).max() < 4.5) == calibrated


def test_every_level_is_possible_and_both_signs_are_read_alike():
    frozen = np.ones((2, 50, 3, 3), np.int8)
    table = posteriors.magnetisation_table(frozen, [0.0, 0.1])
    assert table.level.values.tolist() == [1, 3, 5, 7, 9]
    assert (table.p > 0).all()
    np.testing.assert_allclose(table.p[:, :4], posteriors.PSEUDO_COUNT / 5 / (50 + posteriors.PSEUDO_COUNT))
    never_seen = np.ones((1, 3, 3), np.int8)
    never_seen[0, 0, 0] = -1
    np.testing.assert_allclose(posteriors.magnetisation_posterior(table, never_seen), 0.5)
    np.testing.assert_array_equal(*(posteriors.magnetisation_posterior(table, s * frozen[0]) for s in (1, -1)))


def test_the_table_of_another_lattice_is_refused(levels):
    with pytest.raises(ValueError, match=r"L = 4: must fit the table of \|m\|, which is for lattices of 36 spins"):
        posteriors.magnetisation_posterior(levels, np.ones((2, 4, 4), np.int8))


def test_the_pseudo_count_costs_nothing(held_out, levels, monkeypatch):
    """Held-out cross-entropy of a table of 4000 changes by less than its error from a tenth to five pseudo-counts, and
    by more if they are as many as the configurations (negative control).
    """
    spins = held_out[0].reshape(-1, L, L)
    label = held_out[1]
    loss = {}
    for count in (0.1, posteriors.PSEUDO_COUNT, 5.0, 4000.0):
        monkeypatch.setattr(posteriors, "PSEUDO_COUNT", count)
        posterior = posteriors.magnetisation_posterior(table_of(TEMPERATURES, n=4000), spins)
        loss[count], error = posteriors.cross_entropy(posterior, label)
    chosen = loss[1.0]
    assert abs(loss[0.1] - chosen) < error
    assert abs(loss[5.0] - chosen) < error
    assert loss[4000.0] - chosen > 4 * error


# --- readings ---------------------------------------------------------------------------------------------------------


def test_cross_entropy_is_the_mean_of_minus_the_logarithm():
    posterior = np.array([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1], [0.2, 0.3, 0.5]])
    mean, error = posteriors.cross_entropy(posterior, [0, 1, 1])
    terms = -np.log([0.5, 0.8, 0.3])
    assert (mean, error) == pytest.approx((terms.mean(), terms.std(ddof=1) / np.sqrt(3)))


def test_a_certain_error_is_large_but_finite():
    mean, _ = posteriors.cross_entropy(np.array([[1.0, 0.0], [1.0, 0.0]]), [1, 1])
    assert 700 < mean < 800


def test_the_most_probable_temperature():
    posterior = np.array([[0.5, 0.3, 0.2], [0.1, 0.2, 0.7]])
    assert posteriors.most_probable(posterior, [1.0, 2.0, 4.0]).tolist() == [1.0, 4.0]
