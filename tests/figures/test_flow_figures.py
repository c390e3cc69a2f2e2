"""The figures along flows show the numbers they are given, and draw whatever a small study has."""

import numpy as np
import pandas as pd
from drawn import has, points, render, titles
from synthetic_machines import FULL, ONE, fixed_points, rows

from rbmrg.figures import flow_histograms, flow_temperatures, training
from rbmrg.lattice import TC

CHOSEN = {"untrained-by-name": "paper, 0–5.9", "gamma-Tc": "pcd, 0–5.9", "1e3": "best, $T_c$",
          "paper-delta": "permuted, $T_c$"}  # fmt: skip
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
    seeds = FULL | {"untrained-by-name": 3}
    table = readings(seeds, [0.0, 1.0, TC, 3.0, 5.9], [0, 1, 10, 100])
    table["temperature"] *= 1 + 0.1 * table.seed**2
    table.loc[table.machine == "1e3", ["temperature", "error"]] = np.inf, np.nan
    table.loc[table.machine == "paper-delta", "temperature"] = np.nan
    figure, numbers = flow_temperatures.draw(table)
    render(figure)
    assert titles(figure) == list(CHOSEN.values())
    pd.testing.assert_frame_equal(numbers, table.loc[numbers.index])
    assert set(numbers.start) == {0.0, 5.9}
    assert set(numbers.thermometer) == {"energy"}
    assert len(numbers) == (3 + 3) * 2 * 4
    axis = figure.axes[0]
    mine = numbers[(numbers.machine == "untrained-by-name") & (numbers.start == 0.0)]
    thick = [line for line in axis.lines if line.get_linewidth() > 1]
    np.testing.assert_allclose(thick[0].get_ydata(), mine[mine.seed == 1].temperature)  # the median of three seeds
    shown = [tuple(line.get_ydata()) for line in axis.lines]
    assert all(tuple(each.temperature) in shown for _, each in mine.groupby("seed"))
    assert len(points(figure.axes[2], "^")) == 2 * 4


def test_histograms():
    table = histograms(FULL, [0.0, TC, 5.9], [0, 30, 1000], [0.0, 0.3, 2.2, 2.3, 2.4, 5.9])
    figure, numbers = flow_histograms.draw(table)
    render(figure, layout=False)
    assert titles(figure) == list(CHOSEN.values())
    assert (numbers.step == 30).all()
    np.testing.assert_allclose(numbers.groupby(["machine", "start"]).share.sum(), 1)
    chosen = table[(table.step == 30) & (table.thermometer == "network 0") & table.machine.isin(CHOSEN)]
    for start, here in ((0.0, chosen[chosen.start == 0.0]), (5.9, chosen[chosen.start == 5.9]), ("all", chosen)):
        assert numbers[numbers.start == start]["count"].sum() == here["count"].sum()


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
    at_tc, mixture = figure.axes
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["trained at $T_c$", "trained on 0–5.9"]
    pd.testing.assert_frame_equal(numbers.drop(columns=["T_mix", "shown"]), table)
    assert (numbers.T_mix == 2.5).all()
    assert numbers.shown.all()
    assert {"paper", "best", "pcd", "permuted"} <= {text.get_text() for text in at_tc.texts}
    last = table[(table.machine == "gamma-Tc") & (table.training_step == 400)].iloc[0]
    shown = points(mixture, "s")
    assert last.stationary == has(shown, 400 * training.DODGE**0.5, last["T"])


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
