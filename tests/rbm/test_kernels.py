"""What makes the training kernels fast changes no result: counted bits, stacked rows, chunks of words, cut runs."""

import numpy as np
import pytest

from rbmrg.rbm import kernels

SEED = np.uint64(7)
DATA = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (300, 20))


def signs(rows, n, seed=1):
    return np.random.default_rng(seed).choice(np.array([-1, 1], np.float32), (rows, n))


# --- counted bits -----------------------------------------------------------------------------------------------------


def test_bits_are_counted():
    words = np.random.default_rng(1).integers(2**64, size=1000, dtype=np.uint64)
    words[:3] = 0, 2**64 - 1, 2**63
    column, means = words[:, None], np.empty(1, np.float32)
    counts = [int(word).bit_count() for word in words]
    for k in (0, 1, 2, 3, 999):
        kernels.binary_means(column[k : k + 1], 64, 64, means)  # 2·ups/64 of the data, no word of the model
        assert means[0] == counts[k] / 32
    kernels.binary_means(column, 64 * 500, 64 * 500, means)
    assert means[0] == pytest.approx((sum(counts[:500]) - sum(counts[500:])) / 16_000, abs=1e-7)


@pytest.mark.parametrize(("batch", "chains"), [(100, 100), (64, 1), (1, 65), (128, 63), (63, 64)])
def test_packed_bits_are_the_signs_of_the_rows_in_order(batch, chains):
    units = signs(batch + chains, 5)
    words = kernels.pack(units, batch)
    bits = words[:, None, :] >> np.arange(64, dtype=np.uint64)[None, :, None] & np.uint64(1)
    first = -(-batch // 64)
    assert words.shape == (first + -(-chains // 64), 5)
    for part, rows in ((bits[:first], units[:batch]), (bits[first:], units[batch:])):
        part = part.reshape(-1, 5)
        np.testing.assert_array_equal(part[: len(rows)], rows > 0)
        assert not part[len(rows) :].any()


def counted(visible, hidden, batch):
    """Gradient for W, visible and hidden biases, by counting."""
    results = [np.empty(shape, np.float32) for shape in ((20, 9), 20, 9)]
    v, h, chains = kernels.pack(visible, batch), kernels.pack(hidden, batch), len(visible) - batch
    kernels.binary_products(v, h, batch, chains, results[0])
    for words, means in zip((v, h), results[1:], strict=True):
        kernels.binary_means(words, batch, chains, means)
    return results


def summed(visible, hidden, batch):
    """The same in float64."""
    chains, ones = len(visible) - batch, np.ones((len(visible), 1))
    weights = np.repeat([1 / batch, -1 / chains], [batch, chains])
    pairs = (visible, hidden), (visible, ones), (ones, hidden)
    return [np.squeeze((a.astype(float).T * weights) @ b) for a, b in pairs]


@pytest.mark.parametrize(("batch", "chains"), [(64, 64), (128, 1), (32, 256), (1, 2)])
def test_counted_gradients_are_exact(batch, chains):
    """With powers of two nothing is rounded at all."""
    visible, hidden = signs(batch + chains, 20), signs(batch + chains, 9, seed=2)
    for ours, exact in zip(counted(visible, hidden, batch), summed(visible, hidden, batch), strict=True):
        np.testing.assert_array_equal(ours, exact)
    exact = summed(visible, hidden, batch)
    hidden[-1, -1] *= -1  # negative control: one unit of one row
    assert [np.any(ours != x) for ours, x in zip(counted(visible, hidden, batch), exact, strict=True)] == [1, 0, 1]


@pytest.mark.parametrize(("batch", "chains"), [(100, 100), (200, 1), (1000, 77)])
def test_counts_behind_the_gradient_are_exact(batch, chains):
    """Both shares are multiples of 1/(batch·chains): rounded back to whole numbers, nothing is left."""
    visible, hidden = signs(batch + chains, 20), signs(batch + chains, 9, seed=2)
    for ours, exact in zip(counted(visible, hidden, batch), summed(visible, hidden, batch), strict=True):
        np.testing.assert_array_equal(np.rint(ours.astype(float) * batch * chains), np.rint(exact * batch * chains))


# --- the gradient -----------------------------------------------------------------------------------------------------


def gradient(data, batch, chains, persistent, gibbs_steps=2, tanh_means=False, parameters=None):
    """The kernel's gradient for 20 visible and 9 hidden units, and the chain it leaves."""
    if parameters is None:
        parameters = np.random.default_rng(3).normal(scale=0.3, size=20 * 9 + 29).astype(np.float32)
    chain, result = signs(chains, 9), np.empty_like(parameters)
    kernels.log_likelihood_gradient(
        data, parameters, chain, SEED, 5, batch, gibbs_steps, persistent, tanh_means, False, result
    )
    return result, chain


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
    state = np.zeros((4, 20 * 9 + 29), np.float32)
    state[0] = np.random.default_rng(3).normal(scale=0.1, size=state.shape[1])
    chain, starts = signs(chains, 9), starts or np.cumsum([0, *lengths])
    for start, length in zip(starts, lengths, strict=False):
        failed = kernels.train_steps(
            DATA, *state, chain, SEED, int(start), np.full(length, 2e-3, np.float32), np.float32(1e-2),
            np.float32(memory), 40, gibbs_steps, persistent, tanh_means, True, False, np.float32(0.001),
        )  # fmt: skip
        assert failed == 0
    return np.concatenate([state.ravel(), chain.ravel()])


@pytest.mark.parametrize("run", RUNS)
def test_a_hundred_steps_are_37_and_63(run):
    whole = trained([100], *RUNS[run])
    np.testing.assert_array_equal(trained([37, 63], *RUNS[run]), whole)
    np.testing.assert_array_equal(trained([1] * 100, *RUNS[run]), whole)
    # Negative control: the second part with the random words of another step.
    assert np.any(trained([37, 63], *RUNS[run], starts=[0, 36]) != whole)
