"""Two-point functions against double loops and against sums over all states of the 4 × 4 lattice.

Seeds are fixed.  |z| < 4: false alarm 6e-5.
"""

import functools

import numpy as np
import pytest

from rbmrg import correlators, exact, pair_counts, sampling, stats
from rbmrg.lattice import energy

FIELDS = np.random.default_rng(1).normal(size=(3, 5, 5))


def looped_two_point(field):
    """(1/N) Σ_x f(x) f(x + r), site by site."""
    L = len(field)
    G = np.zeros((L, L))
    for (dy, dx), (y, x) in ((r, s) for r in np.ndindex(L, L) for s in np.ndindex(L, L)):
        G[dy, dx] += field[y, x] * field[(y + dy) % L, (x + dx) % L] / L**2
    return G


@pytest.mark.parametrize("L", [2, 3, 4, 7])
def test_two_point_functions_are_sums_over_pairs_of_sites(L):
    fields = np.random.default_rng(L).normal(size=(3, L, L))
    spins = np.sign(fields).astype(np.int8)
    for values in (fields, spins):
        found = correlators.two_point(values)
        assert found.dtype == np.float64
        np.testing.assert_allclose(found, [looped_two_point(v) for v in values], atol=1e-13)


@pytest.mark.parametrize(("L", "served"), [(10, True), (15, True), (16, True), (17, False)])
def test_counted_pairs_give_what_the_fourier_transform_gives(L, served):
    """More configurations than are counted side by side; ordered ones differ at no pair, and stripes at all."""
    spins = np.random.default_rng(L).choice(np.array([-1, 1], np.int8), (pair_counts.LANES + 3, L, L))
    spins[:2] = 1
    spins[1, :, ::2] = -1
    assert pair_counts.serves(spins) == served
    assert not pair_counts.serves(spins.astype(float))
    found = pair_counts.two_point(spins)
    np.testing.assert_allclose(found, correlators.two_point(spins.astype(float)), atol=1e-13)
    np.testing.assert_array_equal(found[0], 1)
    assert found[1, 0, 1] == (-1 if L % 2 == 0 else -1 + 2 / L)
    np.testing.assert_allclose(correlators.spin_blocks(spins, 7), stats.block_means(found, 7), atol=1e-13)


def test_displacements_are_row_then_column():
    field = np.zeros((1, 5, 5))
    field[0, 0, 0] = 1
    field[0, 1, 2] = 10
    G = correlators.two_point(field)[0] * 25
    expected = np.zeros((5, 5))
    expected[0, 0] = 101
    expected[1, 2] = 10
    expected[-1, -2] = 10
    np.testing.assert_allclose(G, expected, atol=1e-12)


def test_distances_are_the_shortest_way_round():
    r = correlators.distances(5)
    assert r.shape == (5, 5)
    for y, x in np.ndindex(5, 5):
        ways = [np.hypot(y - 5 * i, x - 5 * j) for i in (0, 1) for j in (0, 1)]
        assert r[y, x] == pytest.approx(min(ways))


@pytest.mark.parametrize("L", [4, 5, 10])
def test_by_distance_averages_displacements_of_equal_length(L):
    G = np.random.default_rng(L).normal(size=(2, 3, L, L))
    groups = {}
    for y, x in np.ndindex(L, L):
        groups.setdefault(min(y, L - y) ** 2 + min(x, L - x) ** 2, []).append(G[:, :, y, x])
    r, averages = correlators.by_distance(G)
    np.testing.assert_allclose(r, np.sqrt(sorted(groups)))
    np.testing.assert_allclose(averages, np.stack([np.mean(groups[k], axis=0) for k in sorted(groups)], axis=-1))
    np.testing.assert_allclose(correlators.by_distance(G[0, 0])[1], averages[0, 0])


# --- all states of the 4 × 4 lattice ----------------------------------------------------------------------------------


def boltzmann(T):
    states = exact.enumerate_states(4)
    return states, np.exp(exact.log_probability(energy(states), 4, T))


@functools.cache
def enumerated(T):
    """(⟨σσ⟩, ⟨εε⟩ − ⟨ε⟩², ⟨ε⟩), by sums over states and loops over pairs of sites; ε averaged over both directions."""
    states, p = boltzmann(T)
    s = states.astype(float)
    right = s * s[:, :, [1, 2, 3, 0]]
    down = s * s[:, [1, 2, 3, 0], :]
    mean = p @ right.mean(axis=(1, 2)) / 2 + p @ down.mean(axis=(1, 2)) / 2

    def pairs(field):
        """⟨f(x) f(x')⟩ for all pairs of sites, [y, x, y', x']."""
        flat = field.reshape(-1, 16)
        return ((p[:, None] * flat).T @ flat).reshape(4, 4, 4, 4)

    spins = pairs(s)
    rights = pairs(right)
    downs = pairs(down)
    spin = np.zeros((4, 4))
    bond = np.zeros((4, 4))
    for (dy, dx), (y, x) in ((r, site) for r in np.ndindex(4, 4) for site in np.ndindex(4, 4)):
        pair = y, x, (y + dy) % 4, (x + dx) % 4
        spin[dy, dx] += spins[pair] / 16
        bond[dy, dx] += (rights[pair] + downs[pair]) / 32
    return spin, bond - mean**2, mean


@pytest.fixture(scope="module")
def blocks_of_states():
    """With one block for each of the 65 536 states, block means are the states' own values: spins, energies, means."""
    states = exact.enumerate_states(4)
    return correlators.spin_blocks(states, len(states)), *correlators.energy_blocks(states, len(states))


