"""The figures along flows show the numbers they are given, and draw whatever a small study has."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg.figures import equilibrium as equilibrium_figure
from rbmrg.figures import flow_histograms, flow_temperatures, learning, style, training
from rbmrg.flows import equilibrium, gibbs
from rbmrg.lattice import TC

THERMOMETERS = ("network 0", "bayes", "magnetisation", "energy")
FULL = {"paper-Tc": 3, "paper-0-5.9": 1, "best-Tc": 2, "best-0-5.9": 1, "permuted": 1, "1e3": 1}


def test_constants_that_figures_may_not_import_are_what_they_say():
    assert flow_histograms.LENGTH == gibbs.PAPER_LENGTH
    assert equilibrium_figure.PASSED == equilibrium.PASSED


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def shown(figure):
    return [axis.get_title() for axis in figure.axes if axis.axison and axis.get_title()]


def rows(names, **columns):
    index = pd.MultiIndex.from_product(columns.values(), names=columns)
    table = index.to_frame(index=False)
    return pd.concat(
        [table.assign(machine=name, seed=seed) for name, seeds in names.items() for seed in range(seeds)],
        ignore_index=True,
    )


def readings(names, starts, steps):
    table = rows(names, start=starts, step=steps, thermometer=THERMOMETERS)
    return table.assign(temperature=TC + (table.start - TC) * 0.8**table.step, error=0.01)


def histograms(names, starts, steps, classes):
    table = rows(names, start=starts, step=steps, thermometer=THERMOMETERS[:3])
    rng = np.random.default_rng(1)
    parts = [
        table.assign(**{"class": c, "count": rng.integers(1, 50, len(table))})[rng.random(len(table)) < 0.8]
        for c in classes
    ]
    return pd.concat(parts, ignore_index=True)


def courses(names, steps):
    table = rows(names, training_step=steps)
    T = np.where(table.training_step == 0, np.inf, 2 + 100 / (table.training_step + 1))
    stationary = table.index.to_numpy() % 3 != 1
    return table.assign(
        T=np.where(stationary, T, np.nan), T_error=np.where(stationary & np.isfinite(T), 0.02, np.nan),
        T_cold=T - 0.2, T_hot=np.where(table.index % 4 == 1, np.inf, T + 0.2), stationary=stationary,
    )  # fmt: skip


def points(names):
    return rows(names, Tc=[TC]).assign(T_peak=2.345, T_mix=2.5)


def machines(names, steps, kl=0.3):
    n = len(steps)
    return [
        xr.Dataset(
            {"kl": ("step", kl / (1 + np.arange(n))), "kl_error": ("step", np.full(n, 0.01)),
             "ess": ("step", np.ones(n)), "method": ("step", ["annealing"] * n)},
            coords={"step": list(steps)}, attrs={"machine": name, "replica": seed},
        )
        for name, seeds in names.items()
        for seed in range(seeds)
    ]  # fmt: skip


def test_temperatures():
    table = readings(FULL, [0.0, 1.0, TC, 3.0, 5.9], [0, 1, 10, 100])
    table.loc[table.machine == "1e3", ["temperature", "error"]] = np.inf, np.nan
    table.loc[table.machine == "permuted", "temperature"] = np.nan
    figure, numbers = flow_temperatures.draw(table)
    figure.draw_without_rendering()
    assert shown(figure) == list(FULL)
    pd.testing.assert_frame_equal(numbers, table.loc[numbers.index])
    assert set(numbers[numbers.step < 100].thermometer) == {"energy"}
    assert set(numbers[numbers.step == 100].thermometer) == set(THERMOMETERS)
    assert len(numbers) == 9 * 5 * (4 + 3)


def test_histograms():
    table = histograms(FULL, [0.0, TC, 5.9], [0, 30, 1000], [0.0, 0.3, 2.2, 2.3, 2.4, 5.9])
    figure, numbers = flow_histograms.draw(table)
    figure.draw_without_rendering()
    assert shown(figure) == list(FULL)
    assert (numbers.step == 30).all()
    np.testing.assert_allclose(numbers.groupby(["machine", "thermometer", "start"]).share.sum(), 1)
    chosen = table[(table.step == 30) & (table.thermometer == "bayes")]
    cold = numbers[(numbers.thermometer == "bayes") & (numbers.start == 0.0)]
    assert cold["count"].sum() == chosen[chosen.start == 0.0]["count"].sum()
    everything = numbers[(numbers.thermometer == "bayes") & (numbers.start == "all")]
    assert everything["count"].sum() == chosen["count"].sum()


def test_bars_stand_at_their_classes():
    share = pd.Series([0.1, 0.2, 0.7], index=[0.0, 0.3, 0.4])
    heights, edges = flow_histograms.bars(share)
    np.testing.assert_allclose(edges, [-0.05, 0.05, 0.25, 0.35, 0.45])
    np.testing.assert_allclose(heights, [0.1, 0, 0.2, 0.7])
    heights, edges = flow_histograms.bars(pd.Series([1.0], index=[2.0]))
    np.testing.assert_allclose([*heights, *edges], [1, 1.5, 2.5])


def test_families():
    groups = style.families(list(FULL))
    families = {"paper": ["paper-Tc", "paper-0-5.9"], "best": ["best-Tc", "best-0-5.9"]}
    assert groups == families | {"others": ["permuted", "1e3"]}
    assert style.families(["others-1", "others-2", "a"]) == {"others": ["others-1", "others-2", "a"]}
    looks = style.looks_of(groups)
    assert looks["paper-Tc"] == looks["best-Tc"] != looks["best-0-5.9"]
    assert looks["permuted"]["marker"] != looks["1e3"]["marker"]
    assert style.families(["trained"]) == {"": ["trained"]}
    assert style.families([]) == {}


def test_learning():
    given = machines(FULL, [0, 100, 200, 400]) + machines({"exact-Tc": 1}, [0], kl=0.0)
    figure, numbers = learning.draw(given)
    figure.draw_without_rendering()
    assert shown(figure) == ["paper", "best", "others"]
    assert len(numbers) == 9 * 4 + 1


def test_a_distance_without_a_logarithm():
    for kl in (0.0, -0.001, np.nan, np.inf):
        figure, _ = learning.draw(machines({"trained": 1}, [0, 100], kl=kl))
        figure.draw_without_rendering()


def test_training():
    table = courses(FULL, [0, 100, 200, 400])
    figure, numbers = training.draw(table, points(FULL))
    figure.draw_without_rendering()
    assert shown(figure) == ["paper", "best", "others"]
    pd.testing.assert_frame_equal(numbers.drop(columns="T_mix"), table)
    assert (numbers.T_mix == 2.5).all()


def test_a_small_study():
    one = {"trained": 1}
    for starts, steps in (([1.0, TC], [0, 1, 2]), ([TC], [0, 1])):
        flow_temperatures.draw(readings(one, starts, steps))[0].draw_without_rendering()
        flow_histograms.draw(histograms(one, starts, steps, [1.0, TC, 4.0]))[0].draw_without_rendering()
    flow_histograms.draw(histograms(one, [TC], [0, 1], [TC]))[0].draw_without_rendering()
    for steps in ([0, 100], [0, 1], [0]):
        learning.draw(machines(one, steps))[0].draw_without_rendering()
        training.draw(courses(one, steps), points(one))[0].draw_without_rendering()
    nowhere = courses(one, [0, 100]).assign(T=np.nan, T_cold=np.inf, T_hot=np.inf, stationary=False)
    training.draw(nowhere, points(one).assign(T_mix=np.nan))[0].draw_without_rendering()
