"""Momentum space: plane waves, single sites and the exact machine by formula, S(k) by enumeration, errors by repeating.

Seeds are fixed; false-alarm rates of the statistical tests are in their docstrings.
"""

import numpy as np
import pytest
from scipy import stats as distributions

from rbmrg import exact, rbm, sampling, stats
from rbmrg.flows import momentum_space
from rbmrg.lattice import TC, energy

RNG = np.random.default_rng(1)


def wave(L, ky, kx):
    """cos(k·x) for k = 2π/L (ky, kx), [L²]."""
    y, x = np.indices((L, L))
    return np.cos(2 * np.pi / L * (ky * y + kx * x)).ravel()


def k_squared(L, ky, kx):
    return 4 - 2 * np.cos(2 * np.pi * ky / L) - 2 * np.cos(2 * np.pi * kx / L)


def looped_power(field):
    """(1/N) |Σ_x e^{−ikx} f(x)|² from its definition, [L, L]."""
    L = len(field)
    found = np.zeros((L, L))
    for ky, kx in np.ndindex(L, L):
        terms = [field[y, x] * np.exp(-2j * np.pi / L * (ky * y + kx * x)) for y, x in np.ndindex(L, L)]
        found[ky, kx] = abs(sum(terms)) ** 2 / L**2
    return found


# --- momenta ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("L", [2, 3, 10, 32])
def test_shells_hold_every_momentum_once(L):
    k2, count, index = momentum_space.shells(L)
    assert count.sum() == L * L
    assert (np.diff(k2) > 1e-6).all()
    expected = [[k_squared(L, ky, kx) for kx in range(L)] for ky in range(L)]
    np.testing.assert_allclose(momentum_space.squared_momentum(L), expected, atol=1e-12)
    np.testing.assert_allclose(k2[index], np.ravel(expected), atol=1e-9)
    assert k2 @ count / L**2 == pytest.approx(4)  # white noise


def test_shells_of_four_by_four():
    k2, count, _ = momentum_space.shells(4)
    assert k2.tolist() == [0, 2, 4, 6, 8]
    assert count.tolist() == [1, 4, 6, 4, 1]


def test_averages_over_shells():
    values = RNG.normal(size=(6, 6))
    found = momentum_space.by_shell(np.stack([momentum_space.squared_momentum(6), values]))
    k2, count, _ = momentum_space.shells(6)
    assert found.shape == (2, len(k2))
    np.testing.assert_allclose(found[0], k2, atol=1e-9)
    assert found[1] @ count == pytest.approx(values.sum())


# --- weights ----------------------------------------------------------------------------------------------------------


def test_power_is_the_sum_over_sites():
    W = RNG.normal(size=(9, 5))
    expected = np.mean([looped_power(unit.reshape(3, 3)) for unit in W.T], axis=0)
    np.testing.assert_allclose(momentum_space.weight_power(W, 3), expected, atol=1e-12)


@pytest.mark.parametrize("L", [3, 10])
def test_parseval(L):
    W = RNG.normal(size=(L * L, 7)).astype(np.float32)
    power = momentum_space.weight_power(W, L)
    assert power.dtype == np.float64
    assert power.sum() == pytest.approx(np.sum(W.astype(float) ** 2) / 7)


def test_plane_waves_have_two_momenta_and_those_of_units_are_averaged():
    """|Σ_x cos² k·x|²/N = N/4 at k and −k, in the order (ky, kx)."""
    expected = np.zeros((10, 10))
    for ky, kx in ((1, 2), (-1, -2), (0, 3), (0, -3)):
        expected[ky, kx] = 100 / 4 / 2
    power = momentum_space.weight_power(np.stack([wave(10, 1, 2), wave(10, 0, 3)], axis=1), 10)
    np.testing.assert_allclose(power, expected, atol=1e-12)
    assert np.abs(power.T - expected).max() > 10  # negative control: x and y exchanged


def test_one_site_has_all_momenta():
    W = np.zeros((100, 2))
    W[[7, 93], [0, 1]] = 3, -1
    np.testing.assert_allclose(momentum_space.weight_power(W, 10), (9 + 1) / 2 / 100, rtol=1e-12)


