"""The Hamiltonian inside machines whose Hamiltonian is known: the Ising model, a decimation, sums over all states."""

import numpy as np
import pytest

from rbmrg import exact, operators, rbm, sampling
from rbmrg.exponents import couplings, critical_line
from rbmrg.lattice import TC
from rbmrg.layers import placement
from rbmrg.rbm.closed_forms import joined

L = 8


@pytest.fixture(scope="module")
def spins():
    return sampling.sample(L, TC, 2000, rng=11)


def found(table):
    return table.set_index("operator").coupling.to_dict()


def decimated(T):
    """Couplings of one sublattice given nothing of the other: ln 2cosh K(s + s + s + s) has these pairs and product."""
    K = 1 / T
    pair = np.log(np.cosh(4 * K)) / 8
    product = pair - np.log(np.cosh(2 * K)) / 2
    return {"nn": 2 * pair, "nnn": pair, "third": 0.0, "plaquette": product, "field": 0.0}


@pytest.mark.parametrize("T", [1.8, TC, 4.0])
def test_the_exact_machine_has_the_hamiltonian_of_the_ising_model(spins, T):
    table = couplings.of(rbm.exact_machine(L, T), spins)
    expected = dict.fromkeys([*couplings.OPERATORS, "others"], 0.0) | {"nn": 1 / T, "equivalent": 1 / T}
    assert found(table) == pytest.approx(expected, abs=1e-6)
    assert (table.error < 1e-6).all()
    assert (table.unexplained.abs() < 1e-9).all()


@pytest.mark.parametrize("T", [2.0, TC])
def test_both_layers_of_the_checkerboard_are_the_exact_decimation(spins, T):
    machine = rbm.checkerboard_machine(L, T)
    for table in (couplings.of(machine, spins), couplings.of_hidden(machine, spins, rng=1)):
        expected = decimated(T)
        total = np.dot([*expected.values()], [critical_line.WEIGHTS[name] for name in expected])
        derived = {"equivalent": total, "others": (total - expected["nn"]) / 2**0.5}
        assert found(table) == pytest.approx(expected | derived, abs=1e-6)
        assert (table.unexplained.abs() < 1e-9).all()


def test_the_decimation_is_that_of_the_sum_over_the_other_sublattice():
    """On 4 × 4: Σ over the 2⁸ states of one sublattice of e^{−E/T}, for random states of the other."""
    states = np.array(np.meshgrid(*[[-1, 1]] * 8, indexing="ij"), np.int8).reshape(8, -1).T
    units = states[np.random.default_rng(3).integers(0, 256, 200)]
    whole = [joined(np.repeat(unit[None], 256, 0), states) for unit in units]
    log_p = np.array([np.logaddexp.reduce(operators.sums(some, ["nn"])[:, 0] / TC) for some in whole])
    lattice = joined(units, np.zeros_like(units))
    names = {name: couplings.DIAGONAL[name] for name in ("nn", "nnn", "plaquette")}
    slopes, unexplained = couplings.regression(log_p, operators.add_up(lattice, list(names.values())))
    assert slopes[0] == pytest.approx([decimated(TC)[name] for name in names], abs=1e-9)
    assert abs(unexplained[0]) < 1e-9


def test_the_hidden_marginal_of_a_filter_is_that_of_the_sum_over_visible_states():
    """A filter at L = 4: its hidden units are 2 × 2, ln p(h) = ln Σ_v e^{v·W·h}, for all 16 of them."""
    machine = rbm.convolutional.ConvolutionalRBM(np.full((1, 2, 2), 0.3), 0.0, np.zeros(1), 4).dense()
    hidden = exact.enumerate_states(2).reshape(-1, 4)
    energies = exact.enumerate_states(4).reshape(-1, 16).astype(float) @ machine.W @ hidden.T
    summed = np.logaddexp.reduce(energies, axis=0)
    assert -machine.transposed.free_energy(hidden) == pytest.approx(summed, abs=1e-5)


def test_a_machine_that_learned_nothing_has_no_couplings_and_leaves_all_unexplained(spins):
    untrained = rbm.train(spins, "paper", 64, rng=1, steps=0)
    table = couplings.of(untrained, spins)
    assert abs(found(table)["nn"]) < 0.05
    assert table.unexplained[0] > 0.3


def test_a_field_is_found_with_its_sign(spins):
    plain = rbm.exact_machine(L, TC)
    table = couplings.of(rbm.RBM(plain.W, np.full(L * L, -0.1), plain.hidden_bias), spins)
    assert found(table)["field"] == pytest.approx(-0.1, abs=1e-6)


def test_errors_are_those_of_independent_configurations():
    """Couplings of a machine that is none of the model: scatter over independent samples against mean error (5 σ)."""
    machine = rbm.train(sampling.sample(L, TC, 500, rng=1), "paper", 16, rng=2, steps=200)
    tables = [couplings.of(machine, sampling.sample(L, TC, 400, rng=100 + k)) for k in range(60)]
    values, errors = (np.array([table[name] for table in tables]) for name in ("coupling", "error"))
    ratio = errors.mean(axis=0) / values.std(axis=0, ddof=1)
    assert np.abs(np.log(ratio)).max() < 5 / np.sqrt(2 * 59) + 0.03


def test_an_operator_that_never_changes_has_no_coupling():
    table = couplings.of(rbm.exact_machine(4, TC), np.ones((40, 4, 4), np.int8))
    assert table.coupling.isna().all()


def test_too_few_configurations_are_refused():
    with pytest.raises(ValueError, match="19 configurations: must be at least 20"):
        couplings.of(rbm.exact_machine(4, TC), np.ones((19, 4, 4), np.int8))


# --- placement --------------------------------------------------------------------------------------------------------


def test_units_that_were_shuffled_and_flipped_find_their_places():
    blocks = rbm.convolutional.ConvolutionalRBM(np.full((1, 2, 2), 0.4), 0.0, np.zeros(1), L).dense()
    rng = np.random.default_rng(5)
    order = rng.permutation(16)
    signs = rng.choice([-1, 1], 16)
    shuffled = rbm.RBM(blocks.W[:, order] * signs, blocks.visible_bias, blocks.hidden_bias)
    placed, quality = placement.place(shuffled, L)
    np.testing.assert_array_equal(placed.W, blocks.W)
    assert quality == pytest.approx(1)


def test_units_without_places_have_a_poor_quality_or_none(spins):
    untrained = rbm.train(spins, "paper", 16, rng=1, steps=0)
    placed, quality = placement.place(untrained, L)
    assert quality < 0.2  # of one unit: 4/64
    np.testing.assert_allclose(np.sort(placed.free_energy(spins)), np.sort(untrained.free_energy(spins)), rtol=1e-5)
    for hidden in (15, 9):
        assert placement.place(rbm.train(spins, "paper", hidden, rng=1, steps=0), L) is None