@pytest.mark.parametrize("T", [1.5, exact.TC, 4.0])
def test_two_point_functions_of_all_states(T, blocks_of_states):
    """The states' own values, weighted by Boltzmann."""
    _, p = boltzmann(T)
    spin, connected, mean = enumerated(T)
    spins, found, energies = blocks_of_states
    np.testing.assert_allclose(np.tensordot(p, spins, 1), spin, atol=1e-12)
    assert p @ energies == pytest.approx(mean, abs=1e-12)
    assert p @ energies == pytest.approx(-exact.energy_per_spin(4, T) / 2, abs=1e-12)
    np.testing.assert_allclose(np.tensordot(p, found, 1) - (p @ energies) ** 2, connected, atol=1e-12)


def test_independent_spins_are_correlated_with_themselves_only(blocks_of_states):
    """T = ∞ exactly: all states have the same weight, and no product of two bonds of a 4 × 4 lattice is a constant."""
    itself = np.zeros((4, 4))
    itself[0, 0] = 1
    spins, product, mean = blocks_of_states
    np.testing.assert_allclose(spins.mean(axis=0), itself, atol=1e-12)
    np.testing.assert_allclose(product.mean(axis=0) - mean.mean() ** 2, itself, atol=1e-12)


def test_the_connected_function_has_no_bias():
    """z of its mean over 2000 sets of 16 configurations in two blocks; false alarm 6e-5 for each of 6 displacements.

    Negative control: with the square of the mean it is too small by C T²/(4 N n).
    """
    spins = sampling.sample(4, 2.5, 32_000, rng=6).reshape(2000, 16, 4, 4)
    truth = enumerated(2.5)[1]
    sets = [correlators.energy_blocks(s, 2) for s in spins]
    found, error = stats.mean_error([correlators.connected(*both) for both in sets])
    biased, _ = stats.mean_error([product.mean(axis=0) - mean.mean() ** 2 for product, mean in sets])
    assert np.abs((found - truth) / error).max() < 4
    assert np.abs((biased - truth) / error).max() > 6
    expected = exact.specific_heat(4, 2.5) * 2.5**2 / (4 * 16 * 16)
    np.testing.assert_allclose(found - biased, expected, rtol=0.15)


@functools.cache
def measured(T):
    """Both functions of 100 000 samples."""
    return correlators.measure(sampling.sample(4, T, 100_000, rng=2))


@pytest.mark.parametrize("T", [2.0, exact.TC, 4.0])
def test_estimates_from_samples_and_their_errors(T):
    """z of both functions at all displacements but the origin of ⟨σσ⟩, which is 1 in every state."""
    exact_values = dict(zip(("spin", "energy"), enumerated(T), strict=False))
    assert measured(T).sizes == {"block": correlators.BLOCKS, "dy": 4, "dx": 4}
    for name, (centre, replicas) in correlators.estimates(measured(T)).items():
        error = stats.jackknife_error(replicas)
        difference = np.abs(centre - exact_values[name])
        if name == "spin":
            assert difference[0, 0] < 1e-12
            difference[0, 0] = 0
            error[0, 0] = 1
        assert np.max(difference / error) < 4.5  # t49, about 10 different values at 3 temperatures: 2e-3 in all


def test_the_connected_function_is_not_the_product():
    """Negative control for the test above: without ⟨ε⟩² all but the origin, 1 in every state, is off by 100 σ."""
    product = measured(exact.TC).energy_energy.values
    difference = np.abs(product.mean(axis=0) - enumerated(exact.TC)[1])
    error = stats.jackknife_error(stats.leave_one_out(product))
    assert np.min(difference.ravel()[1:] / error.ravel()[1:]) > 100


def test_replicas_leave_one_block_out():
    spins = sampling.sample(4, 2.5, 1000, rng=3)
    replicas = correlators.estimates(correlators.measure(spins, blocks=5))
    for b in range(5):
        rest = np.delete(spins, np.s_[200 * b : 200 * (b + 1)], axis=0)
        without = correlators.estimates(correlators.measure(rest, blocks=4))
        for name in ("spin", "energy"):
            np.testing.assert_allclose(replicas[name][1][b], without[name][0], atol=1e-12)


def test_errors_cover_the_truth():
    """z of 200 sets of 500 configurations, at a neighbour and at the farthest site: ⟨z²⟩ = 49/47 for t49."""
    spins = sampling.sample(4, 2.5, 100_000, rng=4).reshape(200, 500, 4, 4)
    truth = enumerated(2.5)
    estimates = [correlators.estimates(correlators.measure(s)) for s in spins]
    for k, name in enumerate(("spin", "energy")):
        pairs = [both[name] for both in estimates]
        z = np.array([(centre - truth[k]) / np.maximum(stats.jackknife_error(r), 1e-12) for centre, r in pairs])
        for place in ((0, 1), (2, 2)):
            squares = z[(slice(None), *place)] ** 2
            assert abs(squares.mean() - 49 / 47) < 4 * squares.std() / np.sqrt(200)


def test_few_samples_make_few_blocks():
    measured = correlators.measure(sampling.sample(4, 2.5, 21, rng=5))
    assert measured.sizes["block"] == 5
    with pytest.raises(ValueError, match="blocks"):
        correlators.measure(sampling.sample(4, 2.5, 7, rng=5))
