"""Mutual information I(H:E) of the spin H of a 2 × 2 block with its environment E beyond a buffer of one spin, at Tc.

E is the ring of 20 spins around the 4 × 4 spins in whose middle the block is.  Koch-Janusz & Ringel, Nature Phys. 14,
578 (2018).  Given the ring, the spins inside do not depend on any spin beyond, for only neighbours interact.  ⟨H|E⟩ is
therefore a sum over 2^16 states, and I(H:E) = S(⟨H⟩) − ⟨S(⟨H|E⟩)⟩, in nats, with S the entropy of a spin of given mean;
the average over E alone is sampled.  Without the Hamiltonian, a classifier that tells H from E gives a lower bound:
S(⟨H⟩) less its cross-entropy on data that it has not seen.

The sum factorises.  The upper half of the 4 × 4 spins touches eight spins of the ring, the lower half eight others, and
the corners of the ring touch none.  Halves, and the spins that they touch, are numbered by their bits, 1 for up.
"""

import functools

import numpy as np
from scipy.special import entr

from rbmrg import stats
from rbmrg.lattice import TC
from rbmrg.splits import held_out_part, training_part

SIDE = 6  # of a window: the ring and what is inside
APART = 32  # sites between the windows of one configuration
BLOCKS = 32  # of the jackknife
BITS = (2 * (np.arange(256)[:, None] >> np.arange(8) & 1) - 1).astype(np.int8)  # spins of each number, [256, 8]
OUTER = BITS[:, :4].astype(float)  # the row of a half that is next to the ring, and the one next to the other half
INNER = BITS[:, 4:].astype(float)
MIRRORED = (BITS[:, [3, 2, 1, 0, 6, 7, 4, 5]] > 0) @ (1 << np.arange(8))  # left to right, of spins that a half touches
RING = np.pad(np.zeros((SIDE - 2, SIDE - 2), bool), 1, constant_values=True)


def windows(portions, chains=1):
    """Windows [n, windows of one, 6, 6] of configurations that come in `portions` [k, L, L] with L ≥ 6.

    Configuration k belongs to chain k mod `chains`; those of a chain come together in the result.
    """
    found = np.concatenate([_cut(spins) for spins in portions])
    return found.reshape(-1, chains, *found.shape[1:]).swapaxes(0, 1).reshape(found.shape)


def _cut(spins):
    places = range(0, spins.shape[-1] - SIDE + 1, APART)
    return np.stack([spins[:, y : y + SIDE, x : x + SIDE] for y in places for x in places], axis=1)


