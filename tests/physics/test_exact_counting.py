"""Beale's integers against enumeration, sum rules and a sieve of primes."""

import numpy as np
import pytest

from rbmrg import exact, lattice
from rbmrg.exact.counting import count_states, is_prime


@pytest.mark.parametrize("L", [2, 3, 4])
def test_counted_states_are_the_histogram_of_all_configurations(L):
    broken = (lattice.energy(exact.enumerate_states(L)) + 2 * L**2) // 2
    assert count_states(L) == tuple(np.bincount(broken, minlength=2 * L**2 + 1).tolist())


@pytest.mark.parametrize("L", [6, 10, 12, 14, 32])
def test_density_of_states(L):
    g = exact.density_of_states(L)
    N = L**2
    assert all(type(count) is int and count >= 0 for count in g)
    assert len(g) == 2 * N + 1
    assert sum(g) == 2**N
    assert g == g[::-1]  # flipping one sublattice changes the sign of E
    assert not any(g[1::2])
    assert g[0] == 2
    assert g[4] == 2 * N
    assert g[6] == 4 * N
    assert sum(count * (2 * j - 2 * N) ** 2 for j, count in enumerate(g)) == 2 * N * 2**N  # ⟨E²⟩ at T = ∞: one a bond


def test_a_prime_is_a_prime():
    odd = range(11, 20_001, 2)
    assert [p for p in odd if is_prime(p)] == [p for p in odd if all(p % q for q in range(3, 142, 2) if q < p)]
    assert not is_prime(2047 * 4681)  # products of pseudoprimes to base 2
    assert is_prime(2**31 - 1)


@pytest.mark.parametrize("L", [3, 34])
def test_lattices_that_cannot_be_counted_are_refused(L):
    with pytest.raises(ValueError, match=f"L = {L}: must be even and at most 32"):
        exact.density_of_states(L)
