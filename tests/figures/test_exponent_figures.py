"""The figures of exponents: Monte Carlo data first, machines trained at Tc together, numbers where the tables say."""

import numpy as np
import pandas as pd
import pytest
from drawn import has, points, render
from synthetic_machines import ENTRIES, FULL, ONE, rows

from rbmrg import correlators as two_point
from rbmrg.exact import yang_magnetisation
from rbmrg.figures import correlators, dimensions, magnetisation, windows
from rbmrg.lattice import TC

NAMES = FULL | {"closed": 1, "blank": 1}  # machine: seeds
MONTE_CARLO = {"Monte Carlo, true T": "none", "Monte Carlo": "none", "shuffled": "shuffled"}  # source: control
DATA = ["Monte Carlo, true T", "Monte Carlo", "data, shuffled"]
ROWS = ["the paper's recipe", "alpha", "untrained-by-name", "other recipes", "beta", "gamma-Tc", "1e3", "Ising models",
        "closed", "controls", "paper-delta", "blank"]  # fmt: skip


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
    seeds = numbers.drop_duplicates(["machine", "seed"]).groupby("machine", sort=False).size()
    assert seeds.to_dict() == {correlators.DATA: 1, "alpha": 3, "beta": 2, "1e3": 1, "closed": 1, "paper-delta": 1}
    np.testing.assert_allclose(numbers.ratio, 1)
    for axis, operator in zip(figure.axes, ("spin", "energy"), strict=True):
        texts = [text.get_text() for text in axis.texts]
        assert {"paper", "best", "pcd", "exact", "permuted"} <= set(texts)
        measured = numbers[(numbers.machine == correlators.DATA) & (numbers.operator == operator)]
        r, G = two_point.by_distance(two_point.estimates(at_tc)[operator][0])
        np.testing.assert_allclose(measured[["r", "value"]], np.transpose([r, G])[1:])
        assert all(has(points(axis, "o"), row.r, 1) for row in measured.itertuples())


def test_correlators_over_those_of_the_data(at_tc):
    """Twice the spin function, and errors of both: 2 ± 2 √2 relative errors."""
    [flow] = flows(at_tc, {"alpha": 1})
    twice = flow.assign({name: 2 * values for name, values in flow.data_vars.items()})
    numbers = correlators.over_data(at_tc, [twice]).set_index(["machine", "operator", "r"]).sort_index()
    spin = numbers.loc["alpha", "spin"]
    data = numbers.loc[correlators.DATA, "spin"]
    np.testing.assert_allclose(spin.ratio, 2)
    np.testing.assert_allclose(spin.ratio_error, 2 * np.sqrt(2) * (data.error / data.value).abs())
    np.testing.assert_allclose(data.ratio_error, (data.error / data.value).abs())


def test_correlators_without_a_machine_trained_at_tc(at_tc):
    names = {"blank": 1, "untrained-by-name": 1}
    _, numbers = correlators.draw(at_tc, flows(at_tc, names))
    assert set(numbers.machine) == {correlators.DATA, "untrained-by-name"}
    figure, numbers = correlators.draw(at_tc, flows(at_tc, {"blank": 1}))
    render(figure)
    assert set(numbers.machine) == {correlators.DATA}


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
    ways = (table.fit == "plain") & (table.ensemble == "grouped") | (table.fit == "torus") & (table.ensemble == "end")
    pd.testing.assert_frame_equal(numbers.drop(columns="shown"), table[ways].reset_index(drop=True))
    assert set(numbers.machine[~numbers.shown]) == {"Monte Carlo, true T", "shuffled"}
    axis = figure.axes[0]
    rows = ["data at $T_c$", "Monte Carlo", *ROWS]
    assert [text.get_text() for text in axis.get_yticklabels()] == rows
    for (fit, _), (_, look, shift) in dimensions.WAYS.items():
        mine = numbers[(numbers.fit == fit) & (numbers.operator == "spin")].set_index("machine").dimension
        for name in ("1e3", "Monte Carlo"):
            shown = points(axis, look["marker"]) if mine[name] < 0.28 else points(axis, ">")
            assert has(shown, min(mine[name], 0.28), rows.index(name) + shift)


def test_dimensions_without_an_estimate_and_without_flows():
    table = fits(ONE)
    alone = table[(table.kind == "monte carlo") & (table.ensemble == "end")]
    figure, numbers = dimensions.draw(alone)
    render(figure, layout=False)
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == ["data at $T_c$", "Monte Carlo"]
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
    rows = ["equilibrium data", *DATA, *ROWS]
    assert [text.get_text() for text in figure.axes[0].get_yticklabels()] == rows
    assert numbers.shown.all()
    spin = numbers[(numbers.operator == "spin") & (numbers.machine == "alpha") & (numbers.ensemble == "end")]
    assert list(spin.seed) == [0, 1, 2]
    assert (spin.windows == 3).all()
    np.testing.assert_allclose(spin.quoted, 0.125 * (1 + 0.01 * spin.seed))
    np.testing.assert_allclose(spin.minimum, spin.quoted)
    np.testing.assert_allclose(spin.maximum, spin.quoted + 0.125 * 0.2)
    of_m = numbers[numbers.operator == "magnetisation"]
    assert set(of_m.ensemble) == {"grouped"}
    np.testing.assert_allclose(of_m.quoted, 0.08)
    assert has(points(figure.axes[0], "o"), 0.125, rows.index("1e3") + 0.17)


def test_a_machine_with_the_name_of_monte_carlo_data_has_a_row_of_its_own():
    table = ranges_of({"alpha": 1})
    table.loc[table.machine == "alpha", "machine"] = "shuffled"
    figure, numbers = windows.draw(table, scans_of({"alpha": 1})[:0])
    rows = [text.get_text() for text in figure.axes[0].get_yticklabels()]
    assert rows == ["equilibrium data", *DATA, "the paper's recipe", "shuffled"]
    assert (numbers[numbers.machine == "shuffled"].groupby(["kind", "operator", "ensemble"]).windows.sum() == 3).all()


# --- magnetisation ----------------------------------------------------------------------------------------------------


def groups(names):
    table = of_sources(names, T=(1.8, 2.0, 2.2, 2.4))
    return table.assign(count=100, abs_magnetisation=0.9 - 0.001 * np.arange(len(table)), error=0.001)


def test_magnetisation_of_classes():
    table = groups(NAMES)
    figure, numbers = magnetisation.draw(table)
    render(figure, layout=False)
    assert (numbers["T"] < TC).all()
    assert len(numbers) == 3 * len(table) / 4
    data, machines = figure.axes
    texts = [sorted(text.get_text() for text in axis.texts) for axis in figure.axes]
    assert texts == [sorted(MONTE_CARLO), sorted(["paper", "best", "pcd", "exact", "permuted", "untrained"])]
    assert set(numbers.machine[~numbers.shown]) == {"alpha", "beta"}
    exactly = yang_magnetisation(numbers["T"].to_numpy())
    np.testing.assert_allclose(numbers.ratio, numbers.abs_magnetisation / exactly)
    near = numbers[numbers["T"] > TC - magnetisation.FARTHEST]
    for axis, name, marker in ((data, "Monte Carlo", "s"), (machines, "untrained-by-name", "o")):
        for row in near[near.machine == name].itertuples():
            assert has(points(axis, marker), TC - row.T, row.ratio)


def test_magnetisation_of_data_alone():
    figure, _ = magnetisation.draw(groups(ONE).query("kind == 'monte carlo'"))
    render(figure)
    assert not figure.axes[1].texts
