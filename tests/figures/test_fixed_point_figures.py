"""Fixed points, relaxation and tests of equilibrium are drawn where the tables say; mixtures by recipe and control."""

import numpy as np
import pandas as pd
import pytest
from drawn import has, points, render
from matplotlib.colors import to_rgb
from synthetic_machines import FULL, ONE, fixed_points, rows

from rbmrg.figures import energy, equilibrium, mixtures, relaxation, sources
from rbmrg.figures import fixed_points as where
from rbmrg.lattice import TC
from rbmrg.report.verdicts import REGIONS

NAMES = FULL | {"closed": 1, "blank": 2}
ROWS = [
    "the paper's recipe", "alpha", "untrained-by-name", "other recipes", "beta", "gamma-Tc", "1e3", "Ising models",
    "closed", "controls", "paper-delta", "blank",
]  # fmt: skip


def row_names(axis):
    return [text.get_text() for text in axis.get_yticklabels()]


def test_fixed_points_lie_in_the_rows_of_their_machines():
    table = fixed_points(NAMES)
    table.loc[table.machine == "blank", ["T", "stationary"]] = [np.inf, True]
    figure, numbers = where.draw(table)
    render(figure)
    pd.testing.assert_frame_equal(numbers.drop(columns=["end", "near"]), table)
    axis = figure.axes[0]
    assert row_names(axis) == ROWS
    one = table[table.machine == "1e3"].iloc[0]
    assert has(points(axis, "o"), one["T"], ROWS.index("1e3")) == one.stationary
    assert len(points(axis, ">")) == 2
    assert has(points(axis, "|"), numbers[numbers.machine == "alpha"].end.median(), ROWS.index("alpha"))
    assert len(points(axis, "|")) == 2  # beta has several seeds, too; the median of blank is beyond the panel
    np.testing.assert_allclose(np.sort(points(axis, "D")[:, 0]), np.sort(table.drop_duplicates("machine").T_mix))


def test_seeds_that_end_near_tc_are_counted():
    table = fixed_points({"alpha": 3, "1e3": 1})
    table["stationary"] = [True, True, False, True]
    table["T"] = [TC - 0.09, TC + 0.11, np.nan, np.nan]
    table["T_cold"] = [1.0, 1.0, TC - 0.5, 1.0]
    table["T_hot"] = [1.0, 1.0, TC + 0.6, 1.0]
    figure, numbers = where.draw(table)
    assert list(numbers.near) == [True, False, True, False]
    np.testing.assert_allclose(numbers.end[:3], [TC - 0.09, TC + 0.11, TC + 0.05])
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert {"2/3", "0/1"} < set(texts)
    assert pytest.approx(REGIONS["temperature"][:2]) == (TC - where.NEAR, TC + where.NEAR)


def test_relaxation_times_lie_in_the_rows_of_their_machines():
    table = fixed_points(NAMES)
    table.loc[table.machine == "1e3", "time_cold"] = 0.1
    figure, numbers = relaxation.draw(table)
    render(figure)
    pd.testing.assert_frame_equal(numbers, table)
    axis = figure.axes[0]
    row = ROWS.index("1e3")
    assert row_names(axis) == ROWS
    assert has(points(axis, "<"), relaxation.SHORTEST, row - 0.1)
    assert has(points(axis, "s"), table[table.machine == "1e3"].time_hot.item(), row + 0.1)
    assert len(points(axis, ">")) == (~table.stationary).sum()


def test_mixtures_are_told_by_recipe_and_control():
    table = fixed_points(NAMES)
    table.loc[table.machine == "blank", ["T", "stationary"]] = [np.inf, True]
    figure, numbers = mixtures.draw(table)
    render(figure)
    families = ["paper", "best", "pcd", "exact", "permuted", "untrained"]
    axis = figure.axes[0]
    assert sorted(text.get_text() for text in axis.texts) == sorted(families)
    assert set(numbers.family) == set(families)
    shown = numbers[np.isfinite(numbers.end)]
    found = points(axis, "o" + "".join(sources.MARKERS[1] + sources.MARKERS[2] + sources.MARKERS[3]))
    np.testing.assert_allclose(np.sort(found[:, 1]), np.sort(shown.end))
    assert len(points(axis, "^")) == 2
    mixtures.draw(fixed_points(ONE))


def test_a_line_goes_through_the_medians_of_machines_trained_on_mixtures():
    table = fixed_points({"alpha": 1, "untrained-by-name": 3})
    table = table.assign(stationary=True, T=[2.0, 2.1, 2.2, 2.9], T_error=0.01)
    figure, _ = mixtures.draw(table)
    line = next(line for line in figure.axes[0].lines if line.get_color() == to_rgb(sources.COLOURS[0][0])
                and line.get_linestyle() == "-")  # fmt: skip
    np.testing.assert_allclose(line.get_ydata(), [2.2])


def test_cells_show_the_seed_with_the_median():
    observables = ["energy_variance", "binder", "energy"]
    table = rows(NAMES, reference=["equilibrium", "mixture"], observable=observables)
    table["z"] = np.where(table.observable == "binder", 100.0, 1.0) * (1 + table.seed) * (-1) ** table.seed
    table["stationary"] = (table.machine != "beta") | (table.seed == 0)
    table.loc[table.machine == "blank", "z"] = np.nan
    table = table[(table.observable != "energy") | (table.reference == "mixture")].reset_index(drop=True)
    figure, numbers = equilibrium.draw(table)
    render(figure)
    cell = numbers[(numbers.machine == "alpha") & (numbers.observable == "energy_variance")]
    assert list(cell.z) == [-2.0, -2.0]
    assert numbers.drop_duplicates("machine").seeds.tolist() == list(NAMES.values())
    assert numbers.shown.all()
    marked = [name + " *" * (name == "beta") for name in ROWS if name in NAMES]
    assert row_names(figure.axes[0]) == marked
    written = [text.get_text() for text in figure.axes[0].texts]
    assert written[:2] == ["−2", "−200"]
    assert written[-2:] == ["–", "–"]
    assert [text.get_text() for text in figure.axes[1].get_xticklabels()] == ["$E$", r"var $E$", "Binder"]


def test_energies_are_drawn_beside_the_exact_ones():
    table = pd.DataFrame({"L": [6, 6, 8], "T": [0.0, TC, 2.0], "n": 1000})
    table = table.assign(energy=[-2.0, -1.5, -1.75], energy_error=0.01, specific_heat=[0.0, 1.0, 0.7])
    table = table.assign(specific_heat_error=0.1, energy_exact=[-2.0, -1.4, -1.75])
    figure, numbers = energy.draw(table)
    render(figure)
    assert numbers.z[0] == numbers.z[2] == 0
    assert numbers.z[1] < -1
    assert has(points(figure.axes[2], "o"), TC, numbers.z[1])
    assert all(has(points(figure.axes[0], "os"), row.T, row.energy) for row in table.itertuples())
    curves = [line for line in figure.axes[0].lines if line.get_linestyle() == "--" and len(line.get_xdata())]
    assert len({line.get_color() for line in curves}) == 2  # a colour for each lattice
