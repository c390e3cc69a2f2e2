"""The ablation is drawn where the tables say, with the band of rules and the untrained machine of the same lattice."""

import numpy as np
import pandas as pd
import pytest
from drawn import has, render
from matplotlib.colors import to_rgb
from synthetic_layers import MACHINES, bands, sources, statistics

from rbmrg.figures import ablation, style

PARAMETERS = {
    "training": ("2.269", "2.0", "0-5.9"), "hidden": ("16", "64", "256"), "l1": ("0", "0.001", "0.01"),
}  # fmt: skip
BASE = {"training": "2.269", "hidden": "64", "l1": "0"}


def ablations():
    rows = [("base-L16", parameter, value, "base-L16") for parameter, value in BASE.items()]
    rows += [
        (f"{parameter}={value}", parameter, value, "base-L16")
        for parameter, values in PARAMETERS.items() for value in values if value != BASE[parameter]
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["machine", "parameter", "value", "base"])


@pytest.fixture
def ablated():
    """Statistics of the ablation at L = 16, beside others at L = 32; one of its machines has the name of a rule."""
    machines = dict.fromkeys(["blank-L16", "average", *ablations().machine], 2)
    small = statistics(sources(machines, ["average"]), L=16, layers=1)
    return pd.concat([statistics(sources(MACHINES)), small], ignore_index=True)


def divergences(table):
    """KL of the machines of a `table` of statistics, two seeds each, and of a second layer, which has none."""
    rows = table.loc[table.kind == "machine", ["source", "control", "seed", "L"]].drop_duplicates()
    rows = rows.reset_index(drop=True).rename(columns={"source": "machine"}).assign(layer=1, kl_error=0.001)
    rows["kl"] = 0.01 * (1 + np.arange(len(rows)))
    return pd.concat([rows, rows.assign(layer=2, kl=np.nan)], ignore_index=True)


def test_ablations_are_where_the_table_says(ablated):
    figure, numbers = ablation.draw(ablated, bands(ablated), ablations(), divergences(ablated))
    kl = divergences(ablated).rename(columns={"machine": "source", "kl": "position"})
    kl = kl.assign(kind="machine", of="machine", statistic="kl")
    table = pd.concat([ablated, kl[kl.layer == 1]], ignore_index=True)
    assert len(numbers) == len(ablations()) * len(ablation.STATISTICS)
    rows = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert rows == ["training", "$T_c$", "2", "0-5.9", "hidden", "64", "16", "256", "l1", "0", "0.001", "0.01"]
    for axis, (of, name) in zip(figure.axes, ablation.STATISTICS, strict=True):
        mine = numbers[(numbers.parameter == "hidden") & (numbers.of == of) & (numbers.statistic == name)]
        for row in mine.itertuples():
            seeds = table[(table.source == row.machine) & (table.of == of) & (table.statistic == name)]
            assert row.estimate == pytest.approx(seeds.position.mean())
            line = [each for each in axis.lines if has(each.get_xydata(), row.estimate, rows.index(row.value))]
            assert {each.get_markerfacecolor() == "white" for each in line} == {row.machine == "base-L16"}
        here = table[(table.L == 16) & (table.of == of) & (table.statistic == name)]
        np.testing.assert_allclose(mine[["low", "high"]], np.nan if name == "kl" else [[0.8, 1.2]] * len(mine))
        np.testing.assert_allclose(mine.null, here[here.source == "blank-L16"].position.mean())
        bands_drawn = [patch for patch in axis.patches if patch.get_facecolor()[:3] == to_rgb(style.BAND["color"])]
        assert len(bands_drawn) == (name != "kl")
        assert axis.get_xscale() == ("log" if name == "kl" else "linear")


def test_ablations_of_one_parameter_without_references(ablated):
    table = ablated[~ablated.source.isin(["average", "blank-L16"])]
    table.loc[table.source == "l1=0.01", "position"] = np.nan
    chosen = ablations()[ablations().parameter == "l1"]
    unknown = bands(table).assign(low=np.nan, high=np.nan, null=np.nan, valid=False)
    figure, numbers = ablation.draw(table, unknown, chosen.assign(value=chosen.value.astype(float)), divergences(table))
    render(figure)
    assert list(numbers.value.unique()) == ["0", "0.001", "0.01"]
    assert numbers[["low", "high", "null"]].isna().all(axis=None)


def test_values_with_equal_labels_have_rows_of_their_own(ablated):
    """The temperatures 2.269 and 2.27 are both called Tc; 0 and 0.0 are written alike."""
    varied = ablations().replace({"value": {"2.0": "2.27", "0.01": "0.0"}})
    figure, numbers = ablation.draw(ablated, bands(ablated), varied, divergences(ablated))
    rows = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert rows == ["training", "$T_c$", "$T_c$", "0-5.9", "hidden", "64", "16", "256", "l1", "0", "0.001", "0"]
    headings = [text.get_text() for text in figure.axes[0].get_yticklabels() if text.get_fontstyle() == "italic"]
    assert headings == list(PARAMETERS)
    kl = numbers[numbers.statistic == "kl"].set_index("machine").estimate
    drawn = np.concatenate([line.get_xydata() for line in figure.axes[2].lines if len(line.get_xydata())])
    for machine, row in {"training=2.0": 2, "l1=0.01": 11}.items():
        assert has(drawn, kl[machine], row)
