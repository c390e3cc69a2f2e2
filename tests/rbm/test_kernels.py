"""What makes the training kernels fast changes no result: stacked rows, chunks of words, runs in parts, plain loops."""

import subprocess
import sys

import kernel_arguments
import numpy as np
import pytest

from rbmrg import rbm
from rbmrg.rbm import kernels, preparation, recipes

SEED = np.uint64(7)
DATA = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (300, 20))


def signs(rows, n, seed=1):
    return np.random.default_rng(seed).choice(np.array([-1, 1], np.float32), (rows, n))


# --- the gradient -----------------------------------------------------------------------------------------------------


def gradient(data, batch, chains, persistent, gibbs_steps=2, tanh_means=False, parameters=None):
    """The kernel's gradient for 20 visible and 9 hidden units, and the chain it leaves."""
    if parameters is None:
        parameters = np.random.default_rng(3).normal(scale=0.3, size=20 * 9 + 29).astype(np.float32)
    state = kernel_arguments.state(data, parameters, signs(chains, 9), SEED)
    options = kernel_arguments.options(
        method="pcd" if persistent else "cd", batch=batch, gibbs_steps=gibbs_steps, tanh_means=tanh_means
    )
    result = np.empty_like(state.parameters)
    kernels.log_likelihood_gradient(state, 5, options, result)
    return result, state.chain


@pytest.mark.parametrize(("batch", "chains", "persistent"), [(64, 64, False), (64, 32, True), (128, 1, True)])
def test_counting_gives_the_gradient_of_the_matrix_product(batch, chains, persistent):
    """Data as float32 may be means, so their products are not counted; with powers of two neither way rounds."""
    results = [gradient(data, batch, chains, persistent) for data in (DATA, DATA.astype(np.float32))]
    for counted_one, multiplied in zip(*results, strict=True):
        np.testing.assert_array_equal(counted_one, multiplied)
    assert np.abs(results[0][0] - gradient(DATA, batch, chains, persistent, tanh_means=True)[0]).max() > 0.01


@pytest.mark.parametrize("tanh_means", [False, True])
@pytest.mark.parametrize("gibbs_steps", [1, 3])
def test_the_gradient_is_that_of_the_chain_it_leaves(gibbs_steps, tanh_means):
    """Without couplings the visible units do not matter, and hidden ones of large bias have one value only."""
    parameters = np.zeros(20 * 9 + 29, np.float32)
    parameters[-9:] = 20 * signs(1, 9)[0]
    result, chain = gradient(DATA, 50, 30, True, gibbs_steps, tanh_means, parameters)
    np.testing.assert_array_equal(chain, np.tile(signs(1, 9), (30, 1)))
    dW, d_visible, d_hidden = kernels.split(result, 20, 9)
    np.testing.assert_allclose(d_hidden, 0, atol=1e-6)
    np.testing.assert_allclose(dW, np.outer(d_visible, signs(1, 9)[0]), atol=1e-6)
    assert np.abs(d_visible).max() > 0.1


@pytest.mark.parametrize("tanh_means", [False, True])
def test_means_are_not_taken_for_their_signs(tanh_means):
    """With visible units of the model all down and hidden units all up, ⟨v h⟩_data − ⟨v h⟩_model is v + 1."""
    means = np.linspace(-1, 1, 6, dtype=np.float32)
    state = kernel_arguments.state(
        np.tile(means, (5, 1)), np.repeat([0, -20, 20], [18, 6, 3]), np.ones((4, 3)), np.uint64(1)
    )
    gradient = np.empty_like(state.parameters)
    kernels.log_likelihood_gradient(state, 1, kernel_arguments.options(batch=8, tanh_means=tanh_means), gradient)
    dW, d_visible, d_hidden = kernels.split(gradient, 6, 3)
    np.testing.assert_allclose(dW, np.repeat(means[:, None] + 1, 3, axis=1), atol=1e-6)
    np.testing.assert_allclose(d_visible, means + 1, atol=1e-6)
    np.testing.assert_allclose(d_hidden, 0, atol=1e-6)
    means = np.tile(means, (9, 1))
    with pytest.raises(ValueError, match="must be \\+1 or -1"):
        rbm.train(means, "paper", 3)
    with pytest.raises(ValueError, match=r"contain 2\.0: must be numbers from -1 to 1"):
        rbm.train(2 * np.ones((3, 3)), "paper", 3, means=True)


# --- random words in chunks -------------------------------------------------------------------------------------------


def drawn(rows, n, mean=0.0):
    units = np.empty((rows, n), np.float32)
    kernels.sample_units(np.full((rows, n), np.arctanh(mean), np.float32), np.zeros(n, np.float32), SEED, 1, 1, units)
    return units