def environments(found, blocks=BLOCKS):
    """Shares [blocks, 256, 256] of the environments, by upper and lower half, in equal parts of windows [n, 6, 6].

    Windows count with both signs and with their mirror images, which are equally probable.
    """
    number = numbers(found)
    parts = number[: len(number) // blocks * blocks].reshape(blocks, -1)
    counts = np.array([np.bincount(part, minlength=2**16) for part in parts]).reshape(blocks, 256, 256)
    counts = counts + counts[:, ::-1, ::-1]
    counts = counts + counts.swapaxes(1, 2)
    counts = counts + counts[:, MIRRORED][:, :, MIRRORED]
    return counts / (8 * parts.shape[1])


def numbers(found):
    """The number of the environment of each of windows [n, 6, 6], 256 · upper half + lower half."""
    return 256 * _touched(found) + _touched(found[:, ::-1])


def _touched(found):
    """The numbers of the spins that upper halves touch: four above, then two on either side."""
    spins = np.concatenate([found[:, 0, 1:5], found[:, 1:3, 0], found[:, 1:3, 5]], axis=1)
    return (spins > 0) @ (1 << np.arange(8))


def block_means(rule):
    """⟨H⟩ given the spins of both halves, float64 [256, 256], for an RG `rule` whose blocks are ±1.

    Raises ValueError if it reads spins of the environment.
    """
    states = np.ones((256, 256, SIDE, SIDE), np.int8)
    states[:, :, 1:3, 1:5] = BITS.reshape(256, 1, 2, 4)
    states[:, :, 3:5, 1:5] = BITS.reshape(1, 256, 2, 4)[:, :, ::-1]
    states = states.reshape(-1, SIDE, SIDE)
    means = in_the_middle(rule, states)
    if not np.array_equal(means, in_the_middle(rule, np.where(RING, -1, states))):
        raise ValueError(f"{rule.NAME}: reads spins of the environment of its block")
    return means.reshape(256, 256)


def in_the_middle(rule, found):
    """⟨H⟩ of the blocks in the middle of windows [n, 6, 6] by a `rule`, float64 [n]."""
    return np.asarray(rule.apply(found, None), float)[:, 1, 1]


def given_environment(means):
    """⟨f|E⟩ [256, 256] of a function f of the spins of both halves, with values `means` [256, 256]."""
    ring, between = boltzmann_weights()
    return (ring @ (between * means) @ ring.T) / (ring @ between @ ring.T)


@functools.cache
def boltzmann_weights():
    """Those of a half given what it touches, [touched, half], and of the bonds between halves, [half, half]."""
    bonds = sum((row[:, 1:] * row[:, :-1]).sum(axis=1) for row in (OUTER, INNER)) + (OUTER * INNER).sum(axis=1)
    sides = [row[:, [end]] for end in (0, -1) for row in (OUTER, INNER)]
    return np.exp((BITS @ np.hstack([OUTER, *sides]).T + bonds) / TC), np.exp(INNER @ INNER.T / TC)


def entropy(mean):
    """The entropy of a spin of given `mean`, in nats."""
    return entr((1 + mean) / 2) + entr((1 - mean) / 2)


def moments(given, shares):
    """⟨H⟩ and ⟨S(⟨H|E⟩)⟩ [..., 2], from ⟨H|E⟩ [256, 256] and the `shares` of environments [..., 256, 256]."""
    of_environments = np.stack([given.ravel(), entropy(given).ravel()], axis=1)
    return shares.reshape(*shares.shape[:-2], -1) @ of_environments


def information(moment):
    """I(H:E) = S(⟨H⟩) − ⟨S(⟨H|E⟩)⟩ from `moments` [2]."""
    return entropy(moment[0]) - moment[1]


def lower_bound(rule, found, blocks=BLOCKS):
    """(bound on I(H:E), error) by logistic regression on windows [n, windows of one, 6, 6] of configurations.

    It learns from the first window of four fifths of the configurations, and is tried on all windows of the others.
    The coins of the `rule` are averaged.  Both signs of a window are equally probable, so that the regression has no
    constant; the bound holds for rules with a bias, too.
    """
    from sklearn.linear_model import LogisticRegression  # takes a second to import

    known = training_part(found)[:, 0]
    means = in_the_middle(rule, known)
    model = LogisticRegression(C=np.inf, solver="newton-cholesky", fit_intercept=False)
    model.fit(np.tile(known[:, RING], (2, 1)), np.repeat([1, -1], len(known)), np.concatenate([1 + means, 1 - means]))
    held_out = held_out_part(found).reshape(-1, SIDE, SIDE)
    sums = (_mean_and_loss(model, rule, held_out) + _mean_and_loss(model, rule, -held_out)) / 2
    return stats.jackknife(information, stats.block_means(sums, blocks))


def _mean_and_loss(model, rule, found):
    """⟨H⟩ and the cross-entropy of the `model` for each of windows [n, 6, 6]: [n, 2]."""
    log_odds = model.decision_function(found[:, RING])
    mean = in_the_middle(rule, found)
    loss = np.logaddexp(0, -log_odds) * (1 + mean) / 2 + np.logaddexp(0, log_odds) * (1 - mean) / 2
    return np.stack([mean, loss], axis=1)
