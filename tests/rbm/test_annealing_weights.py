"""The weight of a step of annealing, summed without exponentials, is the sum of logarithms of cosh."""

import numpy as np
import pytest

from rbmrg.rbm import chains

# Hidden units, width of their fields, β before and after the step.
STEPS = [(1, 2.0, 0.99, 1.0), (5, 1e4, 0.1, 0.2), (81, 1.0, 0.0, 0.002), (81, 0.3, 0.9, 0.902), (1300, 30.0, 0.5, 0.52)]


def by_logarithms(fields, beta):
    x = np.float64(beta) * np.abs(fields.astype(float))
    return (x + np.log1p(np.exp(-2 * x))).sum()


@pytest.mark.parametrize("step", STEPS)
def test_weight_of_a_step(step):
    units, width, before, now = step
    fields = (width * np.random.default_rng(units).standard_normal(units)).astype(np.float32)
    before = np.float32(before)
    now = np.float32(now)
    expected = by_logarithms(fields, now) - by_logarithms(fields, before)
    found = chains.log_weight(fields, before, now, np.empty((2, units)))
    bound = 4e-7 * (now - before) * np.abs(fields).sum()  # float32 roundings of each unit's share
    assert abs(found - expected) < bound
    other = np.float32(1.01) * fields  # negative control
    assert abs(chains.log_weight(other, before, now, np.empty((2, units))) - expected) > bound