def test_units_do_not_depend_on_how_rows_are_cut():
    flat = drawn(1, 3000, mean=0.3).ravel()
    for rows in (2, 30, 3000):
        np.testing.assert_array_equal(drawn(rows, 3000 // rows, mean=0.3).ravel(), flat)
    np.testing.assert_array_equal(drawn(1, 1001, mean=0.3).ravel(), flat[:1001])


def test_chunks_are_independent_of_each_other():
    chunks = drawn(1, 200 * kernels.CHUNK).reshape(200, kernels.CHUNK)
    overlaps = chunks @ chunks.T / np.sqrt(kernels.CHUNK)
    z = overlaps[np.triu_indices(200, 1)]
    assert np.abs(z).max() < 6  # of 19 900 z-scores: false alarm 4e-5
    assert z.std() == pytest.approx(1, abs=0.03)  # six of its errors
    assert overlaps.diagonal().min() > 20  # negative control: a chunk used again


# --- cut runs ---------------------------------------------------------------------------------------------------------

RUNS = {
    "pcd": (True, 1, False, 30, 0.0),
    "pcd, one chain, average": (True, 3, False, 1, 0.1),
    "pcd, means, average": (True, 2, True, 30, 0.1),
    "cd": (False, 1, False, 40, 0.0),
    "cd, means": (False, 2, True, 40, 0.0),
}


def trained(lengths, persistent, gibbs_steps, tanh_means, chains, memory, starts=None):
    """Parameters, average, moments and chain after calls of `train_steps` for `lengths` steps each."""
    parameters = np.random.default_rng(3).normal(scale=0.1, size=20 * 9 + 29)
    state = kernel_arguments.state(DATA, parameters, signs(chains, 9), SEED)
    for part in (state.average, state.first, state.second):
        part[:] = 0
    options = kernel_arguments.options(
        memory, method="pcd" if persistent else "cd", batch=40, gibbs_steps=gibbs_steps, tanh_means=tanh_means,
        flips=True, l1=0.001,
    )  # fmt: skip
    for start, length in zip(starts or np.cumsum([0, *lengths]), lengths, strict=False):
        assert kernels.train_steps(state, int(start), np.full(length, 2e-3, np.float32), options) == 0
    return np.concatenate([part.ravel() for part in state[1:-1]])


@pytest.mark.parametrize("run", RUNS)
def test_a_hundred_steps_are_37_and_63(run):
    whole = trained([100], *RUNS[run])
    np.testing.assert_array_equal(trained([37, 63], *RUNS[run]), whole)
    np.testing.assert_array_equal(trained([1] * 100, *RUNS[run]), whole)
    # Negative control: the second part with the random words of another step.
    assert np.any(trained([37, 63], *RUNS[run], starts=[0, 36]) != whole)


# --- arithmetic -------------------------------------------------------------------------------------------------------


def test_tanh_is_accurate_and_saturates():
    x = np.concatenate([np.linspace(-12, 12, 200_001), [-1e30, 1e30]]).astype(np.float32)
    result = np.empty((1, x.size), np.float32)
    kernels.mean_units(x[None], np.zeros_like(x), result)
    assert np.abs(result[0] - np.tanh(x.astype(np.float64))).max() < 4e-7
    np.testing.assert_array_equal(result[0, -2:], [-1, 1])


def adam_in_numpy(gradients, rate, epsilon, scale_epsilon):
    """Adam in float64, with ε as in TensorFlow, or times √(1 − β₂ᵗ) as in the algorithm box of Kingma & Ba."""
    p, m, v = (np.zeros(gradients.shape[1]) for _ in range(3))
    for t, g in enumerate(gradients, start=1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g**2
        c1 = 1 - 0.9**t
        c2 = np.sqrt(1 - 0.999**t)
        p += rate * c2 / c1 * m / (np.sqrt(v) + epsilon * (c2 if scale_epsilon else 1))
    return p


def test_adam_uses_tensorflows_epsilon():
    gradients = np.random.default_rng(5).normal(0.05, 0.1, (50, 30)).astype(np.float32)
    rates = preparation.learning_rates(recipes.resolve("paper", steps=50))
    p, m, v = (np.zeros(30, np.float32) for _ in range(3))
    for gradient, rate in zip(gradients, rates, strict=True):
        kernels.adam(p, gradient, m, v, rate, np.float32(1e-2))
    np.testing.assert_allclose(p, adam_in_numpy(gradients, 1e-3, 1e-2, scale_epsilon=False), rtol=1e-3)
    # Negative control: the other convention is told apart.
    assert np.abs(p / adam_in_numpy(gradients, 1e-3, 1e-2, scale_epsilon=True) - 1).min() > 0.1


# --- compilation ------------------------------------------------------------------------------------------------------


def test_kernels_are_compiled_once_for_spins_and_once_for_means():
    """Whatever the types of the arguments, and whether the data may be written."""
    fixed = DATA.copy()
    fixed.flags.writeable = False
    for spins in (DATA, fixed, DATA.astype(float), DATA[:, ::-1]):
        before = spins.flags.writeable
        rbm.train(spins, "paper", hidden=np.int64(3), steps=1, batch=np.int64(5), l1=1)
        rbm.train(spins, recipes.Recipe(method="cd"), 3, steps=1, averaging=np.float64(0.5), epsilon=1)
        rbm.train(spins, "best", 3, steps=1, means=True)
        assert spins.flags.writeable == before
    compiled = [kernel for kernel in vars(kernels).values() if isinstance(kernel, type(kernels.train_steps))]
    own = [kernel for kernel in compiled if kernel.py_func.__module__ == kernels.__name__]
    counts = {kernel.py_func.__name__: len(kernel.signatures) for kernel in own}
    assert counts["train_steps"] == 2
    of_data = {"train_steps", "log_likelihood_gradient", "gather", "update"}
    # Kernels that are loaded from the cache inside others are not counted.
    assert {name: n for name, n in counts.items() if n > (2 if name in of_data else 1)} == {}


def test_another_process_finds_compiled_kernels_in_the_cache():
    """Named tuples are part of the key of a cached kernel: they must be the same in every process."""
    rbm.train(DATA, "paper", 3, steps=1)
    code = """
import numpy as np
from rbmrg import rbm
from rbmrg.rbm import kernels

rbm.train(np.ones((9, 20), np.int8), "paper", 3, steps=1)
stats = kernels.train_steps.stats
print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
"""
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["1", "0"]
