"""Sums of ±1 units and of their products over the rows of a batch, compiled: rows are bits, and bits are counted."""

import numpy as np

from rbmrg.bits import population_count
from rbmrg.jit import njit


@njit
def pack(units, batch):
    """The signs of `units` [rows, n] as bits of uint64 [words, n], 64 rows a word; row `batch` begins a new word."""
    rows = units.shape[0]
    model = (batch + 63) // 64
    words = np.zeros((model + (rows - batch + 63) // 64, units.shape[1]), np.uint64)
    for row in range(rows):
        place = row if row < batch else 64 * model + row - batch
        word = place // 64
        bit = np.uint64(1) << np.uint64(place % 64)
        for j in range(units.shape[1]):
            words[word, j] |= bit if units[row, j] > 0 else np.uint64(0)
    return words


@njit
def binary_means(words, batch, chains, means):
    """Put ⟨u⟩_data − ⟨u⟩_model of ±1 units, packed by `pack`, into `means`: ⟨u⟩ = 2·(share of rows that are up) − 1."""
    for j in range(words.shape[1]):
        data = model = np.uint64(0)
        for word in range(words.shape[0]):
            up = population_count(words[word, j])
            if 64 * word < batch:
                data += up
            else:
                model += up
        means[j] = 2 * data / batch - 2 * model / chains


@njit
def binary_products(v, h, batch, chains, dW):
    """Put ⟨v h⟩_data − ⟨v h⟩_model of packed units into `dW`: ⟨v h⟩ = 1 − 2·(share of rows where v and h differ)."""
    differ = np.empty((2, h.shape[1]), np.uint64)  # in the data, in the model
    data_weight = np.float32(2 / batch)
    model_weight = np.float32(2 / chains)
    for i in range(v.shape[1]):
        for j in range(h.shape[1]):
            differ[0, j] = differ[1, j] = 0
        for word in range(v.shape[0]):
            signs = v[word, i]
            model = int(64 * word >= batch)
            if model and chains == 1:  # of one row the bit is the count
                for j in range(h.shape[1]):
                    differ[model, j] = signs ^ h[word, j]
            else:
                for j in range(h.shape[1]):
                    differ[model, j] += population_count(signs ^ h[word, j])
        for j in range(h.shape[1]):  # through int32, since AVX2 cannot convert 64 bits
            share = model_weight * np.float32(np.int32(differ[1, j]))
            dW[i, j] = share - data_weight * np.float32(np.int32(differ[0, j]))


@njit
def counted_gradient(visible, hidden, batch, dW, d_visible, d_hidden):
    """Put ⟨v h⟩_data − ⟨v h⟩_model into `dW`, and those of ⟨v⟩ and ⟨h⟩ into the others, from ±1 units [rows, units].

    The first `batch` rows are the data, and the others the model's chains.
    """
    chains = visible.shape[0] - batch
    v = pack(visible, batch)
    h = pack(hidden, batch)
    binary_products(v, h, batch, chains, dW)
    binary_means(v, batch, chains, d_visible)
    binary_means(h, batch, chains, d_hidden)
