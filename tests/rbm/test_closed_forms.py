"""The Ising model as an RBM, and the RBM that is a decimation: against enumeration, Kaufman and transfer matrices.

Seeds are fixed; false-alarm rates are 6e-5 for one |z| < 4, and 1e-4 for P(χ²) > 1e-4.  Weights are rounded to float32:
a machine is compared with the temperature of its weights, to 1e-12, and this with the temperature that was asked for.
"""

import numpy as np
import pytest
from scipy import stats

from rbmrg import exact, rbm, sampling
from rbmrg.lattice import energy
from rbmrg.rbm import closed_forms

TEMPERATURES = [0.3, 1.5, exact.TC, 10.0, np.inf]


def couplings(machine):
    """K of an exact machine, cosh 2w = e^{2K}."""
    return np.log(np.cosh(2 * machine.W.max().astype(np.float64))) / 2


def at(K):
    return 1 / K if K else np.inf


def wrong(machine, factor=1.01):
    """The machine with every weight, hence K of the checkerboard machine, wrong by a factor."""
    return rbm.RBM(factor * machine.W, machine.visible_bias, machine.hidden_bias)


def z_of_energy(spins, T):
    """The difference between the mean energy of independent configurations and Kaufman's, in σ."""
    E = energy(spins)
    L = spins.shape[-1]
    return (E.mean() / L**2 - exact.energy_per_spin(L, T)) / (E.std(ddof=1) / L**2 / np.sqrt(len(E)))


# --- partition functions ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("L", [2, 4])
@pytest.mark.parametrize("T", TEMPERATURES)
def test_ln_z_of_the_exact_machine_by_enumeration(L, T):
    machine = rbm.exact_machine(L, T)
    K = couplings(machine)
    np.testing.assert_allclose(K, 1 / T, rtol=1.2e-7)
    expected = closed_forms.log_partition(L, at(K))
    assert rbm.log_partition_enumerated(machine) == pytest.approx(expected, rel=1e-12)
    assert closed_forms.log_partition(L, T) == pytest.approx(expected, rel=2e-7)


@pytest.mark.parametrize("L", [2, 4])
@pytest.mark.parametrize("T", TEMPERATURES)
def test_ln_z_of_the_checkerboard_machine_by_enumeration_is_that_of_the_ising_model(L, T):
    machine = rbm.checkerboard_machine(L, T)
    K = machine.W.max().astype(np.float64) / (2 if L == 2 else 1)
    np.testing.assert_allclose(K, 1 / T, rtol=6e-8)
    log_partition = rbm.log_partition_enumerated(machine)
    assert log_partition == pytest.approx(exact.log_partition(L, at(K)), rel=1e-12)
    # Negative control: K wrong by 1 %.
    assert np.isinf(T) or rbm.log_partition_enumerated(wrong(machine)) != pytest.approx(log_partition, rel=1e-5)


@pytest.mark.parametrize("T", [1.8, exact.TC, 3.5])
def test_annealing_of_the_checkerboard_machine_at_L_10(T):
    machine = rbm.checkerboard_machine(10, T)
    value, error = rbm.log_partition_annealed(machine, chains=400, temperatures=300, rng=2)
    assert abs(value - exact.log_partition(10, T)) < 4 * error
    # Negative control: K wrong by 2 % is another ln Z.
    assert abs(value - exact.log_partition(10, T / 1.02)) > 8 * error


def test_reweighting_of_the_checkerboard_machine_from_uniform_spins_at_L_10():
    machine = rbm.checkerboard_machine(10, 8.0)
    uniform = sampling.sample(10, np.inf, 100_000, rng=3)
    visible, _ = closed_forms.sublattices(uniform)
    value, error, effective = rbm.log_partition_reweighted(machine, visible, np.full(len(visible), -50 * np.log(2)))
    assert effective > 1000
    assert abs(value - exact.log_partition(10, 8.0)) < 4 * error


@pytest.mark.parametrize("T", [1.8, pytest.param(exact.TC, marks=pytest.mark.long), 3.5])
def test_kl_of_the_exact_machine_at_L_32(T):
    """Reweighting is exact up to rounding, and an error of 1 % in T is noticed."""
    spins = sampling.sample(32, T, 500, rng=4)
    log_p = exact.log_probability(energy(spins), 32, T)
    machine = rbm.exact_machine(32, T)
    value, error, effective = rbm.log_partition_reweighted(machine, spins, log_p)
    assert effective == pytest.approx(500)
    assert value == pytest.approx(closed_forms.log_partition(32, at(couplings(machine))), abs=1e-5)
    assert error < 1e-5
    log_weights = -rbm.exact_machine(32, 1.01 * T).free_energy(spins) - log_p
    assert log_weights.std() > 0.1


