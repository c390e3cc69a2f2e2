"""What is learned from and what is tested on never meet."""

import numpy as np
import pytest

from rbmrg import sampling, splits
from rbmrg.machines import controls


@pytest.mark.parametrize("n", [1, 4, 5, 9, 10, 20_003])
def test_the_two_parts_are_disjoint_and_make_up_the_whole(n):
    data = np.arange(n)
    training = splits.training_part(data)
    held_out = splits.held_out_part(data)
    np.testing.assert_array_equal(np.concatenate([training, held_out]), data)
    assert len(held_out) == n // 5


def test_the_parts_are_of_configurations():
    spins = np.arange(10 * 4).reshape(10, 2, 2)
    np.testing.assert_array_equal(splits.training_part(spins), spins[:8])
    np.testing.assert_array_equal(splits.held_out_part(spins), spins[8:])


def test_a_mixture_has_equally_many_of_each_part():
    parts = [np.full((n, 3, 3), float(n)) for n in (7, 4, 9)]
    mixed = splits.mixture(parts)
    assert mixed.shape == (12, 3, 3)
    assert [(int(k), int((mixed[:, 0, 0] == k).sum())) for k in np.unique(mixed)] == [(4, 4), (7, 4), (9, 4)]


def test_a_mixture_of_one_is_itself():
    part = np.random.default_rng(1).normal(size=(5, 2, 2))
    np.testing.assert_array_equal(splits.mixture([part]), part)


def test_mixtures_of_the_two_parts_do_not_meet_either():
    """Of samples of different lengths: no held-out configuration of any part is in the mixture trained on."""
    samples = [(np.arange(n) + 1000.0 * n).reshape(n, 1, 1) for n in (50, 37, 44)]
    training = splits.mixture([splits.training_part(s) for s in samples])
    held_out = splits.mixture([splits.held_out_part(s) for s in samples])
    assert not set(training.flat) & set(held_out.flat)
    assert (len(training), len(held_out)) == (3 * 30, 3 * 7)


@pytest.fixture(scope="module")
def cold():
    """Nearly ordered configurations of both signs, neighbours correlated within them."""
    return sampling.sample(6, 2.0, 20_000, rng=1)


def two_point(spins):
    """⟨s s'⟩ of neighbours and of sites (3, 3) apart."""
    return np.mean(spins * np.roll(spins, 1, axis=-1)), np.mean(spins * np.roll(spins, (3, 3), axis=(-2, -1)))


def test_permuted_sites_keep_everything_and_can_be_put_back(cold):
    rng = np.random.default_rng(2)
    permutation = controls.permutation(6, rng)
    permuted = controls.rearranged(cold, "permuted", permutation, rng)
    assert permuted.shape == cold.shape
    back = permuted.reshape(-1, 36)[:, np.argsort(permutation)].reshape(cold.shape)
    np.testing.assert_array_equal(back, cold)
    assert np.any(permuted != cold)


def test_shuffled_configurations_keep_their_magnetisation_and_lose_their_distances(cold):
    """⟨s s'⟩ of any two sites becomes (N⟨m²⟩ − 1)/(N − 1), |z| < 4; negative control: the lattice's do not."""
    shuffled = controls.rearranged(cold, "shuffled", None, np.random.default_rng(3))
    np.testing.assert_array_equal(shuffled.sum(axis=(1, 2)), cold.sum(axis=(1, 2)))
    expected = (36 * (cold.mean(axis=(1, 2)) ** 2).mean() - 1) / 35
    bound = 4 / np.sqrt(36 * len(cold))  # at most, the products being ±1, given the magnetisations
    assert np.abs(np.array(two_point(shuffled)) - expected).max() < bound
    assert np.abs(np.array(two_point(cold)) - expected).min() > 2 * bound


def test_independent_spins_have_the_magnetisation_of_their_configuration(cold):
    """⟨s s'⟩ of any two sites is ⟨m²⟩ of the configurations, and the mean follows theirs."""
    independent = controls.rearranged(cold, "independent", None, np.random.default_rng(4))
    assert independent.dtype == np.int8
    m = cold.mean(axis=(1, 2))
    deviation = independent.mean(axis=(1, 2)) - m
    assert abs(deviation.mean()) < 4 * deviation.std() / np.sqrt(len(m))
    assert np.mean(deviation**2) == pytest.approx(np.mean(1 - m**2) / 36, rel=0.05)
    assert np.abs(np.array(two_point(independent)) - np.mean(m**2)).max() < 4 / np.sqrt(36 * len(cold))


def test_the_lattice_is_left_as_it_is(cold):
    np.testing.assert_array_equal(controls.rearranged(cold, "lattice", None, None), cold)
