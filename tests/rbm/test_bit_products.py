"""Counted bits give the sums over rows of ±1 units exactly, however rows fill the words."""

import numpy as np
import pytest

from rbmrg.rbm import bit_products


def signs(rows, n, seed=1):
    return np.random.default_rng(seed).choice(np.array([-1, 1], np.float32), (rows, n))


def test_bits_are_counted():
    words = np.random.default_rng(1).integers(2**64, size=1000, dtype=np.uint64)
    words[:3] = 0, 2**64 - 1, 2**63
    column = words[:, None]
    means = np.empty(1, np.float32)
    counts = [int(word).bit_count() for word in words]
    for k in (0, 1, 2, 3, 999):
        bit_products.binary_means(column[k : k + 1], 64, 64, means)  # 2·ups/64 of the data, no word of the model
        assert means[0] == counts[k] / 32
    bit_products.binary_means(column, 64 * 500, 64 * 500, means)
    assert means[0] == pytest.approx((sum(counts[:500]) - sum(counts[500:])) / 16_000, abs=1e-7)


@pytest.mark.parametrize(("batch", "chains"), [(100, 100), (64, 1), (1, 65), (128, 63), (63, 64)])
def test_packed_bits_are_the_signs_of_the_rows_in_order(batch, chains):
    units = signs(batch + chains, 5)
    words = bit_products.pack(units, batch)
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
    bit_products.counted_gradient(visible, hidden, batch, *results)
    return results


def summed(visible, hidden, batch):
    """The same gradient in float64."""
    chains = len(visible) - batch
    ones = np.ones((len(visible), 1))
    weights = np.repeat([1 / batch, -1 / chains], [batch, chains])
    pairs = (visible, hidden), (visible, ones), (ones, hidden)
    return [np.squeeze((a.astype(float).T * weights) @ b) for a, b in pairs]


@pytest.mark.parametrize(("batch", "chains"), [(64, 64), (128, 1), (32, 256), (1, 2)])
def test_counted_gradients_are_exact(batch, chains):
    """With powers of two nothing is rounded at all."""
    visible = signs(batch + chains, 20)
    hidden = signs(batch + chains, 9, seed=2)
    for ours, exact in zip(counted(visible, hidden, batch), summed(visible, hidden, batch), strict=True):
        np.testing.assert_array_equal(ours, exact)
    exact = summed(visible, hidden, batch)
    hidden[-1, -1] *= -1  # negative control: one unit of one row
    assert [np.any(ours != x) for ours, x in zip(counted(visible, hidden, batch), exact, strict=True)] == [1, 0, 1]


@pytest.mark.parametrize(("batch", "chains"), [(100, 100), (200, 1), (1000, 77)])
def test_counts_behind_the_gradient_are_exact(batch, chains):
    """Both shares are multiples of 1/(batch·chains): rounded back to integers, nothing is left."""
    visible = signs(batch + chains, 20)
    hidden = signs(batch + chains, 9, seed=2)
    for ours, exact in zip(counted(visible, hidden, batch), summed(visible, hidden, batch), strict=True):
        np.testing.assert_array_equal(np.rint(ours.astype(float) * batch * chains), np.rint(exact * batch * chains))
