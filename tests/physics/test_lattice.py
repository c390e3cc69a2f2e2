"""Energy, magnetisation and block sums against loops over sites."""

import numpy as np
import pytest

from rbmrg import lattice

SPINS = np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (6, 4, 4))


def looped_energy(spins):
    """Σ over sites of −s times its right and its lower neighbour."""
    L = len(spins)
    return -sum(
        int(spins[y, x]) * (int(spins[y, (x + 1) % L]) + int(spins[(y + 1) % L, x])) for y in range(L) for x in range(L)
    )


@pytest.mark.parametrize("L", [2, 3, 5])
def test_energy_and_magnetisation_are_sums_over_sites(L):
    spins = np.random.default_rng(L).choice(np.array([-1, 1], np.int8), (20, L, L))
    E = lattice.energy(spins)
    m = lattice.magnetisation(spins)
    assert E.dtype == np.int64
    assert E.tolist() == [looped_energy(s) for s in spins]
    np.testing.assert_allclose(m, [sum(map(int, s.ravel())) / L**2 for s in spins], atol=1e-15)


def test_energy_of_the_ordered_lattices_and_of_one_turned_spin():
    spins = np.ones((3, 10, 10), np.int8)
    spins[1] *= np.where(np.indices((10, 10)).sum(axis=0) % 2, 1, -1)
    spins[2, 3, 9] = -1
    assert lattice.energy(spins).tolist() == [-200, 200, -192]


def test_leading_axes_are_kept():
    spins = SPINS.reshape(2, 3, 4, 4)
    np.testing.assert_array_equal(lattice.energy(spins).ravel(), lattice.energy(SPINS))
    np.testing.assert_array_equal(lattice.magnetisation(spins).ravel(), lattice.magnetisation(SPINS))
    assert lattice.energy(SPINS[0]) == lattice.energy(SPINS)[0]
    assert lattice.block_sums(spins, 2).shape == (2, 3, 2, 2)


def test_the_bonds_of_a_configuration_add_up_to_its_energy():
    bonds = lattice.bonds(SPINS)
    assert bonds.shape == (2, *SPINS.shape)
    np.testing.assert_array_equal(-bonds.sum(axis=(0, 2, 3), dtype=int), lattice.energy(SPINS))
    assert bonds[0, 0, 1, 3] == SPINS[0, 1, 3] * SPINS[0, 1, 0]
    assert bonds[1, 0, 3, 1] == SPINS[0, 3, 1] * SPINS[0, 0, 1]


@pytest.mark.parametrize("factor", [1, 2, 3, 6])
def test_block_sums_are_sums_over_blocks(factor):
    values = np.random.default_rng(2).integers(-3, 4, (4, 6, 12))
    sums = lattice.block_sums(values, factor)
    assert sums.shape == (4, 6 // factor, 12 // factor)
    for n, y, x in np.ndindex(*sums.shape):
        block = [values[n, factor * y + i, factor * x + j] for i in range(factor) for j in range(factor)]
        assert sums[n, y, x] == sum(block)


@pytest.mark.parametrize("dtype", [np.int8, np.float32, np.float64])
def test_block_sums_keep_the_type(dtype):
    assert lattice.block_sums(SPINS.astype(dtype), 2).dtype == dtype


@pytest.mark.parametrize(("shape", "factor"), [((4, 5, 4), 2), ((4, 4, 5), 2), ((1, 4, 4), 3)])
def test_blocks_that_do_not_tile_the_lattice_are_refused(shape, factor):
    with pytest.raises(ValueError, match=rf"blocks of {factor} do not tile a lattice of {shape[1]} × {shape[2]}"):
        lattice.block_sums(np.ones(shape, np.int8), factor)


def test_energies_are_of_spins_and_not_of_averages():
    with pytest.raises(ValueError, match=r"spins contain 0\.5: must be \+1 or -1"):
        lattice.energy(np.full((2, 4, 4), 0.5, np.float32))


def test_sums_of_large_blocks_do_not_overflow():
    assert lattice.block_sums(np.ones((1, 16, 16), np.int8), 16).item() == 256
