"""The figures of exponents: Monte Carlo data first, machines trained at Tc together, numbers where the tables say."""

import numpy as np
import pandas as pd
import pytest
from drawn import has, labels, points, render, titles
from synthetic_machines import ENTRIES, FULL, ONE, rows

from rbmrg import correlators as two_point
from rbmrg.figures import correlators, dimensions, magnetisation, windows
from rbmrg.lattice import TC

NAMES = FULL | {"closed": 1, "blank": 1}  # machine: seeds
MONTE_CARLO = {"Monte Carlo, true T": "none", "Monte Carlo": "none", "shuffled": "shuffled"}  # source: control
FIRST = ["Monte Carlo, true T", "Monte Carlo", "Monte Carlo, shuffled"]


def of_sources(names, **columns):
    """Rows of Monte Carlo data, and of machines {machine: seeds}, as the workflow writes them one below the other."""
    table = rows(names, **columns)
    one = table[table.machine == next(iter(names))].query("seed == 0")
    parts = [
        one.assign(machine=name, recipe=np.nan, training=np.nan, control=control, kind="monte carlo")
        for name, control in MONTE_CARLO.items()
    ]
    return pd.concat([*parts, table.assign(kind="machine")], ignore_index=True)


# --- correlators ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def at_tc():
    """Two-point functions of signs of a random field with the structure factor of Tc, |k|^(−7/4)."""
    kx = np.fft.fftfreq(10)[:, None]
    ky = np.fft.fftfreq(10)
    k = np.sqrt(kx**2 + ky**2)
    amplitude = np.where(k > 0, k, 0.05) ** (-7 / 8)
    noise = np.random.default_rng(1).normal(size=(4000, 10, 10))
    field = np.fft.ifft2(amplitude * np.fft.fft2(noise)).real
    return two_point.measure(np.where(field > 0, 1, -1).astype(np.int8), 20)


def flows(at_tc, names):
    """A Dataset for each machine: the same configurations at the end of its flow and in equilibrium."""
    found = []
    for name, seeds in names.items():
        one = pd.Index(["end", "equilibrium"], name="ensemble")
        flow = at_tc.expand_dims(seed=range(seeds)).expand_dims(ensemble=one)
        found.append(flow.assign_attrs(ENTRIES[name].columns))
    return found


def test_correlators_of_machines_trained_at_tc(at_tc):
    figure, numbers = correlators.draw(at_tc, flows(at_tc, NAMES))
    render(figure, layout=False)
    assert titles(figure) == list(NAMES)
    shown = numbers[numbers.quantity == "G"].source.unique()
    assert list(shown) == [correlators.MONTE_CARLO, "alpha", "beta", "paper-delta", "1e3", "closed"]
    np.testing.assert_allclose(numbers[numbers.quantity == "ratio"].value.dropna(), 1)
    for place, operator in enumerate(("spin", "energy")):
        measured = numbers[(numbers.source == correlators.MONTE_CARLO) & (numbers.operator == operator)]
        r, G = two_point.by_distance(two_point.estimates(at_tc)[operator][0])
        np.testing.assert_allclose(measured[["r", "value"]], np.transpose([r, G])[1:])
        shown = points(figure.axes[place], "o")
        positive = measured[measured.value > 0]
        assert all(has(shown, row.r * (1 - 0.008 * 3.5), row.value) for row in positive.itertuples())


def test_correlators_without_a_machine_trained_at_tc(at_tc):
    names = {"blank": 1, "untrained-by-name": 1}
    assert [flow.attrs["machine"] for flow in correlators.chosen(flows(at_tc, names))] == ["untrained-by-name"]
    figure, numbers = correlators.draw(at_tc, flows(at_tc, {"blank": 1}))
    render(figure)
    assert set(numbers[numbers.quantity == "G"].source) == {correlators.MONTE_CARLO}


# --- dimensions -------------------------------------------------------------------------------------------------------


def fits(names):
    table = of_sources(
        names, operator=("spin", "energy"), fit=("plain", "torus"), ensemble=("end", "equilibrium", "grouped")
    )  # fmt: skip
    table["dimension"] = np.where(table.operator == "spin", 0.125, 1.0) * (1 + 0.01 * np.arange(len(table)))
    table["error"] = 0.01
    return table


def test_dimensions_beside_monte_carlo():
    table = fits(NAMES)
    table.loc[table.machine == "blank", ["dimension", "error"]] = np.nan
    figure, numbers = dimensions.draw(table)
    render(figure)
    shown = table[(table.fit == "plain") & (table.ensemble == "grouped")]
    careful = table[(table.fit == "torus") & table.ensemble.isin(["end", "equilibrium"])]
    pd.testing.assert_frame_equal(numbers, pd.concat([shown, careful], ignore_index=True))
    axis = figure.axes[0]
    assert [text.get_text() for text in axis.get_yticklabels()] == [*FIRST, *NAMES]
    single = shown[(shown.machine == "1e3") & (shown.operator == "spin")].dimension.item()
    assert has(points(axis, "o"), single, len(FIRST) + list(NAMES).index("1e3"))
    band = shown[(shown.machine == "Monte Carlo") & (shown.operator == "spin")].dimension.item()
    lines = [line.get_xdata()[0] for line in axis.lines if line.get_label() == "Monte Carlo in the same way"]
    assert lines == [band]


