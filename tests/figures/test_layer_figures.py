"""Temperatures of layers and positions of statistics are drawn where their tables say, an untrained machine last."""

import numpy as np
import pandas as pd
import pytest
from drawn import has, labels, panel, points, render, titles
from synthetic_layers import MACHINES, ORDER, RULES, bands, rows, sources, statistics

from rbmrg.figures import layer_temperatures, separation
from rbmrg.lattice import TC
from rbmrg.layers.statistics import STATISTICS

THERMOMETERS = ("magnetisation", "overlap")


# --- positions --------------------------------------------------------------------------------------------------------


def test_positions_are_where_the_table_says():
    table = statistics(sources(MACHINES))
    table.loc[(table.source == "untrained-by-name") & (table.statistic == "patch"), "position"] = -7.0
    table.loc[(table.source == "sparse") & (table.statistic == "gyration"), "position"] = np.nan
    everything = pd.concat([table, statistics(sources({"small": 1}), L=16)])
    figure, numbers = separation.draw(everything, bands(everything))
    render(figure)
    assert labels(figure.legends[0]) == [*ORDER, "band of RG rules"]
    assert set(numbers.source) == set(MACHINES)
    assert set(numbers.layer) == {1}
    seeds = table[(table.source == "paper") & (table.layer == 1) & (table.of == "map")]
    mine = numbers[(numbers.source == "paper") & (numbers.of == "map")].set_index("statistic")
    means = seeds.groupby("statistic").position.mean()
    np.testing.assert_allclose(mine.position, means[mine.index])
    axis = figure.axes[0]
    texts = [text.get_text() for text in axis.get_yticklabels()]
    names = [name for name in STATISTICS if name != "moran"]
    assert texts == [text for of in ("field", "map")
                     for text in (separation.HEADINGS[of], *(STATISTICS[name][0] for name in names))]  # fmt: skip
    shown = points(axis, "DPH<")
    valid = numbers[(numbers.statistic != "moran") & numbers.position.notna()]
    assert len(shown) == len(valid)
    for row in valid.itertuples():
        y = 1 + names.index(row.statistic) + (1 + len(names)) * (row.of == "map")
        close = np.abs(shown[:, 1] - y) < 0.5
        assert np.isclose(shown[close, 0], max(row.position, separation.LOW_HIGH[0])).any()
    assert points(axis, "<")[:, 0].tolist() == [separation.LOW_HIGH[0]] * 2
    bars = [bar for bar in axis.patches if np.isclose(bar.get_height(), 0.9)]
    assert len(bars) == 2 * len(names)
    np.testing.assert_allclose([(bar.get_x(), bar.get_width()) for bar in bars], [(0.8, 0.4)] * len(bars))
    handles = {line.get_label(): line for line in figure.legends[0].get_lines()}
    assert [handles[name].get_marker() for name in ORDER] == list("DDPH")
    assert [handles[name].get_markerfacecolor() == "white" for name in ORDER] == [False, True, False, False]


@pytest.mark.parametrize("machines", [{"a": 1}, {"blank": 1}, {}])
def test_positions_of_one_machine_and_of_none(machines):
    table = statistics(sources(machines, ["average"]), layers=1)
    table = table[table.statistic.isin(["moran", "overlap"])]  # the first is not valid and has no row
    figure, numbers = separation.draw(table, bands(table))
    render(figure, layout=not machines)
    assert len(numbers) == 4 * len(machines)


# --- layer temperatures -----------------------------------------------------------------------------------------------


def readings(machines, rules=RULES):
    table = rows(sources(machines, rules), T=(2.0, TC, 2.4, 2.6), layer=range(3), thermometer=THERMOMETERS)
    biased = np.where(table.kind == "rule", 0, 0.4) * table.layer * (table.thermometer == "overlap")
    T = TC + (table["T"] - TC) * 2.0**table.layer + biased + 0.02 * table.seed
    return table.assign(L=32 // 2**table.layer, temperature=T, error=0.02)


def test_layer_temperatures_are_where_the_table_says():
    table = readings(MACHINES)
    first = (table.source == "blank") & (table.layer > 0)
    table.loc[first & (table.thermometer == "overlap"), "temperature"] = np.inf
    table.loc[first & (table.thermometer == "magnetisation"), "temperature"] = 0.0
    figure, numbers = layer_temperatures.draw(pd.concat([table, table.assign(thermometer="energy")]))
    assert set(numbers.thermometer) == set(THERMOMETERS)  # not all layers have an energy
    render(figure, layout=False)
    assert titles(figure) == [*RULES, *ORDER]
    axis = panel(figure, "paper")
    low_high = layer_temperatures.LOW_HIGH
    for place, (thermometer, marker) in enumerate(zip(THERMOMETERS, "so", strict=True)):
        mine = numbers[(numbers.source == "paper") & (numbers.thermometer == thermometer)]
        inside = mine[np.clip(mine.temperature, *low_high) == mine.temperature]
        for row in inside.itertuples():
            assert has(points(axis, marker), row.layer + layer_temperatures.DODGE * (place - 0.5), row.temperature)
    axis = panel(figure, "blank")
    assert len(points(axis, "v")) == 2 * 4
    np.testing.assert_allclose(points(axis, "v")[:, 1], low_high[0])
    assert len(points(axis, "^")) == 2 * 4
    np.testing.assert_allclose(points(axis, "^")[:, 1], low_high[1])
    one = numbers[(numbers.source == "paper") & (numbers.layer == 1) & (numbers["T"] == 2.4)]
    np.testing.assert_allclose(one.error, max(0.02 / np.sqrt(3), np.std([0, 0.02, 0.04], ddof=1) / np.sqrt(3)))


def test_layer_temperatures_of_a_small_study():
    table = readings({"a": 1}, rules=[])
    for chosen in (table, table[table["T"] == TC], table[table.layer == 0], table.assign(temperature=np.nan)):
        figure, numbers = layer_temperatures.draw(chosen)
        render(figure, layout=chosen.temperature.isna().all())
        assert len(numbers) == len(chosen)


def test_a_rule_and_a_machine_of_one_name_have_a_panel_each():
    table = readings({"majority": 1}, rules=["majority"])
    figure, numbers = layer_temperatures.draw(table)
    assert titles(figure) == ["majority", "majority"]
    assert len(numbers) == len(table)
