"""The plane of couplings and the table of Hamiltonians show what the table of couplings says."""

import numpy as np
import pandas as pd
import pytest
from drawn import has, points, render

from rbmrg.exponents import hamiltonians
from rbmrg.exponents.coupling_names import EQUIVALENT, OPERATORS, OTHERS
from rbmrg.exponents.critical_line import KC
from rbmrg.figures import couplings_plane, couplings_table, style

ROWS = (*OPERATORS, EQUIVALENT, OTHERS)


def hamiltonian(of, source, nn, others, kind="machine", training="2.269185", **columns):
    """Rows of a Hamiltonian; its couplings other than nn and OTHERS are 0, EQUIVALENT is critical."""
    values = dict.fromkeys(ROWS, 0.0) | {"nn": nn, EQUIVALENT: KC, OTHERS: others}
    table = pd.DataFrame({"operator": ROWS, "coupling": [*values.values()], "error": 0.01})
    fixed = {"of": of, "source": source, "kind": kind, "training": training, "K": KC, "T": 1 / KC, "control": "none"}
    usual = {"seed": 0, "step": 0.0 if kind == "machine" else np.nan, "layer": 0, "L": 10, "recipe": "paper",
             "unexplained": 0.01}  # fmt: skip
    return table.assign(**fixed | usual | columns).reindex(columns=hamiltonians.COLUMNS)


@pytest.fixture
def couplings():
    rule = {"kind": "rule", "training": np.nan, "recipe": np.nan}
    return pd.concat([
        *(hamiltonian("blocks", "majority", *at, layer=layer, T=2.2, **rule)
          for layer, at in enumerate([(1 / 2.2, 0.0), (0.4, 0.05), (0.42, 0.09)])),
        hamiltonian("hidden", "conv", 0.6, 0.1, recipe="convolutional", layer=1, L=32),
        hamiltonian("visible", "conv", 0.2, 0.3, recipe="convolutional", L=32, seed=1, step=300.0),
        hamiltonian("visible", "paper-Tc", 0.0, 0.0, step=0.0),
        hamiltonian("visible", "paper-Tc", 0.11, 0.22, step=400.0),
        hamiltonian("visible", "paper-Tc", 0.13, 0.22, step=400.0, seed=1),
        hamiltonian("visible", "far", 0.2, 1.7, recipe="pcd"),
        hamiltonian("visible", "small", 0.25, 0.35, L=8),
        hamiltonian("visible", "mixed", 0.3, 0.1, training="0 to 5.9, 60 temperatures"),
        hamiltonian("placed", "paper-Tc", 0.7, 0.2),
        hamiltonian("flow", "paper-Tc", 0.7, 0.2),
    ], ignore_index=True)  # fmt: skip


def test_the_plane_has_machines_above_and_rules_and_hidden_layers_below(couplings):
    figure, numbers = couplings_plane.draw(couplings)
    render(figure)
    above, below = figure.axes
    shown = points(below, style.MARKERS)
    for point in ((1 / 2.2, 0.0), (0.4, 0.05), (0.42, 0.09), (0.6, 0.1)):
        assert has(shown, *point)
    assert not has(shown, 0.11, 0.22)
    shown = points(above, "os")
    assert has(shown, 0.11, 0.22)
    assert has(shown, 0.13, 0.22)
    assert not has(shown, 0.2, 0.3)  # another lattice
    assert not has(shown, 0.3, 0.1)  # a mixture
    assert has(points(above, "^"), 0.2, couplings_plane.LEARNED[2][1])  # beyond the edge
    assert not has(shown, 0.7, 0.2)
    assert not has(shown, 0.0, 0.0)  # a step of the training is on the line
    way = next(line for line in above.lines if line.get_marker() == "None" and len(line.get_xdata()) == 2 and has(
        line.get_xydata(), 0.11, 0.22))  # fmt: skip
    assert has(way.get_xydata(), 0.0, 0.0)
    assert set(numbers.of) == {"blocks", "hidden", "visible"}
    assert numbers["last"].sum() == len(numbers) - 1


