"""Temperatures, sizes and scores that the tests of thermometers share."""

import numpy as np

from rbmrg import sampling
from rbmrg.thermometers import posteriors

TEMPERATURES = [1.0, 1.8, 2.2, 2.6, 3.4, 5.0]
L = 6
TRAINED = 4000
HELD_OUT = 4000
COUNTED = 200_000  # so many that errors of the table are negligible beside those of the held-out configurations


def table_of(temperatures, n=COUNTED, labels=None):
    """The table of `n` configurations at each of `temperatures`, as the one of `labels`."""
    spins = np.stack([sampling.sample(L, T, n, rng=200 + k) for k, T in enumerate(temperatures)])
    return posteriors.magnetisation_table(spins, labels or temperatures)


def calibration_scores(posterior, label, E):
    """z of the number in class k against Σ p(k), over all, the lower and the upper half of the energies (or of |m|).

    Classes that expect fewer than 10 are left out.  All classes are equally large, so z over all is a little too small.
    """
    right = label[:, None] == np.arange(posterior.shape[1])
    z = []
    for chosen in (E == E, np.median(E) > E, np.median(E) <= E):
        p = posterior[chosen]
        common = p.sum(axis=0) >= 10
        z.extend(((right[chosen] - p).sum(axis=0) / np.sqrt((p * (1 - p)).sum(axis=0)))[common])
    return np.array(z)


def excess_score(posterior, label, E):
    """Cross-entropy minus that of Bayes, in σ of the paired difference; only noise makes it negative."""
    chosen = np.arange(len(label)), label
    excess = -np.log(posterior[chosen]) + np.log(posteriors.bayes_posterior(E, L, TEMPERATURES)[chosen])
    return excess.mean() / excess.std() * np.sqrt(len(excess))
