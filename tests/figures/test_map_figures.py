"""The figures of layers show the numbers they are given, and draw whatever a small study has."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg.figures import ablation, covariance, layer_temperatures, maps, separation, style
from rbmrg.lattice import TC
from rbmrg.layers import statistics as map_statistics

RULES = ("majority", "average", "decimation")
MACHINES = {"untrained-L32": 1, "paper-Tc-L32": 3, "best-Tc-L32": 2, "l1-Tc-L32": 1}
THERMOMETERS = ("energy", "magnetisation", "network")
PARAMETERS = {
    "training": ("Tc", "2.0", "0-5.9"), "hidden": ("16", "64", "256"), "l1": ("0", "0.001", "0.01"),
}  # fmt: skip
BASE = {"training": "Tc", "hidden": "64", "l1": "0"}


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


def sources(machines, rules=RULES):
    named = [("rule", name, 0) for name in rules]
    return named + [("machine", name, seed) for name, seeds in machines.items() for seed in range(seeds)]


def layer_file(kind, name, seed, layer=1, L=32):
    """A layer as the workflow writes it: one patch a unit on a background, those of machines of both signs."""
    rng = np.random.default_rng([seed, layer, len(name)])
    side = L // 2**layer
    y, x = (2**layer * place + 0.5 for place in divmod(np.arange(side**2), side))
    away = [np.abs((np.arange(L) - centre[:, None] + L / 2) % L - L / 2) for centre in (y, x)]
    r2 = away[0][:, :, None] ** 2 + away[1][:, None, :] ** 2
    sign = rng.choice([-1, 1], side**2)[:, None, None] if kind == "machine" else 1.0
    trained = 0.05 if name.startswith("untrained") else 1.0
    values = sign * trained * (0.45 + 0.33 * np.exp(-np.sqrt(r2) / 4)) + rng.normal(0, 0.01, r2.shape)
    field = np.where(r2 < 1, 0.4, 0.0) if kind == "rule" else sign * trained * np.exp(-r2 / 8) + rng.normal(0, 0.02)
    eigenvalue = np.arange(1, side**2 + 1.0) ** (-7 / 8 * trained) * rng.normal(1, 0.02, side**2)
    return xr.Dataset(
        {"correlator": (("states", "unit", "y", "x"), np.stack([values, 0.9 * values])),
         "field": (("unit", "y", "x"), field), "eigenvalue": ("mode", eigenvalue),
         "eigenvalue_error": ("mode", 0.05 * eigenvalue)},
        coords={"states": ["sampled", "means"]},
        attrs={"kind": kind, "source": name, "L": L, "replica": seed, "layer": layer},
    )  # fmt: skip


def files(machines, rules=RULES, layers=2):
    given = [layer_file(*source, layer) for source in sources(machines, rules) for layer in range(1, layers + 1)]
    return [*given, layer_file("machine", "small", 0, L=16)]


def statistics(names, L=32, layers=2):
    """Of rules near 1, of machines below and noisy, of untrained ones near 0."""
    index = pd.MultiIndex.from_product(
        [names, range(1, layers + 1), ("map", "field"), map_statistics.STATISTICS],
        names=["which", "layer", "of", "statistic"],
    )
    table = index.to_frame(index=False)
    kinds = pd.DataFrame(table.pop("which").tolist(), columns=["kind", "source", "seed"])
    table, rng = pd.concat([kinds, table], axis=1).assign(L=L, units=256), np.random.default_rng(1)
    rule = table.kind == "rule"
    level = np.select([rule, table.source.str.startswith("untrained")], [1.0, 0.05], 0.6)
    table["mean"] = level + rng.normal(0, 0.03, len(table))
    table["error"], table["spread"] = 0.01, np.where(rule, 0.02, 0.15)
    table["separation"] = (table["mean"] - 1) * rng.lognormal(2, 1.3, len(table))
    table["separation_error"] = 0.05 * table.separation.abs() + 0.05
    table.loc[table.source == "average", ["separation", "separation_error"]] = np.nan
    return table[(table.statistic != "corr_m") | (table.of == "map")].reset_index(drop=True)


def ablations():
    rows = [("base-L16", parameter, value, "base-L16") for parameter, value in BASE.items()]
    rows += [
        (f"{parameter}={value}", parameter, value, "base-L16")
        for parameter, values in PARAMETERS.items() for value in values if value != BASE[parameter]
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["machine", "parameter", "value", "base"])


def ablated():
    machines = dict.fromkeys(["untrained-L16", *ablations().machine], 2)
    small = statistics(sources(machines, ["average"]), L=16, layers=1)
    return pd.concat([statistics(sources(MACHINES)), small], ignore_index=True)


def divergences(table):
    """KL of the machines of a `table` of statistics, two seeds each, and of a second layer, which has none."""
    rows = table.loc[table.kind == "machine", ["source", "seed", "L"]].drop_duplicates().reset_index(drop=True)
    rows = rows.rename(columns={"source": "machine"}).assign(layer=1, kl_error=0.001)
    rows["kl"] = 0.01 * (1 + np.arange(len(rows)))
    return pd.concat([rows, rows.assign(layer=2, kl=np.nan)], ignore_index=True)


def readings(machines, rules=RULES):
    index = pd.MultiIndex.from_product(
        [sources(machines, rules), (2.0, TC, 2.4, 2.6), range(3), THERMOMETERS],
        names=["which", "T", "layer", "thermometer"],
    )
    table = index.to_frame(index=False)
    kinds = pd.DataFrame(table.pop("which").tolist(), columns=["kind", "source", "seed"])
    table = pd.concat([kinds, table], axis=1)
    biased = np.where(table.kind == "rule", 0, 0.4) * table.layer * (table.thermometer == "energy")
    T = TC + (table["T"] - TC) * 2.0**table.layer + biased + 0.02 * table.seed
    return table.assign(L=32 // 2**table.layer, temperature=T, error=0.02)


def lines(figure_axis, marker):
    """The points of an axis that are drawn with `marker`, [points, 2]."""
    found = [line.get_xydata() for line in figure_axis.lines if line.get_marker() == marker]
    return np.concatenate(found) if found else np.empty((0, 2))


def has(points, x, y):
    return bool((np.isclose(points[:, 0], x) & np.isclose(points[:, 1], y)).any())


def panel(figure, title):
    return next(axis for axis in figure.axes if axis.get_title().replace("\n", "_") == title)


# --- maps -------------------------------------------------------------------------------------------------------------


def test_maps_stand_above_their_fields():
    given = files(MACHINES)
    figure, numbers = maps.draw(given)
    order = ["average", "majority", "paper-Tc-L32", "best-Tc-L32", "l1-Tc-L32", "untrained-L32"]
    assert list(numbers.source.unique()) == order  # the small lattice, later seeds and layers are left out
    paper = next(source for source in given if source.attrs["source"] == "paper-Tc-L32")
    above, below = (figure.axes[2 + row * len(order)].images[0] for row in (0, 1))
    units = np.linspace(0, 255, 16).round().astype(int)
    for image, values in ((above, paper.correlator[0].values), (below, paper.field.values)):
        picture = np.ma.filled(image.get_array(), np.nan)
        for place, unit in enumerate(units):
            row, column = divmod(place, 4)
            tile = picture[33 * row : 33 * row + 32, 33 * column : 33 * column + 32]
            np.testing.assert_array_equal(tile, values[unit])
    assert above.get_clim() == (-1, 1)
    assert below.get_clim()[1] == np.abs(paper.field.values[units]).max()
    mine = numbers[numbers.source == "paper-Tc-L32"].set_index("unit")
    assert list(mine.index) == list(units)
    np.testing.assert_allclose(mine.map_mean, paper.correlator.values[0][units].mean(axis=(1, 2)))
    np.testing.assert_allclose(mine.field_minimum, paper.field.values[units].min(axis=(1, 2)))


def test_maps_of_few_and_of_many_sources():
    for machines, rules, columns in (
        ({}, ["average"], 1),
        ({"a": 1}, [], 1),
        (dict.fromkeys("abcdef", 1), RULES, 7),
    ):
        given = [layer_file(*source) for source in sources(machines | {"untrained": 1} if machines else {}, rules)]
        figure, numbers = maps.draw(given)
        figure.draw_without_rendering()
        assert numbers.source.nunique() == columns + (machines == {"a": 1})
        assert not machines or numbers.source.iloc[-1] == "untrained"


# --- separation -------------------------------------------------------------------------------------------------------


def test_separations_are_where_the_table_says():
    table = statistics(sources(MACHINES))
    table.loc[(table.source == "best-Tc-L32") & (table.statistic == "moran"), "separation"] = -np.inf
    table.loc[(table.source == "l1-Tc-L32") & (table.statistic == "geary"), "separation"] = np.nan
    smaller = statistics(sources({"small": 1}), L=16)
    figure, numbers = separation.draw(pd.concat([table, smaller]))
    figure.draw_without_rendering()
    assert set(numbers.source) == set(MACHINES)
    assert set(numbers.layer) == {1}
    seeds = table[(table.source == "paper-Tc-L32") & (table.layer == 1) & (table.of == "map")]
    mine = numbers[(numbers.source == "paper-Tc-L32") & (numbers.of == "map")].set_index("statistic")
    means = seeds.groupby("statistic").separation.mean()
    np.testing.assert_allclose(mine.separation, means[mine.index])
    names, high = list(map_statistics.STATISTICS), figure.axes[0].get_xlim()[1]
    for axis, of in zip(figure.axes, ("map", "field"), strict=True):
        drawn = np.concatenate([lines(axis, marker) for marker in (*style.ALONE, "o", ">")])
        rows = numbers[(numbers.of == of) & numbers.separation.notna()]
        assert len(drawn) == len(rows)
        for row in rows.itertuples():
            close = np.abs(drawn[:, 1] - names.index(row.statistic)) < 0.5
            assert np.isclose(drawn[close, 0], min(abs(row.separation), high)).any()
        np.testing.assert_allclose(lines(axis, ">")[:, 0], high)
        beyond = rows.separation.abs() > high
        assert len(lines(axis, ">")) == beyond.sum() >= 1


def test_labels_are_those_of_the_statistics():
    """The table of labels is repeated in the figure, whose code does not hang on that of the statistics."""


def test_separations_of_one_machine_and_of_none():
    for machines in ({"a": 1}, {"untrained": 1}, {}):
        table = statistics(sources(machines, ["average"]), layers=1)
        figure, numbers = separation.draw(table[table.statistic.isin(["moran", "overlap"])])
        figure.draw_without_rendering()
        assert len(numbers) == 4 * len(machines)


# --- layer temperatures -----------------------------------------------------------------------------------------------


def test_layer_temperatures_are_where_the_table_says():
    table = readings(MACHINES)
    first = (table.source == "untrained-L32") & (table.layer > 0)
    table.loc[first & (table.thermometer == "energy"), "temperature"] = np.inf
    table.loc[first & (table.thermometer == "network"), "temperature"] = np.nan
    table.loc[first & (table.thermometer == "magnetisation"), "temperature"] = 0.0
    figure, numbers = layer_temperatures.draw(table)
    figure.draw_without_rendering()
    titles = [axis.get_title() for axis in figure.axes if axis.axison]
    assert titles == [*RULES, *[name for name in MACHINES if name != "untrained-L32"], "untrained-L32"]
    axis, low_high = panel(figure, "paper-Tc-L32"), layer_temperatures.LOW_HIGH
    for place, (thermometer, marker) in enumerate(zip(THERMOMETERS, "os^", strict=True)):
        rows = numbers[(numbers.source == "paper-Tc-L32") & (numbers.thermometer == thermometer)]
        inside = rows[np.clip(rows.temperature, *low_high) == rows.temperature]
        for row in inside.itertuples():
            assert has(lines(axis, marker), row.layer + layer_temperatures.DODGE * (place - 1), row.temperature)
    axis = panel(figure, "untrained-L32")
    assert len(lines(axis, "v")) == 2 * 4
    np.testing.assert_allclose(lines(axis, "v")[:, 1], low_high[0])
    up = lines(axis, "^")
    assert (up[:, 1] == low_high[1]).sum() == 2 * 4  # the rest are markers of the network at the bottom
    assert len(up) == 3 * 4
    one = numbers[(numbers.source == "paper-Tc-L32") & (numbers.layer == 1) & (numbers["T"] == 2.4)]
    np.testing.assert_allclose(one.error, max(0.02 / np.sqrt(3), np.std([0, 0.02, 0.04], ddof=1) / np.sqrt(3)))


def test_layer_temperatures_of_a_small_study():
    table = readings({"a": 1}, rules=[])
    for chosen in (table, table[table["T"] == TC], table[table.layer == 0], table.assign(temperature=np.nan)):
        figure, numbers = layer_temperatures.draw(chosen)
        figure.draw_without_rendering()
        assert len(numbers) == len(chosen)


def test_means_over_seeds():
    value, error = style.over_seeds([[1.0, 1.0], [3.0, 1.0]], [[0.1, 0.3], [0.1, 0.4]])
    np.testing.assert_allclose(value, [2, 1])
    np.testing.assert_allclose(error, [1, 0.25])
    assert style.over_seeds([2.0], [0.1]) == (2.0, 0.1)
    value, error = style.over_seeds([2.0, np.inf], [0.1, np.nan])
    assert value == np.inf
    assert np.isnan(error)


# --- covariance -------------------------------------------------------------------------------------------------------


def test_spectra_are_in_units_of_the_trace():
    given = files(MACHINES)
    figure, numbers = covariance.draw(given)
    figure.draw_without_rendering()
    assert [axis.get_title() for axis in figure.axes] == ["RG rules", "machines"]
    assert set(numbers.source) == {*RULES, *MACHINES}
    np.testing.assert_allclose(numbers.groupby(["source", "layer"]).share.sum(), 1)
    seeds = [source for source in given if (source.attrs["source"], source.attrs["layer"]) == ("paper-Tc-L32", 2)]
    shares = np.array([source.eigenvalue.values / source.eigenvalue.values.sum() for source in seeds])
    mine = numbers[(numbers.source == "paper-Tc-L32") & (numbers.layer == 2)]
    np.testing.assert_allclose(mine.share, shares.mean(axis=0))
    dashed = [line for line in figure.axes[1].lines if line.get_linestyle() == "--"]
    assert any(np.array_equal(line.get_ydata(), mine.share) for line in dashed)
    labels = [text.get_text() for text in figure.axes[1].get_legend().get_texts()]
    assert sorted(labels) == sorted(MACHINES)


def test_spectra_of_a_small_study():
    for machines, rules, layers in (({}, ["average"], 1), ({"a": 2}, ["average"], 3)):
        given = [layer_file(*each, n) for each in sources(machines, rules) for n in range(1, layers + 1)]
        given[0]["eigenvalue"][-1] = 0.0  # a hidden unit that is the sum of others
        figure, _ = covariance.draw(given)
        figure.draw_without_rendering()


# --- ablation ---------------------------------------------------------------------------------------------------------


def test_ablations_are_where_the_table_says():
    table = ablated()
    figure, numbers = ablation.draw(table, ablations(), divergences(table))
    kl = divergences(table).rename(columns={"machine": "source", "kl": "mean"}).assign(of="machine", statistic="kl")
    table = pd.concat([table, kl[kl.layer == 1]], ignore_index=True)
    assert len(numbers) == len(ablations()) * len(ablation.STATISTICS)
    for place, (of, name) in enumerate(ablation.STATISTICS):
        axis = figure.axes[place * len(PARAMETERS) + 1]
        values = list(ablations()[ablations().parameter == "hidden"].value)
        rows = numbers[(numbers.parameter == "hidden") & (numbers.of == of) & (numbers.statistic == name)]
        for row in rows.itertuples():
            seeds = table[(table.source == row.machine) & (table.of == of) & (table.statistic == name)]
            assert row.mean == pytest.approx(seeds["mean"].mean())
            line = [each for each in axis.lines if has(each.get_xydata(), values.index(row.value), row.mean)]
            assert {each.get_markerfacecolor() == "white" for each in line} == {row.machine == "base-L16"}
        of_rule = table[(table.source == "average") & (table.L == 16) & (table.of == of) & (table.statistic == name)]
        np.testing.assert_allclose(rows.reference, of_rule["mean"].squeeze() if name != "kl" else np.nan)
        assert axis.get_yscale() == ("log" if name == "kl" else "linear")
    assert [text.get_text() for text in figure.axes[-len(PARAMETERS) + 1].get_xticklabels()] == values


def test_ablations_of_one_parameter_without_references():
    table = ablated()
    table = table[~table.source.isin(["average", "untrained-L16"])]
    table.loc[table.source == "l1=0.01", "mean"] = np.nan
    chosen = ablations()[ablations().parameter == "l1"]
    figure, numbers = ablation.draw(table, chosen.assign(value=chosen.value.astype(float)), divergences(table))
    figure.draw_without_rendering()
    assert list(numbers.value.unique()) == ["0", "0.001", "0.01"]
    assert numbers[["reference", "null"]].isna().all(axis=None)