def test_dimensions_without_an_estimate_and_without_flows():
    table = fits(ONE)
    reference = (table.machine == "Monte Carlo") & (table.ensemble == "grouped")
    figure, _ = dimensions.draw(table.assign(dimension=table.dimension.mask(reference)))
    assert figure.axes[0].get_title() == "no estimate from Monte Carlo in the same way"
    alone = table[(table.kind == "monte carlo") & (table.ensemble == "end")]
    figure, numbers = dimensions.draw(alone)
    render(figure, layout=False)
    assert len(figure.axes) == 2
    assert set(numbers.fit) == {"torus"}


# --- windows ----------------------------------------------------------------------------------------------------------


def ranges_of(names):
    """Plain fits in three windows of L = 10, the first of which is quoted."""
    table = of_sources(names, operator=("spin", "energy"), ensemble=("end", "grouped"), window=range(3))
    r, _ = two_point.by_distance(np.zeros((10, 10)))
    last = {operator: r[r < share * 10][-1] for operator, share in (("spin", 0.5), ("energy", 0.31))}
    table["lowest"] = np.where(table.window == 0, 1.0, 2.0)
    table["highest"] = np.where(table.window == 0, table.operator.map(last), 5.0)
    table["dimension"] = np.where(table.operator == "spin", 0.125, 1.0) * (1 + 0.1 * table.window + 0.01 * table.seed)
    return table.assign(error=0.01).drop(columns="window")


def scans_of(names):
    table = of_sources(names, lowest=(1.6, 1.0), highest=(2.2, 2.0))
    return table.assign(exponent=0.08 + 0.01 * (table.lowest == 1.0), error=0.001)


def test_windows_of_every_source():
    figure, numbers = windows.draw(ranges_of(NAMES), scans_of(NAMES))
    render(figure)
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == [*FIRST, *NAMES]
    spin = numbers[(numbers.operator == "spin") & (numbers.machine == "alpha") & (numbers.ensemble == "end")]
    assert list(spin.seed) == [0, 1, 2]
    assert (spin.windows == 3).all()
    np.testing.assert_allclose(spin.quoted, 0.125 * (1 + 0.01 * spin.seed))
    np.testing.assert_allclose(spin.minimum, spin.quoted)
    np.testing.assert_allclose(spin.maximum, spin.quoted + 0.125 * 0.2)
    of_m = numbers[numbers.operator == "magnetisation"]
    assert set(of_m.ensemble) == {"grouped"}
    np.testing.assert_allclose(of_m.quoted, 0.08)
    row = [*FIRST, *NAMES].index("1e3")
    assert has(points(figure.axes[0], "o"), 0.125, row + 0.17)


def test_a_machine_with_the_name_of_monte_carlo_data_has_a_row_of_its_own():
    table = ranges_of({"alpha": 1})
    table.loc[table.machine == "alpha", "machine"] = "shuffled"
    figure, numbers = windows.draw(table, scans_of({"alpha": 1})[:0])
    rows = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert rows == [*FIRST, "shuffled"]
    assert (numbers[numbers.machine == "shuffled"].groupby(["kind", "operator", "ensemble"]).windows.sum() == 3).all()


# --- magnetisation ----------------------------------------------------------------------------------------------------


def groups(names):
    table = of_sources(names, T=(1.8, 2.0, 2.2, 2.4))
    return table.assign(count=100, abs_magnetisation=0.9 - 0.001 * np.arange(len(table)), error=0.001)


def test_magnetisation_of_classes():
    table = groups(NAMES)
    figure, numbers = magnetisation.draw(pd.concat([table[-4:], table[:-4]]))
    render(figure, layout=False)
    assert (numbers["T"] < TC).all()
    assert len(numbers) == 3 * len(table) / 4
    together = [*FIRST, "blank", *NAMES][:8]
    alone = [*NAMES][4:-1]
    assert labels(figure.axes[0].get_legend())[2:] == together
    assert titles(figure) == alone
    reference = numbers[numbers.machine == "Monte Carlo"]
    mine = numbers[numbers.machine == alone[0]]
    for row in pd.concat([reference, mine]).itertuples():
        assert has(points(figure.axes[1], "o"), TC - row.T, row.abs_magnetisation)


def test_magnetisation_of_few_sources():
    figure, _ = magnetisation.draw(groups(ONE))
    render(figure)
    assert titles(figure) == []
    assert labels(figure.axes[0].get_legend())[2:] == [*FIRST, "alpha"]
