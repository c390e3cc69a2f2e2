"""The figures along flows show the numbers they are given, and draw whatever a small study has."""

import numpy as np
import pandas as pd
from drawn import render, titles
from synthetic_machines import FULL, ONE, PANELS, fixed_points, rows

from rbmrg.figures import flow_histograms, flow_temperatures, training
from rbmrg.lattice import TC

THERMOMETERS = ("network 0", "bayes", "magnetisation", "energy")


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


def test_temperatures():
    table = readings(FULL, [0.0, 1.0, TC, 3.0, 5.9], [0, 1, 10, 100])
    table.loc[table.machine == "1e3", ["temperature", "error"]] = np.inf, np.nan
    table.loc[table.machine == "paper-delta", "temperature"] = np.nan
    figure, numbers = flow_temperatures.draw(table)
    render(figure)
    assert titles(figure) == list(FULL)
    pd.testing.assert_frame_equal(numbers, table.loc[numbers.index])
    assert set(numbers[numbers.step < 100].thermometer) == {"energy"}
    assert set(numbers[numbers.step == 100].thermometer) == set(THERMOMETERS)
    assert len(numbers) == 9 * 5 * (4 + 3)


def test_histograms():
    table = histograms(FULL, [0.0, TC, 5.9], [0, 30, 1000], [0.0, 0.3, 2.2, 2.3, 2.4, 5.9])
    figure, numbers = flow_histograms.draw(table)
    render(figure, layout=False)
    assert titles(figure) == list(FULL)
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
    assert flow_histograms.edges_of(np.array([0, 2, 4])).tolist() == [
        -1,
        1,
        3,
        5,
    ]  # as a table of whole numbers has them
    heights, edges = flow_histograms.bars(pd.Series([1.0], index=[2.0]))
    np.testing.assert_allclose([*heights, *edges], [1, 1.5, 2.5])


def test_training():
    table = courses(FULL, [0, 100, 200, 400])
    figure, numbers = training.draw(table, fixed_points(FULL).assign(T_mix=2.5))
    render(figure)
    assert titles(figure) == PANELS
    pd.testing.assert_frame_equal(numbers.drop(columns="T_mix"), table)
    assert (numbers.T_mix == 2.5).all()


def test_flows_of_a_small_study():
    for starts, steps in (([1.0, TC], [0, 1, 2]), ([TC], [0, 1])):
        render(flow_temperatures.draw(readings(ONE, starts, steps))[0], layout=starts == [TC])
        render(flow_histograms.draw(histograms(ONE, starts, steps, [1.0, TC, 4.0]))[0], layout=False)
    render(flow_histograms.draw(histograms(ONE, [TC], [0, 1], [TC]))[0])


def test_the_training_of_one_machine():
    for steps in ([0, 100], [0, 1], [0]):
        render(training.draw(courses(ONE, steps), fixed_points(ONE))[0], layout=steps == [0])
    nowhere = courses(ONE, [0, 100]).assign(T=np.nan, T_cold=np.inf, T_hot=np.inf, stationary=False)
    render(training.draw(nowhere, fixed_points(ONE).assign(T_mix=np.nan))[0])
