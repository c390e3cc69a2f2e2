"""Fourier coefficients of pairs: of the Ising model, of any machine by a sum over all states, and their scatter."""

import numpy as np
import pytest

from rbmrg import exact, operators, rbm
from rbmrg.exponents import fourier
from rbmrg.lattice import TC

L = 4


def enumerated(machine, shape):
    """The Fourier coefficients of −F over all 2¹⁶ states, of the pairs of a shape at each site."""
    states = exact.enumerate_states(L)
    products = operators.product(states, shape).reshape(len(states), -1)
    return -(machine.free_energy(states)) @ products / len(states)


def test_the_exact_machine_has_its_couplings_without_noise():
    machine = rbm.exact_machine(6, TC)
    assert fourier.pairs(machine, 6, "nn", rng=1) == pytest.approx((1 / TC, 0, 0), abs=1e-6)
    assert fourier.pairs(machine, 6, "nnn", rng=1) == pytest.approx((0, 0, 0), abs=1e-6)


def test_noise_is_no_scatter(monkeypatch):
    """All bonds are alike; with 20 configurations their noise is 0.011, that of its estimate about half of that."""
    monkeypatch.setattr(fourier, "SPINS", 20)
    machine = rbm.checkerboard_machine(10, TC)
    assert np.mean([fourier.pairs(machine, 10, "nnn", rng)[2] for rng in range(8)]) < 0.006


def test_the_sublattice_of_a_checkerboard_machine_has_the_pairs_of_its_own_lattice():
    mean, error, scatter = fourier.pairs(rbm.checkerboard_machine(6, TC), 6, "nnn", rng=2)
    assert error > 0
    assert abs(mean - np.log(np.cosh(4 / TC)) / 4) < 4 * error  # one in 16 000
    assert scatter < 0.01


@pytest.mark.parametrize("name", ["nn", "nnn"])
def test_random_machines_have_the_coefficients_of_the_sum_over_all_states(name):
    """Mean within 4 σ of the noise, one in 16 000; the scatter of bonds within 10 %, many times that without them."""
    rng = np.random.default_rng(6)
    machine = rbm.RBM(rng.normal(0, 0.4, (L * L, 12)), rng.normal(0, 0.2, L * L), rng.normal(0, 0.2, 12))
    bonds = np.concatenate([enumerated(machine, shape) for shape in operators.images(name)])
    mean, error, scatter = fourier.pairs(machine, L, name, rng)
    assert 0 < error < 0.02
    assert abs(mean - bonds.mean()) < 4 * error
    assert scatter == pytest.approx(bonds.std(), rel=0.1)


def test_of_many_bonds_some_are_enough(monkeypatch):
    monkeypatch.setattr(fourier, "BONDS", 10)
    assert fourier.pairs(rbm.exact_machine(6, TC), 6, "nn", rng=1) == pytest.approx((1 / TC, 0, 0), abs=1e-6)


def test_the_error_holds_for_bonds_that_are_not_drawn(monkeypatch):
    """Of 100 draws of 20 of 64 bonds, which scatter, χ²/100 is 1 ± 0.5 (3.5 σ), by the error of all bonds hundreds."""
    machine = rbm.RBM(np.random.default_rng(3).normal(0, 0.3, (64, 16)), np.zeros(64), np.zeros(16))
    truth, noise, _ = fourier.pairs(machine, 8, "nn", rng=0)
    monkeypatch.setattr(fourier, "BONDS", 20)
    mean, error, _ = np.transpose([fourier.pairs(machine, 8, "nn", rng) for rng in range(1, 101)])
    assert 0.5 < np.mean(((mean - truth) / error) ** 2) < 1.5
    assert np.mean(((mean - truth) / noise) ** 2) > 5