@pytest.mark.long
@pytest.mark.parametrize(
    ("make", "log_partition", "T", "temperatures"),
    [
        (rbm.exact_machine, closed_forms.log_partition, 3.5, 1000),
        (rbm.checkerboard_machine, exact.log_partition, 3.5, 1000),
        (rbm.checkerboard_machine, exact.log_partition, exact.TC, 10_000),
    ],
)
def test_annealing_at_L_32(make, log_partition, T, temperatures):
    """Only slow annealing is right: 1000 temperatures leave the exact machine 3 nats too low at Tc, 21 at T = 1.8."""
    value, error = rbm.log_partition_annealed(make(32, T), chains=100, temperatures=temperatures, rng=5)
    assert abs(value - log_partition(32, T)) < 4 * error
    assert abs(value - log_partition(32, T / 1.01)) > 8 * error  # negative control: K wrong by 1 %


# --- the checkerboard machine is the lattice --------------------------------------------------------------------------


@pytest.mark.parametrize("L", [2, 4, 6, 32])
def test_sublattices_join_again(L):
    spins = np.arange(3 * L * L).reshape(3, L, L)
    visible, hidden = closed_forms.sublattices(spins)
    assert visible.shape == hidden.shape == (3, L * L // 2)
    y, x = np.divmod(visible[0], L)
    assert not ((y + x) % 2).any()
    again = closed_forms.joined(visible, hidden)
    np.testing.assert_array_equal(again, spins)
    assert again.dtype == spins.dtype


@pytest.mark.parametrize("L", [2, 4, 6, 32])
def test_the_energy_of_the_checkerboard_machine_is_that_of_the_lattice(L):
    spins = sampling.sample(L, np.inf, 50, rng=6)
    visible, hidden = (units.astype(np.float64) for units in closed_forms.sublattices(spins))
    machine = rbm.checkerboard_machine(L, 0.5)  # K = 2: no rounding
    np.testing.assert_array_equal(-np.einsum("ni,ia,na->n", visible, machine.W, hidden), 2 * energy(spins))


@pytest.mark.parametrize("L", [2, 4, 10])
def test_a_step_of_the_checkerboard_machine_is_heat_bath(L):
    spins = sampling.sample(L, 3.0, 50, rng=7)
    T = 1.7
    neighbours = sum(np.roll(spins, step, axis) for step in (1, -1) for axis in (1, 2))
    machine = rbm.checkerboard_machine(L, T)
    visible, hidden = closed_forms.sublattices(spins)
    of_visible, of_hidden = closed_forms.sublattices(np.tanh(neighbours / T))
    np.testing.assert_allclose(machine.visible_mean(hidden), of_visible, atol=1e-6)
    np.testing.assert_allclose(machine.hidden_mean(visible), of_hidden, atol=1e-6)


# --- its marginal is decimation ---------------------------------------------------------------------------------------


def marginal(machine):
    """P(v) of all states of the visible units; number i has its bits, lowest first, as units."""
    units = len(machine.W)
    states = 2 * (np.arange(2**units)[:, None] >> np.arange(units) & 1) - 1
    return np.exp(-machine.free_energy(states) - rbm.log_partition_enumerated(machine))


def number(visible):
    """The place of rows of ±1 in `marginal`."""
    return (visible > 0) @ (1 << np.arange(visible.shape[1]))


@pytest.mark.parametrize("L", [2, 4])
@pytest.mark.parametrize("T", TEMPERATURES)
def test_the_marginal_is_the_decimated_distribution_by_enumeration(L, T):
    spins = exact.enumerate_states(L)
    p = np.exp(exact.log_probability(energy(spins), L, T))
    decimated = np.bincount(number(closed_forms.sublattices(spins)[0]), weights=p)
    np.testing.assert_allclose(marginal(rbm.checkerboard_machine(L, T)), decimated, rtol=1e-5)


@pytest.mark.parametrize("T", [1.8, exact.TC, 3.5])
def test_one_sublattice_of_perfect_samples_has_the_machines_distribution(T):
    visible, _ = closed_forms.sublattices(sampling.sample(4, T, 1_000_000, rng=8))
    counts = np.bincount(number(visible), minlength=256)
    machine = rbm.checkerboard_machine(4, T)
    chi2 = [stats.chisquare(counts, counts.sum() * marginal(m)).pvalue for m in (machine, wrong(machine))]
    assert chi2[0] > 1e-4
    assert chi2[1] < 1e-8  # negative control: K wrong by 1 %


# --- its flow ---------------------------------------------------------------------------------------------------------


def flowed(machine, spins, steps, rng):
    """Whole configurations after `steps` sweeps that begin with the hidden sublattice."""
    rng = np.random.default_rng(rng)
    visible = machine.gibbs(closed_forms.sublattices(spins)[0], steps, rng)
    return closed_forms.joined(visible, machine.sample_hidden(visible, rng))


@pytest.mark.parametrize("T", [1.5, exact.TC, 3.5])
def test_the_flow_keeps_equilibrium(T):
    start = sampling.sample(10, T, 40_000, rng=9)
    machine = rbm.checkerboard_machine(10, T)
    for steps in (0, 1, 10):
        assert abs(z_of_energy(flowed(machine, start, steps, rng=10), T)) < 4
    # Negative control: K wrong by 1 %; measured: 9 to 17σ.
    assert abs(z_of_energy(flowed(wrong(machine), start, 10, rng=10), T)) > 6


@pytest.mark.parametrize("T", [exact.TC, 3.5])
@pytest.mark.parametrize("start", [0.0, np.inf])
def test_the_flow_forgets_its_start(T, start):
    """At Tc the distance from equilibrium falls by 0.43 in 10 steps, so 100 steps leave 0.03σ of the start."""
    spins = sampling.sample(10, start, 5000, rng=11)
    machine = rbm.checkerboard_machine(10, T)
    assert abs(z_of_energy(flowed(machine, spins, 1, rng=12), T)) > 20
    assert abs(z_of_energy(flowed(machine, spins, 100, rng=12), T)) < 4


# --- arguments --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [rbm.exact_machine, rbm.checkerboard_machine])
def test_cold_machines_stay_finite(make):
    spins = sampling.sample(4, np.inf, 20, rng=13)
    for T in (1e-3, closed_forms.COLDEST):
        machine = make(4, T)
        assert np.isfinite(machine.W).all()
        units = spins if len(machine.W) == 16 else closed_forms.sublattices(spins)[0]
        assert np.isfinite(machine.free_energy(units)).all()
        assert np.isfinite(machine.hidden_mean(units)).all()
    assert rbm.exact_machine(4, 1e-3).W.max() == pytest.approx(500 * 2 + np.log(2) / 2, rel=1e-6)


@pytest.mark.parametrize(
    ("L", "T"), [(4, 0), (4, -1), (4, np.nan), (4, 1e-31), (4, -np.inf), (1, 2), (0, 2), (-4, 2), (2.5, 2)]
)
def test_machines_that_do_not_exist_are_refused(L, T):
    of_T = f"T = {T}: must be a number ≥ 1e-30"
    with pytest.raises(ValueError, match=of_T if L == 4 else f"L = {L}: must be an integer ≥ 2"):
        rbm.exact_machine(L, T)
    of_L = f"L = {L}: must be an integer ≥ 2"
    with pytest.raises(ValueError, match=of_T if L == 4 else of_L):
        rbm.checkerboard_machine(L, T)


def test_odd_lattices_have_no_two_sublattices():
    with pytest.raises(ValueError, match="L = 3"):
        rbm.checkerboard_machine(3, 2.0)
    for shape in ((2, 3, 3), (4, 4), (2, 4, 6)):
        with pytest.raises(ValueError, match="no two sublattices"):
            closed_forms.sublattices(np.ones(shape))
    for visible, hidden in (((2, 8), (2, 7)), ((2, 8), (3, 8)), ((2, 7), (2, 7)), ((16,), (16,)), ((2, 2, 4),) * 2):
        with pytest.raises(ValueError, match="are no sublattices"):
            closed_forms.joined(np.ones(visible), np.ones(hidden))


def test_the_weights_of_both_machines_on_the_lattice():
    """The checkerboard machine joins each hidden site to its four neighbours, and to nothing else."""
    exact_machine = rbm.exact_machine(4, 2.5)
    machine = rbm.checkerboard_machine(4, 2.5)
    np.testing.assert_array_equal(closed_forms.lattice_weights(exact_machine, 4), exact_machine.W)
    W = closed_forms.lattice_weights(machine, 4).reshape(4, 4, -1)
    hidden = np.argwhere(~closed_forms.sublattice(4))
    for unit, (y, x) in enumerate(hidden):
        expected = np.zeros((4, 4))
        for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0)):
            expected[(y + dy) % 4, (x + dx) % 4] = np.float32(1 / 2.5)
        np.testing.assert_array_equal(W[..., unit], expected)