@pytest.mark.parametrize("T", [2.0, TC, 2.6])
def test_the_exact_machine(T):
    """Pairs of neighbours: |W(k)|² = w² (8 − k̂²)/(2N), the mean of 2 + 2cos kx and 2 + 2cos ky times w²/N.

    W Wᵀ = w² (4 + neighbours) commutes with translations: singular values w √(8 − k̂²), each of all waves of its k̂², so
    that the k̂² of a vector is known in spite of the degeneracy.
    """
    L, W = 10, rbm.exact_machine(10, T).W
    w, k2 = np.arccosh(np.exp(2 / T)) / 2, momentum_space.squared_momentum(L)
    np.testing.assert_allclose(momentum_space.weight_power(W, L), w**2 * (8 - k2) / (2 * L**2), rtol=1e-6, atol=1e-15)
    values, found, participation = momentum_space.singular_values(W, L)
    np.testing.assert_allclose(values, w * np.sqrt(8 - np.sort(k2.ravel())), rtol=1e-6, atol=1e-12)
    np.testing.assert_allclose(found, np.sort(k2.ravel()), atol=1e-9)
    assert participation[[0, -1]] == pytest.approx([L**2, L**2])  # the uniform and the alternating pattern


def test_permuted_sites_have_other_momenta_and_the_same_singular_values():
    """Negative control of the exact machine: without geometry the momenta are those of noise, k̂² ≈ 4."""
    W = rbm.exact_machine(10, TC).W
    permuted = np.random.default_rng(1).permutation(W)
    values, k2, _ = momentum_space.singular_values(permuted, 10)
    np.testing.assert_allclose(values, momentum_space.singular_values(W, 10)[0], atol=1e-6)
    inner = k2[1:-1]  # the uniform vector stays, and the vector of the singular value zero
    assert np.abs(inner - 4).max() < 1.2
    assert np.abs(np.sort(inner) - np.sort(momentum_space.squared_momentum(10).ravel())[1:-1]).max() > 1.5


def test_singular_vectors_that_are_plane_waves():
    """Their k̂² is that of the wave; Σ_x (2/N)² cos⁴ k·x = 3/(2N), so the participation of a cosine is 2N/3."""
    waves, expected = [(1, 3), (0, 0), (2, 1), (5, 5), (3, 4)], [9.0, 6.0, 4.0, 2.0, 0.5]
    u = np.stack([wave(10, *k) for k in waves], axis=1)
    v = np.linalg.qr(RNG.normal(size=(8, 8)))[0][:5]
    values, k2, participation = momentum_space.singular_values(u / np.linalg.norm(u, axis=0) * expected @ v, 10)
    np.testing.assert_allclose(values, [*expected, 0, 0, 0], atol=1e-12)
    np.testing.assert_allclose(k2[:5], [k_squared(10, *k) for k in waves], atol=1e-9)
    np.testing.assert_allclose(participation[:5], [200 / 3, 100, 200 / 3, 100, 200 / 3], rtol=1e-9)


def test_singular_vectors_that_are_single_sites():
    W = np.zeros((16, 3))
    W[[2, 5, 11], [0, 1, 2]] = 1, -3, 2
    table = momentum_space.singular_table(W, 4)
    assert list(table) == ["rank", "singular_value", "k2", "participation"]
    assert table["rank"].tolist() == [1, 2, 3]
    np.testing.assert_allclose(table.singular_value, [3, 2, 1])
    np.testing.assert_allclose(table.k2, 4)
    np.testing.assert_allclose(table.participation, 1)


@pytest.mark.parametrize("W", [np.zeros((50, 50)), np.zeros(100), np.zeros((100, 3, 2))])
def test_weights_that_are_not_those_of_the_lattice_are_refused(W):
    for function in (momentum_space.weight_power, momentum_space.singular_values, momentum_space.singular_table):
        with pytest.raises(ValueError, match=r"on the 10 × 10 lattice: must be \[100, hidden\]"):
            function(W, 10)


