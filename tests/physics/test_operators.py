"""Local operators: counted by hand, invariant under the symmetries of the lattice."""

import itertools

import numpy as np
import pytest

from rbmrg import operators
from rbmrg.lattice import energy

IMAGES = {"nn": 2, "nnn": 2, "third": 2, "knight": 4, "plaquette": 1, "fifth": 2, "diamond": 1, "six": 2}
IMAGES |= {"field": 1, "corner": 4, "line": 2, "wedge": 4}


@pytest.fixture
def spins():
    return np.random.default_rng(1).choice(np.array([-1, 1], np.int8), (5, 6, 6))


def test_the_number_of_images_is_that_of_the_orbit_of_the_square():
    assert {name: len(operators.images(name)) for name in operators.OPERATORS} == IMAGES


@pytest.mark.parametrize("name", operators.OPERATORS)
def test_sums_are_those_of_loops_over_sites_and_orientations(name, spins):
    """Each set of sites of the torus that is an image counts once."""
    sets = set()
    for y, x, swap, a, b in itertools.product(range(6), range(6), (0, 1), (1, -1), (1, -1)):
        sites = [(s[swap], s[1 - swap]) for s in operators.OPERATORS[name]]
        sets.add(frozenset(((y + a * p) % 6, (x + b * q) % 6) for p, q in sites))
    assert len(sets) == 36 * IMAGES[name]
    expected = [sum(np.prod([s[site] for site in some]) for some in sets) for s in spins.astype(int)]
    assert operators.sums(spins, [name])[:, 0].tolist() == expected


def test_the_nearest_neighbours_are_minus_the_energy(spins):
    assert (operators.sums(spins, ["nn"])[:, 0] == -energy(spins)).all()


@pytest.mark.parametrize("move", [lambda s: np.roll(s, (1, 2), (1, 2)), lambda s: np.rot90(s, axes=(1, 2)), np.flip])
def test_no_symmetry_of_the_lattice_changes_a_sum(move, spins):
    names = list(operators.OPERATORS)
    moved = operators.sums(move(spins), names)
    assert np.array_equal(np.sort(moved, axis=0), np.sort(operators.sums(spins, names), axis=0))


def test_a_flip_of_all_spins_changes_the_sign_of_odd_operators_only(spins):
    assert np.array_equal(operators.sums(-spins, list(operators.EVEN)), operators.sums(spins, list(operators.EVEN)))
    assert np.array_equal(operators.sums(-spins, list(operators.ODD)), -operators.sums(spins, list(operators.ODD)))
