"""What is learned from and what is tested on never meet."""

import numpy as np
import pytest

from rbmrg import datasets


@pytest.mark.parametrize("n", [1, 4, 5, 9, 10, 20_003])
def test_the_two_parts_are_disjoint_and_make_up_the_whole(n):
    data = np.arange(n)
    training, held_out = datasets.training_part(data), datasets.held_out_part(data)
    np.testing.assert_array_equal(np.concatenate([training, held_out]), data)
    assert len(held_out) == n // 5


def test_the_parts_are_of_configurations():
    spins = np.arange(10 * 4).reshape(10, 2, 2)
    np.testing.assert_array_equal(datasets.training_part(spins), spins[:8])
    np.testing.assert_array_equal(datasets.held_out_part(spins), spins[8:])


def test_a_mixture_has_equally_many_of_each_part():
    parts = [np.full((n, 3, 3), n) for n in (7, 4, 9)]
    mixed = datasets.mixture(parts)
    assert mixed.shape == (12, 3, 3)
    assert [(int(k), int((mixed[:, 0, 0] == k).sum())) for k in np.unique(mixed)] == [(4, 4), (7, 4), (9, 4)]


def test_a_mixture_of_one_is_itself():
    part = np.random.default_rng(1).normal(size=(5, 2, 2))
    np.testing.assert_array_equal(datasets.mixture([part]), part)


def test_mixtures_of_the_two_parts_do_not_meet_either():
    """Of samples of different lengths: no held-out configuration of any part is in the mixture trained on."""
    samples = [np.arange(n) + 1000 * n for n in (50, 37, 44)]
    training = datasets.mixture([datasets.training_part(s) for s in samples])
    held_out = datasets.mixture([datasets.held_out_part(s) for s in samples])
    assert not set(training) & set(held_out)
    assert (len(training), len(held_out)) == (3 * 30, 3 * 7)
