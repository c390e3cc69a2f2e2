"""The figures of momentum space show the means and the scatter of the seeds they are given."""

import numpy as np
import pandas as pd
import pytest
from drawn import render, titles

from rbmrg import rbm, sampling
from rbmrg.figures import momentum, singular_values
from rbmrg.flows import momentum_space

ENTRY = {"training": "2.0", "control": "none"}


def tables_of(kind, names):
    """Tables of seeds of machines, in the order of `names` {machine: seeds}, with seed s scaled by 1 + s."""
    data = sampling.sample(10, 2.3, 40, rng=1)
    parts = []
    for name, seeds in names.items():
        for seed in range(seeds):
            weights = (1 + seed) * rbm.exact_machine(10, 2.0 + 0.1 * seed).W
            if kind == "momentum":
                part = momentum_space.momentum_table(weights, sampling.sample(10, 2.5, 40, rng=2 + seed), data)
            else:
                part = momentum_space.singular_table(weights, 10)
            parts.append(part.assign(machine=name, recipe=name, **ENTRY, seed=seed))
    return pd.concat(parts, ignore_index=True)


NAMES = {"b": 3, "a": 1, "1e3": 1, "c": 1, "d": 1, "e": 1}


def test_the_figure_of_momenta():
    spectra = tables_of("momentum", NAMES)
    figure, numbers = momentum.draw(spectra)
    render(figure)
    assert titles(figure) == [f"{name}, $T=2$" for name in NAMES]
    assert list(numbers.machine.unique()) == list(NAMES)
    assert numbers.groupby("machine").seeds.first().to_dict() == NAMES
    _, count, _ = momentum_space.shells(10)
    expected = (8 - momentum_space.shells(10)[0]) / 4  # of every exact machine, in units of its mean
    for name in NAMES:
        rows = numbers[numbers.machine == name]
        np.testing.assert_allclose(rows.weight_power, expected, atol=1e-6)
        assert rows.weight_power @ count == pytest.approx(100)
    scatter = spectra[spectra.machine == "b"].groupby("k2").ratio
    np.testing.assert_allclose(numbers[numbers.machine == "b"].ratio, scatter.mean())
    np.testing.assert_allclose(numbers[numbers.machine == "b"].ratio_error, scatter.std())
    single = numbers.machine == "a"
    np.testing.assert_allclose(numbers[single].ratio_error, spectra[spectra.machine == "a"].ratio_error)
    assert numbers[single].weight_power_error.isna().all()


def test_the_figure_of_singular_values():
    singular = tables_of("singular", {"b": 3, "a": 1})
    figure, numbers = singular_values.draw(singular)
    render(figure)
    assert titles(figure) == ["b, $T=2$", "a, $T=2$"]
    assert list(numbers.machine.unique()) == ["b", "a"]
    seeds = singular[singular.machine == "b"].groupby("rank").singular_value
    several = numbers[numbers.machine == "b"]
    np.testing.assert_allclose(several.singular_value, seeds.mean())
    np.testing.assert_allclose(several.singular_value_error, seeds.std())
    np.testing.assert_allclose(several.k2, np.sort(momentum_space.squared_momentum(10).ravel()), atol=1e-9)
    assert numbers[numbers.machine == "a"].singular_value_error.isna().all()


def test_figures_of_momenta_that_the_data_lack():
    """A ratio of NaN, an error of zero and a single machine are drawn without a warning."""
    cold = sampling.sample(10, 0.0, 40, rng=1)
    W = np.random.default_rng(1).normal(size=(100, 12))
    table = momentum_space.momentum_table(W, cold, cold).assign(machine="cold", recipe="paper", **ENTRY, seed=0)
    figure, numbers = momentum.draw(table)
    render(figure)
    assert numbers.ratio.isna().sum() == 18
