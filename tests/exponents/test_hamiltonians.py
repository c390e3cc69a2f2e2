"""Tables of couplings: which layers of which machines they have, at which steps, and what of them is known."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import rbm, rg, sampling
from rbmrg.exponents import hamiltonians
from rbmrg.exponents.coupling_names import trained
from rbmrg.flows import snapshots
from rbmrg.lattice import TC
from rbmrg.machines import weights
from rbmrg.machines.entries import Entry

L = 8
CRITICAL = ("2.269185",)


def generator(*key):
    return np.random.default_rng(7)


def samples(T, n=400, L=L):
    spins = sampling.sample(L, T, n, rng=2)
    return xr.Dataset({"spin": (("sample", "y", "x"), spins)}, attrs={"T": T})


def table(machines, entry):
    """Of a machine whose training went through `machines`, at steps 0, 100, …"""
    course = [(100 * k, machine) for k, machine in enumerate(machines)]
    file = weights.dataset(course, {}).assign_attrs(replica=0)
    return hamiltonians.of_machine([file], samples(TC, 2000), 400, entry, generator)


def nearest(rows, **chosen):
    for name, value in chosen.items():
        rows = rows[rows[name] == value]
    return rows[rows.operator == "nn"].coupling.tolist()


def test_couplings_along_the_training_and_the_fourier_coefficients_at_its_end():
    course = [rbm.exact_machine(L, T) for T in (4.0, 3.0, TC)]
    found = table(course, Entry("name", L, CRITICAL, "paper", 128))
    assert list(found) == hamiltonians.COLUMNS
    steps = [nearest(found, step=step, of="visible") for step in (0, 100, 200)]
    np.testing.assert_allclose(steps, [[1 / 4], [1 / 3], [1 / TC]], atol=1e-6)
    assert set(found.of) == {"visible"}  # 128 hidden units are no square
    last = trained(found)
    assert set(last.step) == {200}
    assert found[found.step < 200].fourier.isna().all()
    pairs = last[last.operator == "nn"].iloc[0]
    assert pairs.fourier == pytest.approx(1 / TC, abs=1e-6)
    assert pairs.scatter == pytest.approx(0, abs=1e-6)
    assert abs(pairs.K - 1 / 2.269185) < 1e-12
    assert (pairs.source, pairs.kind, pairs.recipe, pairs.training) == ("name", "machine", "paper", "2.269185")


def test_which_hidden_layers_have_a_hamiltonian():
    filters = rbm.convolutional.ConvolutionalRBM(np.full((1, 2, 2), 0.3), 0.0, np.zeros(1), L).dense()
    options = {"filters": 1, "size": 2}
    hidden = table([filters], Entry("a", L, CRITICAL, "convolutional", options=options))
    assert set(zip(hidden.of, hidden.layer, strict=True)) == {("visible", 0), ("hidden", 1)}
    placed = table([filters], Entry("a", L, CRITICAL, "paper", 16))
    assert set(zip(placed.of, placed.layer, strict=True)) == {("visible", 0), ("placed", 1)}
    assert placed[placed.of == "placed"].quality.tolist() == pytest.approx([1] * len(placed[placed.of == "placed"]))
    np.testing.assert_allclose(nearest(placed, of="placed"), nearest(hidden, of="hidden"), atol=1e-6)
    half = table([rbm.checkerboard_machine(L, TC)], Entry("a", L, CRITICAL, "checkerboard"))
    assert set(zip(half.of, half.layer, strict=True)) == {("visible", 1), ("hidden", 1)}
    np.testing.assert_allclose(nearest(half), np.log(np.cosh(4 / TC)) / 4, atol=1e-6)


def test_the_unit_of_couplings_is_that_of_the_data():
    spins = sampling.sample(L, TC, 400, rng=1)
    assert hamiltonians.ideal(Entry("a", L, ("2.000000",), "paper"), spins) == 0.5
    assert hamiltonians.ideal(Entry("a", L, ("0.000000",), "paper"), spins) == np.inf
    alike = hamiltonians.ideal(Entry("a", L, ("2.000000", "2.000001"), "paper"), spins)
    assert alike == pytest.approx(0.5, abs=1e-5)
    assert 1 / 3 < hamiltonians.ideal(Entry("a", L, ("2.000000", "3.000000"), "paper"), spins) < 1 / 2


def test_a_rule_has_the_couplings_of_its_temperatures_and_of_its_blocks():
    found = hamiltonians.of_rule(rg.RULES["majority"], [samples(2.0, L=8), samples(4.0, L=8)], 1, generator)
    assert list(found) == hamiltonians.COLUMNS
    finest = found[(found.layer == 0) & (found.operator == "nn")].set_index("T")
    assert (abs(finest.coupling - 1 / finest.index) < 5 * finest.error).all()
    blocks = found[(found.layer == 1) & (found.operator == "equivalent")].set_index("T").coupling
    assert blocks[2.0] > 0.5 > 0.25 > blocks[4.0]
    assert set(found.kind) == {"rule"}


def test_a_filter_that_is_the_majority_rule_makes_its_blocks():
    machine = rbm.convolutional.ConvolutionalRBM(np.full((1, 2, 2), 30.0), 0.0, np.zeros(1), 8).dense()
    file = weights.dataset([(0, machine)], {}).assign_attrs(replica=0)
    entry = Entry("a", 8, CRITICAL, "convolutional", options={"filters": 1, "size": 2})
    data = [samples(4.0, 2000, L=8)]
    ours = hamiltonians.of_filters([file], data, 1, entry, generator).set_index("operator")
    rule = hamiltonians.of_rule(rg.RULES["majority"], data, 1, generator).query("layer == 1").set_index("operator")
    assert set(ours.layer) == {1}
    z = (ours.coupling - rule.coupling) / np.hypot(ours.error, rule.error)
    assert (z.abs() < 4).all()  # only the coins of ties differ


def test_the_ends_of_flows_that_are_equilibrium_have_the_coupling_of_their_temperature():
    spins = {T: np.stack([sampling.sample(6, 3.0, 500, rng=(k, int(T)))] * 2) for k, T in enumerate((0.0, 5.0))}
    flow = snapshots.dataset(spins, [0, 2])
    points = pd.DataFrame({"seed": [3], "T": [3.0], "stationary": [True]})
    found = hamiltonians.of_flows([flow], points, Entry("a", 6, CRITICAL, "paper")).set_index("operator")
    z = (found.coupling.nn - 1 / 3) / found.error.nn
    assert abs(z) < 5
    assert set(found.seed) == {3}
    assert set(found["T"]) == {3.0}
