"""The door to the samplers: the choice of algorithm, shapes, seeds and complaints."""

import numba
import numpy as np
import pytest

from rbmrg import sampling


@pytest.mark.parametrize("algorithm", sampling.ALGORITHMS)
@pytest.mark.parametrize(("L", "T", "n"), [(2, 0.0, 1), (6, 2.3, 7), (12, np.inf, 3), (4, 1e-320, 2)])
def test_every_algorithm_gives_spins_of_the_promised_shape_that_follow_from_the_seed(algorithm, L, T, n):
    spins = sampling.sample(L, T, n, 1, algorithm)
    assert spins.shape == (n, L, L)
    assert spins.dtype == np.int8
    assert spins.flags.c_contiguous
    assert np.all(np.abs(spins) == 1)
    np.testing.assert_array_equal(spins, sampling.sample(L, T, n, np.random.default_rng(1), algorithm))


def test_successive_calls_with_one_generator_differ():
    rng = np.random.default_rng(1)
    assert np.any(sampling.sample(10, 2.3, 5, rng) != sampling.sample(10, 2.3, 5, rng))


def test_auto_is_the_algorithm_that_choose_names():
    chosen = [sampling.choose(L, 2.3) for L in (2, 12, 13, 14, 126, 128)]
    assert chosen == ["transfer"] * 2 + ["swendsen-wang"] + ["multispin"] * 2 + ["swendsen-wang"]
    for L in (12, 13, 14):
        chosen = sampling.sample(L, 2.3, 3, 1, sampling.choose(L, 2.3))
        np.testing.assert_array_equal(sampling.sample(L, 2.3, 3, 1), chosen)


def test_numpy_scalars_are_numbers():
    spins = sampling.sample(np.int64(4), np.float32(2.5), np.int32(3), 1)
    np.testing.assert_array_equal(spins, sampling.sample(4, 2.5, 3, 1))


@pytest.mark.parametrize("module", [sampling.transfer, sampling.multispin, sampling.cluster])
def test_kernels_are_compiled_for_one_signature(module):
    for algorithm, L in [("transfer", 5), ("transfer", 10), ("multispin", 4), ("multispin", 32), ("swendsen-wang", 5)]:
        sampling.sample(np.int64(L), np.float32(2.5), np.int32(3), 1, algorithm)
        sampling.sample(L, 0, 2000, np.random.default_rng(1), algorithm)
    kernels = [value for value in vars(module).values() if isinstance(value, numba.core.dispatcher.Dispatcher)]
    assert kernels
    assert [kernel.py_func.__name__ for kernel in kernels if len(kernel.signatures) > 1] == []


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((1, 2.0, 5), "L = 1: must be an integer ≥ 2"),
        ((10.0, 2.0, 5), "L = 10.0: must be"),
        ((10, -0.1, 5), "T = -0.1: must be a number ≥ 0"),
        ((10, np.nan, 5), "T = nan: must be"),
        ((10, "2.3", 5), "T = '2.3': must be"),
        ((10, 2.0, 0), "n = 0: must be an integer ≥ 1"),
        ((10, 2.0, 1e4), "n = 10000.0: must be"),
        ((10, 2.0, 5, 1, "glauber"), "algorithm = 'glauber': must be one of 'transfer', 'multispin'"),
        (
            (13, 2.0, 5, 1, "transfer"),
            "L = 13 with algorithm 'transfer': must be ≤ 12, or use 'multispin', 'swendsen-wang'",
        ),
        (
            (5, 2.0, 5, 1, "multispin"),
            "L = 5 with algorithm 'multispin': must be even, or use 'transfer', 'swendsen-wang'",
        ),
    ],
)
def test_a_wrong_argument_is_named_with_its_value_and_what_is_allowed(arguments, complaint):
    with pytest.raises(ValueError) as error:
        sampling.sample(*(arguments if len(arguments) > 3 else (*arguments, 1)))
    assert complaint in str(error.value)
    assert ";" not in str(error.value)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(ValueError, match=r"L = 1: .*; T = -1: .*; n = 0: .*; algorithm = 'metropolis': "):
        sampling.sample(1, -1, 0, 1, "metropolis")
