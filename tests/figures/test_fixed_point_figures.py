"""Fixed points, relaxation and tests of equilibrium are drawn where the tables say; mixtures by recipe and control."""

import numpy as np
import pandas as pd
from drawn import has, labels, points, render
from synthetic_machines import FULL, ONE, fixed_points, rows

from rbmrg.figures import energy, equilibrium, mixtures, relaxation
from rbmrg.figures import fixed_points as where
from rbmrg.lattice import TC

NAMES = FULL | {"closed": 1, "blank": 2}


def row_names(axis):
    return [text.get_text() for text in axis.get_yticklabels()]


def test_fixed_points_lie_in_the_rows_of_their_machines():
    table = fixed_points(NAMES)
    table.loc[table.machine == "blank", ["T", "stationary"]] = [np.inf, True]
    figure, numbers = where.draw(table)
    render(figure)
    pd.testing.assert_frame_equal(numbers, table)
    axis = figure.axes[0]
    assert row_names(axis) == list(NAMES)
    one = table[table.machine == "1e3"].iloc[0]
    assert has(points(axis, "o"), one["T"], list(NAMES).index("1e3")) == one.stationary
    assert len(points(axis, ">")) == 2
    ticks = points(axis, "|")
    np.testing.assert_allclose(ticks[:, 0], table.drop_duplicates("machine").T_mix)


def test_relaxation_times_lie_in_the_rows_of_their_machines():
    table = fixed_points(NAMES)
    table.loc[table.machine == "1e3", "time_cold"] = 0.1
    figure, numbers = relaxation.draw(table)
    render(figure)
    pd.testing.assert_frame_equal(numbers, table)
    axis = figure.axes[0]
    row = list(NAMES).index("1e3")
    assert row_names(axis) == list(NAMES)
    assert has(points(axis, "<"), relaxation.SHORTEST, row - 0.1)
    assert has(points(axis, "s"), table[table.machine == "1e3"].time_hot.item(), row + 0.1)
    assert len(points(axis, ">")) == (~table.stationary).sum()


def test_mixtures_are_told_by_recipe_and_control():
    table = fixed_points(NAMES)
    table.loc[table.machine == "blank", "T"] = np.inf
    figure, numbers = mixtures.draw(table)
    render(figure)
    assert list(numbers.family.unique()) == ["paper", "best", "permuted", "pcd", "exact", "untrained"]
    pd.testing.assert_frame_equal(numbers.drop(columns="family"), table)
    shown = table[np.isfinite(table["T"])]
    families = numbers.family[shown.index].drop_duplicates()
    assert labels(figure.legends[0])[2:] == list(families)
    found = points(figure.axes[0], "os^DvPX*")
    np.testing.assert_allclose(np.sort(found[:, 1]), np.sort(shown["T"]))
    mixtures.draw(fixed_points(ONE))


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
    marked = [name + " *" * (name == "beta") for name in NAMES]
    assert row_names(figure.axes[0]) == marked
    written = [text.get_text() for text in figure.axes[0].texts]
    assert written[:2] == ["−2.0", "−200"]
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
    assert has(points(figure.axes[2], "."), TC, numbers.z[1])
    assert all(has(points(figure.axes[0], "o"), row.T, row.energy) for row in table.itertuples())
