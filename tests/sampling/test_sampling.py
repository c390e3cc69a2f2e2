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
    chosen = [sampling.choose(L, 2.3) for L in (2, 12, 13, 14, 64, 128)]
    assert chosen == ["transfer"] * 2 + ["wolff"] + ["multispin"] * 2 + ["wolff"]
    assert {sampling.choose(1024, T) for T in (0.0, 1.5, 2.0, 2.6, 20.0, np.inf)} == {"multispin"}
    for L in (12, 13, 14):
        chosen = sampling.sample(L, 2.3, 3, 1, sampling.choose(L, 2.3))
        np.testing.assert_array_equal(sampling.sample(L, 2.3, 3, 1), chosen)


def test_numpy_scalars_are_numbers():
    spins = sampling.sample(np.int64(4), np.float32(2.5), np.int32(3), 1)
    np.testing.assert_array_equal(spins, sampling.sample(4, 2.5, 3, 1))


@pytest.mark.parametrize("algorithm", [name for name in sampling.ALGORITHMS if name != "hybrid"])  # it has none
def test_kernels_are_compiled_for_one_signature(algorithm):
    for L in (4, 12):
        sampling.sample(np.int64(L), np.float32(2.5), np.int32(3), 1, algorithm)
        sampling.sample(L, 0, 2000, np.random.default_rng(1), algorithm)
        sampling.sample(L, np.inf, 3, 1, "hybrid")
    module = sampling.ALGORITHMS[algorithm]
    values = [value for value in vars(module).values() if isinstance(value, numba.core.dispatcher.Dispatcher)]
    kernels = [kernel for kernel in values if kernel.py_func.__module__ == module.__name__]
    assert kernels
    assert [kernel.py_func.__name__ for kernel in kernels if len(kernel.signatures) > 1] == []


@pytest.mark.parametrize("algorithm", ["auto", *sampling.ALGORITHMS])
def test_batches_are_the_sample_in_parts_of_bounded_size(algorithm, monkeypatch):
    name, *_ = sampling.schedule(10, 2.3, algorithm)
    monkeypatch.setattr(sampling.ALGORITHMS[name], "AT_ONCE", 7200)  # spins
    batches = list(sampling.batches(10, 2.3, 200, 1, algorithm))
    assert [len(batch) for batch in batches] == [72, 72, 56]
    np.testing.assert_array_equal(np.concatenate(batches), sampling.sample(10, 2.3, 200, 1, algorithm))
    monkeypatch.setattr(sampling.ALGORITHMS[name], "AT_ONCE", 10)  # less than a configuration
    assert [len(batch) for batch in sampling.batches(10, 2.3, 3, 1, algorithm)] == [1, 1, 1]


def test_batches_complain_before_the_first_is_asked_for():
    with pytest.raises(ValueError, match=r"T = -1.*n = 0"):
        sampling.batches(10, -1, 0, 1)


@pytest.mark.parametrize("algorithm", sampling.ALGORITHMS)
def test_the_schedule_is_what_is_done(algorithm):
    name, thermalisation, thinning = sampling.schedule(12, 2.5, algorithm)
    module = sampling.ALGORITHMS[algorithm]
    assert name == algorithm
    if algorithm in ("transfer", "coupling"):
        assert (thermalisation, thinning) == (0, 0)
    else:
        assert thinning == (sampling.wolff if algorithm == "hybrid" else module).thinning(12, 2.5)
        assert thermalisation >= 2 * thinning or algorithm == "hybrid"
    assert sampling.schedule(12, 2.5) == ("transfer", 0, 0)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ((1, 2.0, 5), "L = 1: must be an integer ≥ 2"),
        ((10.0, 2.0, 5), "L = 10.0: must be"),
        ((10, -0.1, 5), "T = -0.1: must be a number ≥ 0"),
        ((10, np.nan, 5), "T = nan: must be"),
        ((10, "2.3", 5), "T = '2.3': must be"),
        ((2**15, 2.0, 1), "L = 32768 with algorithm 'auto': must be from 2 to 32767"),
        ((10, 2.0, 0), "n = 0: must be an integer ≥ 1"),
        ((10, 2.0, 1e4), "n = 10000.0: must be"),
        ((10, 2.0, 5, 1, "glauber"), "algorithm = 'glauber': must be one of 'transfer', 'multispin'"),
        (
            (13, 2.0, 5, 1, "transfer"),
            "L = 13 with algorithm 'transfer': must be from 2 to 12, or use 'auto' or one of 'wolff', 'swendsen-wang'",
        ),
        (
            (5, 2.0, 5, 1, "multispin"),
            "L = 5 with algorithm 'multispin': must be even and from 2 to 32766, or use 'auto' or one of 'transfer', ",
        ),
    ],
)
def test_a_wrong_argument_is_named_with_its_value_and_what_is_allowed(arguments, complaint):
    with pytest.raises(ValueError) as error:
        sampling.sample(*(arguments if len(arguments) > 3 else (*arguments, 1)))
    assert complaint in str(error.value)
    assert ";" not in str(error.value)


def test_all_that_is_wrong_is_said_at_once():
    with pytest.raises(ValueError, match=r"L = 1: .*; T = -1.0: .*; n = 0: .*; algorithm = 'metropolis': "):
        sampling.sample(1, -1, 0, 1, "metropolis")


def test_a_mixture_is_of_all_its_temperatures_in_random_order():
    """Ground states and coins: as many of each as n coins give (|z| < 4), and neighbours in the list independent."""
    spins = sampling.mixture(6, [0.0, np.inf], 10_000, rng=1)
    ordered = np.abs(spins.mean(axis=(1, 2))) == 1
    assert spins.shape == (10_000, 6, 6)
    assert abs(ordered.sum() - 5000) < 4 * 50
    assert abs((ordered[1:] == ordered[:-1]).sum() - 5000) < 4 * 50
    np.testing.assert_array_equal(spins, sampling.mixture(6, [0.0, np.inf], 10_000, rng=1))
    with pytest.raises(ValueError, match="at least one temperature"):
        sampling.mixture(6, [], 10, rng=1)