# --- configurations ---------------------------------------------------------------------------------------------------


def deviations(spins, expected):
    """Largest |z| of S(k) against `expected` [L, L] over k and −k once, and its limit at a false-alarm rate of 1e-3."""
    L, blocks = spins.shape[-1], momentum_space.structure_factor(spins)
    once = np.array([(ky, kx) <= (-ky % L, -kx % L) for ky, kx in np.ndindex(L, L)])
    mean, error = (part.ravel()[once] for part in stats.mean_error(blocks))
    limit = distributions.t.isf(1e-3 / 2 / once.sum(), len(blocks) - 1)
    return np.abs((mean - expected.ravel()[once]) / error).max(), limit


def test_structure_factors_of_patterns():
    y, x = np.indices((10, 10))
    up, alternating = np.ones((10, 10), np.int8), (1 - 2 * ((y + x) % 2)).astype(np.int8)
    blocks = momentum_space.structure_factor(np.stack([up, -up, alternating, alternating]), 2)
    expected = np.zeros((2, 10, 10))
    expected[0, 0, 0] = expected[1, 5, 5] = 100
    np.testing.assert_allclose(blocks, expected, atol=1e-12)


def test_structure_factors_are_the_sum_over_sites_in_blocks():
    spins = sampling.sample(3, 2.0, 7, rng=1)
    powers = np.array([looped_power(configuration) for configuration in spins])
    expected = [powers[0:2].mean(axis=0), powers[2:4].mean(axis=0), powers[4:6].mean(axis=0)]
    np.testing.assert_allclose(momentum_space.structure_factor(spins, 3), expected, atol=1e-12)
    np.testing.assert_allclose(powers.sum(axis=(1, 2)), 9)


def test_spins_at_infinite_temperature_are_white():
    """False alarm 1e-3; negative control: T = 20."""
    white = np.ones((10, 10))
    score, limit = deviations(sampling.sample(10, np.inf, 20_000, rng=1), white)
    assert score < limit
    assert deviations(sampling.sample(10, 20.0, 20_000, rng=1), white)[0] > limit


def enumerated(T):
    """The exact S(k) at L = 4."""
    states = exact.enumerate_states(4)
    weights = np.exp(-(energy(states) + 32) / T)
    power = np.abs(np.fft.fft2(states)) ** 2 / 16
    return np.tensordot(weights / weights.sum(), power, axes=1)


def test_structure_factor_at_equilibrium():
    """Against enumeration, false alarm 1e-3; negative control: 2 % off in temperature."""
    expected = enumerated(2.5)
    score, limit = deviations(sampling.sample(4, 2.5, 20_000, rng=2), expected)
    assert score < limit
    assert deviations(sampling.sample(4, 2.55, 20_000, rng=2), expected)[0] > limit


# --- the table --------------------------------------------------------------------------------------------------------

W = RNG.normal(size=(100, 12))


def test_the_table():
    flow, data = sampling.sample(10, 3.0, 100, rng=1), sampling.sample(10, TC, 60, rng=2)
    table = momentum_space.momentum_table(W, flow, data)
    k2, count, index = momentum_space.shells(10)
    assert list(table) == [
        "k2", "count", "weight_power", "S_flow", "S_flow_error", "S_data", "S_data_error", "ratio", "ratio_error",
    ]  # fmt: skip
    np.testing.assert_array_equal(table[["k2", "count"]], np.stack([k2, count], axis=1))
    assert table.weight_power @ count == pytest.approx(np.sum(W**2) / 12)
    for name, blocks in (
        ("S_flow", momentum_space.structure_factor(flow, 25)),
        ("S_data", momentum_space.structure_factor(data, 15)),
    ):
        for shell in range(len(k2)):
            mean, error = stats.mean_error(blocks.reshape(len(blocks), -1)[:, index == shell].mean(axis=1))
            assert table.loc[shell, [name, f"{name}_error"]].tolist() == pytest.approx([mean, error])
        assert table[name] @ count == pytest.approx(100)
    np.testing.assert_allclose(table.ratio, table.S_flow / table.S_data)
    linear = np.hypot(table.S_flow_error / table.S_flow, table.S_data_error / table.S_data)
    np.testing.assert_allclose(table.ratio_error / table.ratio, linear, rtol=0.1)  # to first order in the errors