def test_filters_have_lines_from_tc_only_and_rules_from_every_temperature(couplings):
    filters = [hamiltonian("blocks", "conv", *at, layer=layer, T=T, recipe="convolutional", training="2.269185")
               for T, *at in ((2.2, 0.61, 0.01), (1 / KC, 0.51, 0.02)) for layer in (1, 2)]  # fmt: skip
    figure, _ = couplings_plane.draw(pd.concat([couplings, *filters], ignore_index=True))
    shown = points(figure.axes[1], style.MARKERS)
    assert has(shown, 0.51, 0.02)
    assert not has(shown, 0.61, 0.01)


def test_the_critical_line_goes_through_the_ising_point_with_its_slope(couplings):
    figure, _ = couplings_plane.draw(couplings)
    for axis in figure.axes:
        line = next(line for line in axis.lines if line.get_label() == "critical, to first order")
        (x0, y0), (x1, y1) = line.get_xydata()
        assert (y1 - y0) / (x1 - x0) == pytest.approx(-1 / 2**0.5)
        assert y0 + (KC - x0) * (y1 - y0) / (x1 - x0) == pytest.approx(0)


def test_blocks_of_the_ground_state_have_no_ising_model_to_begin_at(couplings):
    """At T = 0 its coupling is infinite."""
    cold = hamiltonian("blocks", "majority", 0.61, 0.01, layer=1, T=0.0)
    figure, _ = couplings_plane.draw(pd.concat([couplings, cold], ignore_index=True))
    render(figure, layout=False)
    line = next(line for line in figure.axes[1].lines if has(line.get_xydata(), 0.61, 0.01))
    assert np.isnan(line.get_xdata()[0])


def test_a_study_of_rules_alone_has_an_empty_upper_panel(couplings):
    figure, numbers = couplings_plane.draw(couplings[couplings.kind == "rule"].astype({"training": object}))
    render(figure, layout=False)
    assert set(numbers.kind) == {"rule"}


def test_the_table_has_means_over_seeds_in_units_of_the_data(couplings):
    figure, numbers = couplings_table.draw(couplings)
    render(figure)
    found = numbers.set_index(["of", "source", "operator"])
    assert found.value["visible", "paper-Tc", "nn"] == pytest.approx(0.12 / KC)
    assert found.seeds["visible", "paper-Tc", "nn"] == 2
    assert found.value["visible", "mixed", EQUIVALENT] == pytest.approx(1)
    assert found.value["hidden", "conv", "nn"] == pytest.approx(0.6 / KC)
    assert set(numbers.of) == {"visible", "hidden"}
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert style.stats.written(0.12 / KC, found.value_error["visible", "paper-Tc", "nn"]) in texts
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == [
        "the paper's recipe", "paper-Tc", "small", "mixed", "other recipes", "far", "conv", "hidden layers", "conv"
    ]  # fmt: skip
    row = [text.get_text() for text in figure.axes[0].texts if text.get_position()[1] == names.index("small")]
    assert row == [style.stats.written(0.25 / KC, 0.01 / KC), "0.000(23)", "1.000(23)", "0.01"]


def test_of_other_couplings_the_largest_is_shown(couplings):
    chosen = (couplings.source == "far") & (couplings.of == "visible")
    couplings.loc[chosen & (couplings.operator == "knight"), "coupling"] = -0.5 * KC
    couplings.loc[chosen & (couplings.operator == "third"), "coupling"] = 0.4 * KC
    couplings.loc[(couplings.source == "small") & ~couplings.operator.isin(["nn", EQUIVALENT]), "coupling"] = np.nan
    figure, _ = couplings_table.draw(couplings)
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    seen = {text.get_position()[1]: text.get_text() for text in figure.axes[0].texts if text.get_position()[0] == 1}
    assert seen[names.index("far")] == "-0.500(23)"
    assert seen[names.index("small")] == ""


def test_what_is_exact_or_unknown_is_written_so():
    assert couplings_table.number(0.123456, 1e-9) == "0.1235"
    assert couplings_table.number(-1e-17, 1e-17) == "0.0000"
    assert couplings_table.number(np.nan, np.nan) == ""