def ratio_score(flow, data):
    """Largest |z| of the ratio against 1 over shells, and its limit at a false-alarm rate of 1e-3.

    A ratio of 50 blocks each has at least 49 degrees of freedom.
    """
    table = momentum_space.momentum_table(W, flow, data)
    limit = distributions.t.isf(1e-3 / 2 / len(table), 49)
    return np.abs((table.ratio - 1) / table.ratio_error).max(), limit


def test_equal_ensembles_have_the_ratio_one(spins_tc):
    """False alarm 1e-3; negative controls: a flow that ends 2 % too warm, and one that shuffles the sites."""
    data, flow = spins_tc[:20_000], spins_tc[20_000:40_000]
    score, limit = ratio_score(flow, data)
    assert score < limit
    assert ratio_score(sampling.sample(10, 1.02 * TC, 20_000, rng=3), data)[0] > limit
    shuffled = np.random.default_rng(1).permuted(flow.reshape(-1, 100), axis=1).reshape(flow.shape)
    assert ratio_score(shuffled, data)[0] > limit


def test_errors_are_the_scatter_of_independent_tables(spins_tc):
    """60 tables of 2 × 400 configurations: the variance of each quantity over its mean squared error.

    The ratio is (χ²/59); its two-sided false-alarm rate is 1e-3 over all shells and columns.  Negative control: the
    error of the flow alone is not that of the ratio.
    """
    sets = spins_tc[:48_000].reshape(60, 2, 400, 10, 10)
    tables = np.array([momentum_space.momentum_table(W, *pair).to_numpy() for pair in sets])
    columns = list(momentum_space.momentum_table(W, *sets[0]))
    of = {name: tables[:, :, columns.index(name)] for name in columns}
    tail = 1e-3 / 2 / (3 * tables.shape[1])
    low, high = distributions.chi2.ppf([tail, 1 - tail], 59) / 59
    for name in ("S_flow", "S_data", "ratio"):
        excess = of[name].var(axis=0, ddof=1) / np.mean(of[f"{name}_error"] ** 2, axis=0)
        assert low < excess.min() <= excess.max() < high
    of_flow = of["S_flow_error"] / of["S_data"]
    assert (of["ratio"].var(axis=0, ddof=1) / np.mean(of_flow**2, axis=0)).max() > high


def test_momenta_that_the_data_lack_have_no_ratio():
    """T = 0: S(k) = 0 except at k = 0, and nothing is divided by it."""
    cold = sampling.sample(10, 0.0, 40, rng=1)
    table = momentum_space.momentum_table(W, sampling.sample(10, 2.0, 40, rng=1), cold)
    assert np.isfinite(table.loc[0, ["ratio", "ratio_error"]].astype(float)).all()
    assert np.isnan(table.loc[1:, ["ratio", "ratio_error"]]).all(axis=None)
    np.testing.assert_allclose(table.S_data, [100, *[0] * 18], atol=1e-12)
    assert momentum_space.momentum_table(W, cold, cold[:8]).S_flow_error[0] == pytest.approx(0, abs=1e-12)
    cold[0, 3, 4] *= -1  # a momentum of one block only: no error can be given
    table = momentum_space.momentum_table(W, cold, cold)
    np.testing.assert_allclose(table.ratio, 1)
    assert np.isnan(table.ratio_error[1:]).all()


@pytest.mark.parametrize(
    ("flow", "data", "message"),
    [
        ((8, 8, 8), (8, 10, 10), "same lattice size"),
        ((7, 10, 10), (8, 10, 10), "blocks"),
        ((8, 8, 8), (8, 8, 8), "8 × 8"),
    ],
)
def test_sets_that_do_not_fit_are_refused(flow, data, message):
    with pytest.raises(ValueError, match=message):
        momentum_space.momentum_table(W, np.ones(flow, np.int8), np.ones(data, np.int8))
