"""Is it an Ising ensemble at all: exact by enumeration, errors that are the scatter, and what must not pass.

Seeds are fixed.  `passed` of equilibrium data is a false alarm at most once in 1000 tables.
"""

import numpy as np
import pytest
from scipy import stats as distributions

from rbmrg import exact, rbm, sampling
from rbmrg.flows import equilibrium
from rbmrg.lattice import TC, energy

NAMES = [
    "energy", "energy_variance", "abs_magnetisation", "magnetisation", "binder", "anisotropy", "nearest", "G(1,1)",
    "G(0,2)", "G(0,L/2)", "G(L/2,L/2)", "S(0,1)", "S(1,1)", "S(0,2)", "S(L/2,L/2)",
]  # fmt: skip


def scores(table):
    return dict(zip(table.observable, table.z, strict=True))


def by_definition(spins):
    """Observables that are means, of each configuration, from their definitions: {name: [n]}."""
    L, half = spins.shape[-1], spins.shape[-1] // 2
    m = spins.mean(axis=(1, 2))

    def G(y, x):
        return (spins * np.roll(spins, (-y, -x), axis=(1, 2))).mean(axis=(1, 2))

    def S(*waves):
        y, x = np.indices((L, L))
        phases = (np.exp(-2j * np.pi / L * (a * y + b * x)) for a, b in waves)
        return np.mean([np.abs((spins * phase).sum(axis=(1, 2))) ** 2 / L**2 for phase in phases], axis=0)

    return {
        "energy": energy(spins) / L**2,
        "abs_magnetisation": np.abs(m),
        "magnetisation": m,
        "anisotropy": G(0, 1) - G(1, 0),
        "nearest": G(0, 1),
        "G(1,1)": (G(1, 1) + G(1, -1)) / 2,
        "G(0,2)": (G(0, 2) + G(2, 0)) / 2,
        "G(0,L/2)": (G(0, half) + G(half, 0)) / 2,
        "G(L/2,L/2)": (G(half, half) + G(half, -half)) / 2,
        "S(0,1)": S((0, 1), (1, 0)),
        "S(1,1)": S((1, 1), (1, -1)),
        "S(0,2)": S((0, 2), (2, 0)),
        "S(L/2,L/2)": S((half, half), (half, -half)),
    }


@pytest.fixture(scope="module")
def states():
    """All of L = 4, their energies, and {observable: [2^16]} by definition."""
    spins = exact.enumerate_states(4)
    return spins, energy(spins), by_definition(spins)


def exact_values(states, K):
    """All observables of L = 4 at coupling K, by enumeration: {name: value}."""
    _, E, means = states
    p = np.exp(-K * (E + 32))
    p /= p.sum()
    m2, m4 = p @ means["magnetisation"] ** 2, p @ means["magnetisation"] ** 4
    derived = {"energy_variance": (p @ E**2 - (p @ E) ** 2) / 16, "binder": 1 - m4 / (3 * m2**2)}
    return {name: p @ values for name, values in means.items()} | derived


# --- what is measured -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("L", [4, 5, 6])
def test_the_observables_are_as_defined(L):
    spins = sampling.sample(L, 2.5, 50, rng=L)
    found = equilibrium.contributions(spins)
    assert list(found) == NAMES
    for name, values in by_definition(spins).items():
        np.testing.assert_allclose(found[name], values, atol=1e-12)


def test_parts_are_put_together(monkeypatch):
    spins = sampling.sample(4, 2.5, 50, rng=1)
    whole = equilibrium.contributions(spins)
    monkeypatch.setattr(equilibrium, "_AT_ONCE", 16 * 7)
    np.testing.assert_allclose(equilibrium.contributions(spins), whole, atol=1e-14)


@pytest.mark.parametrize("K", [0.0, 0.4])
def test_the_influence_is_the_derivative_by_the_weight_of_a_configuration(states, K):
    """θ(p + ε(δ_i − p)) by enumeration, for every tenth of 200 configurations: p is their frequency."""
    spins = sampling.sample(4, 1 / K if K else np.inf, 200, rng=2)
    found, m, E, h = equilibrium.contributions(spins), spins.mean(axis=(1, 2)), energy(spins), 1e-6

    def derived(p):
        return (p @ E**2 - (p @ E) ** 2) / 16, 1 - p @ m**4 / (3 * (p @ m**2) ** 2)

    p = np.full(200, 1 / 200)
    for i in range(0, 200, 10):
        towards = h * (np.eye(200)[i] - p)
        slope = (np.array(derived(p + towards)) - derived(p - towards)) / (2 * h)
        expected = derived(p) + slope
        np.testing.assert_allclose(found.loc[i, ["energy_variance", "binder"]], expected, rtol=1e-6, atol=1e-7)
    assert found[["energy_variance", "binder"]].mean().to_list() == pytest.approx(derived(p))


@pytest.mark.parametrize(("at", "right"), [(2.5, True), (2.55, False)])
def test_the_values_by_enumeration(states, at, right):
    """At T = 2.5, |z| < 4, 30 of them: false alarm 2e-3.  Negative control: the exact values of T = 2.55."""
    truth = exact_values(states, 1 / at)
    table = equilibrium.compare(*sampling.sample(4, 2.5, 60_000, rng=3).reshape(2, 30_000, 4, 4), fitted=False)
    assert table.observable.to_list() == NAMES
    error = table.error / np.sqrt(2)  # of either of two equal samples
    for column in ("flow", "expected"):
        z = (table[column] - table.observable.map(truth)) / error
        assert (z.abs().max() < 4) == right
    assert equilibrium.passed(table)


def test_the_slope_is_the_derivative_along_the_line_of_equilibria(states):
    """All 2^16 states are equilibrium at T = ∞ without noise: `expected` moves by dO/dE times the change of ⟨E⟩."""
    spins, h = states[0], 1e-4
    hot, cold = exact_values(states, -h), exact_values(states, h)
    rows = equilibrium.compare(sampling.sample(4, 3.0, 500, rng=4), spins, fitted=True)
    start = equilibrium.compare(spins, spins, fitted=True)
    assert (start.difference == 0).all()
    moved = energy(sampling.sample(4, 3.0, 500, rng=4)).mean() / 16  # from ⟨E⟩ = 0
    slope = [(cold[name] - hot[name]) / (cold["energy"] - hot["energy"]) for name in rows.observable]
    np.testing.assert_allclose((rows.expected - start.expected) / moved, slope, atol=1e-6)
    assert np.abs(slope).max() > 0.1


def test_the_error_is_that_of_the_formula(states):
    spins, reference = sampling.sample(4, 2.0, 300, rng=5), sampling.sample(4, 2.0, 900, rng=6)
    one, other = (by_definition(s) for s in (spins, reference))
    for fitted in (True, False):
        table = equilibrium.compare(spins, reference, fitted).set_index("observable")
        for name in ("abs_magnetisation", "S(0,1)", "anisotropy"):
            b = np.cov(other[name], other["energy"])[0, 1] / np.var(other["energy"], ddof=1) if fitted else 0
            o, o_reference = (s[name] - b * s["energy"] for s in (one, other))
            larger = max(np.var(o, ddof=1), np.var(o_reference, ddof=1))
            assert table.error[name] == pytest.approx(np.sqrt(larger / 300 + np.var(o_reference, ddof=1) / 900))
            assert table.difference[name] == pytest.approx(o.mean() - o_reference.mean())
            assert table.z[name] == pytest.approx(table.difference[name] / table.error[name])


# --- the scatter is the error -----------------------------------------------------------------------------------------


def repeated(L, T, repetitions, n):
    """z [repetitions, observables] of sets of `n`, each beside its own reference of `n` at its own T_E."""
    sets, rng = sampling.sample(L, T, repetitions * n, rng=7).reshape(repetitions, n, L, L), np.random.default_rng(8)
    return np.array([equilibrium.at_best_temperature(spins, rng, n).z for spins in sets])


def scatter_limits(repetitions, alarm):
    """Between which the variance of `repetitions` standard normal z is, but for a chance of 2 · alarm."""
    return distributions.chi2.ppf([alarm, 1 - alarm], repetitions - 1) / (repetitions - 1)


def check_scatter(z, alarm=1e-4):
    low, high = scatter_limits(len(z), alarm)
    variance = z.var(axis=0, ddof=1)
    assert ((low < variance) & (variance < high)).all(), dict(zip(NAMES[1:], variance, strict=True))
    assert np.abs(z.mean(axis=0)).max() < 4 / np.sqrt(len(z))


@pytest.mark.parametrize(("L", "temperatures"), [(10, [TC]), (6, [2.0, 3.0])])
def test_errors_are_the_scatter(L, temperatures):
    """80 sets: the variance of each z is 1, χ²/79; false alarm 3e-3 for each of the two."""
    check_scatter(np.concatenate([repeated(L, T, 80 // len(temperatures), 200) for T in temperatures]))


@pytest.mark.long
@pytest.mark.parametrize("L", [6, 10])
@pytest.mark.parametrize("T", [2.0, TC, 3.0])
def test_errors_are_the_scatter_of_many(L, T):
    """1000 sets of 2000; false alarm 3e-3 for each of six."""
    check_scatter(repeated(L, T, 1000, 2000))


def test_errors_that_forget_the_fit_are_not_the_scatter():
    """Negative control, b = 0: the fit takes most of the fluctuations of what goes with the energy."""
    rng, z = np.random.default_rng(9), []
    for spins in sampling.sample(6, TC, 60 * 200, rng).reshape(60, 200, 6, 6):
        reference = sampling.sample(6, exact.temperature_of_energy(6, energy(spins).mean() / 36), 800, rng)
        z.append(equilibrium.compare(spins, reference, fitted=False).z)
    variance = dict(zip(NAMES, np.var(z, axis=0, ddof=1), strict=True))
    low, high = scatter_limits(60, 1e-4)
    for name in ("abs_magnetisation", "G(1,1)", "G(0,L/2)"):
        assert variance[name] < low
    for name in ("magnetisation", "anisotropy"):  # what does not go with the energy needs no b
        assert low < variance[name] < high


def test_cold_configurations_may_lack_rare_excitations():
    """40 sets of 500 at T = 1, which have a pair of reversed neighbours or have none: ⟨z²⟩ ≤ 1 within 4 σ.

    Negative control: the variance of each set alone.
    """
    parts = [sampling.sample(10, 1.0, 20_000, rng=k) for k in (10, 11)]
    sets, reference = (equilibrium.contributions(s)[["energy", "G(1,1)"]].to_numpy() for s in parts)
    covariance = np.cov(reference.T)
    along = [-covariance[0, 1] / covariance[0, 0], 1]
    sets, reference = (sets @ along).reshape(40, 500), reference @ along
    difference, own, noise = sets.mean(axis=1) - reference.mean(), sets.var(axis=1), reference.var() / len(reference)
    limit = 1 + 4 * np.sqrt(2 / 40)
    assert np.mean(difference**2 / (own / 500 + noise)) > limit
    assert np.mean(difference**2 / (np.maximum(own, reference.var()) / 500 + noise)) < limit
    table = equilibrium.compare(parts[0][:500], parts[1], fitted=True).set_index("observable")
    larger = max(own[0], reference.var())
    assert table.error["G(1,1)"] == pytest.approx(np.sqrt(larger / 500 + noise), rel=0.01)


def test_rounding_is_no_difference():
    """T = 0.7, where there are single reversed spins only, in the set as in the reference: many errors are 0."""
    sets, rng = sampling.sample(6, 0.7, 10_000, rng=12).reshape(10, 1000, 6, 6), np.random.default_rng(13)
    tables = [equilibrium.at_best_temperature(s, rng, 5000) for s in sets]
    assert all(map(equilibrium.passed, tables))
    assert any((table.error == 0).sum() > 5 for table in tables if table["T"][0] > 0)


# --- what passes ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("L", [6, 10])
@pytest.mark.parametrize("T", [2.0, TC, 3.0])
def test_equilibrium_passes(L, T):
    table = equilibrium.at_best_temperature(sampling.sample(L, T, 4000, rng=11), 12, 10_000)
    assert list(table) == [*equilibrium.COLUMNS, "T", "T_error"]
    assert table.observable.to_list() == NAMES[1:]
    assert equilibrium.passed(table)
    assert abs(table["T"] - T).max() < 4 * table.T_error.min()
    np.testing.assert_allclose(table.difference, table.flow - table.expected, atol=1e-12)


def test_a_few_steps_of_the_exact_machine_keep_equilibrium():
    spins = rbm.exact_machine(10, TC).gibbs(sampling.sample(10, TC, 4000, rng=13), 3, np.random.default_rng(14))
    assert equilibrium.passed(equilibrium.at_best_temperature(spins, 15, 10_000))


def test_the_same_seed_gives_the_same_table():
    spins = sampling.sample(6, 2.5, 200, rng=16)
    assert equilibrium.at_best_temperature(spins, 17, 500).equals(equilibrium.at_best_temperature(spins, 17, 500))
    one, other = (equilibrium.as_mixture(spins, [2.4, 2.6], 18, 500) for _ in range(2))
    assert one.equals(other)


# --- what must not pass -----------------------------------------------------------------------------------------------


def mixed(L, temperatures, n, rng):
    """`n` configurations, each of any of the temperatures."""
    rng = np.random.default_rng(rng)
    counts = rng.multinomial(n, np.full(len(temperatures), 1 / len(temperatures)))
    return np.concatenate([sampling.sample(L, T, k, rng) for T, k in zip(temperatures, counts, strict=True)])


def permuted(rng):
    return sampling.sample(6, TC, 4000, rng).reshape(4000, 36)[:, rng.permutation(36)].reshape(4000, 6, 6)


def shuffled(rng):
    return rng.permuted(sampling.sample(6, TC, 4000, rng).reshape(4000, 36), axis=1).reshape(4000, 6, 6)


def magnetised(rng):
    """Spins independent of each other, of the magnetisation of equilibrium at Tc in every configuration."""
    up = (1 + sampling.sample(6, TC, 4000, rng).mean(axis=(1, 2))) / 2
    return np.where(rng.random((4000, 6, 6)) < up[:, None, None], 1, -1).astype(np.int8)


def unfinished(rng):
    """The flow of the exact machine before it forgets its start."""
    return rbm.exact_machine(10, TC).gibbs(sampling.sample(10, 0.0, 2000, rng), 5, rng)


def anisotropic(rng):
    """K_x − K_y = 0.06, exactly: equilibrium configurations, kept with probability ∝ e^{0.03 (Σ_x ss' − Σ_y ss')}."""
    spins = sampling.sample(6, TC, 30_000, rng)
    exponent = 0.03 * 36 * equilibrium.contributions(spins).anisotropy
    kept = spins[rng.random(len(spins)) < np.exp(exponent - exponent.max())]
    assert len(kept) > 2000
    return kept


def broken(rng):
    """A machine with a bias: one of two configurations is turned upright."""
    spins = sampling.sample(6, 2.0, 2000, rng)
    turned = np.where(rng.random(2000) < 0.5, np.sign(spins.sum(axis=(1, 2))), 1)
    return np.where(turned == 0, 1, turned)[:, None, None].astype(np.int8) * spins


def two_temperatures(rng):
    return mixed(10, [1.8, 2.8], 2000, rng)


@pytest.mark.parametrize(
    ("make", "witness"),
    [
        (two_temperatures, "energy_variance"),
        (permuted, "G(1,1)"),
        (shuffled, "abs_magnetisation"),
        (magnetised, "abs_magnetisation"),
        (unfinished, "abs_magnetisation"),
        (anisotropic, "anisotropy"),
        (broken, "magnetisation"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_is_no_equilibrium_does_not_pass(make, witness):
    table = equilibrium.at_best_temperature(make(np.random.default_rng(19)), 20, 10_000)
    assert not equilibrium.passed(table)
    assert abs(scores(table)[witness]) > 8


def test_a_broken_symmetry_is_seen_in_the_odd_observable_only():
    z = scores(equilibrium.at_best_temperature(broken(np.random.default_rng(21)), 22, 10_000))
    assert abs(z.pop("magnetisation")) > 8
    assert max(map(abs, z.values())) < 4


# --- mixtures and ends ------------------------------------------------------------------------------------------------


def test_a_mixture_passes_as_itself_only():
    temperatures = [0.0, 1.8, 2.8, np.inf]
    table = equilibrium.as_mixture(mixed(6, temperatures, 4000, 23), temperatures, 24, 10_000)
    assert equilibrium.passed(table)
    assert table.observable.to_list() == NAMES
    assert table["T"].isna().all()
    assert table.T_error.isna().all()
    for others in ([1.8, 2.8, np.inf], [TC]):
        assert not equilibrium.passed(equilibrium.as_mixture(mixed(6, temperatures, 4000, 23), others, 24, 10_000))


def test_errors_of_a_mixture_are_the_scatter():
    """60 sets, 15 z each: variance within χ²/59 at 1e-4 on either side, false alarm 3e-3."""
    rng = np.random.default_rng(25)
    sets = (mixed(6, [1.5, 3.0], 200, rng) for _ in range(60))
    check_scatter(np.array([equilibrium.as_mixture(s, [1.5, 3.0], rng, 200).z for s in sets]))


def test_ground_states_are_compared_with_ground_states():
    table = equilibrium.at_best_temperature(sampling.sample(10, 0.0, 500, rng=26), 27, 2000)
    assert (table["T"] == 0).all()
    assert table.T_error.isna().all()
    assert equilibrium.passed(table)
    assert {name for name, z in scores(table).items() if z != 0} == {"magnetisation"}
    upright = equilibrium.at_best_temperature(np.ones((500, 10, 10), np.int8), 28, 2000)
    assert abs(scores(upright)["magnetisation"]) > 15


def test_coins_pass():
    """At T = ∞ every other set has ⟨E⟩ > 0 and is compared with T = ∞ unfitted."""
    tables = [equilibrium.at_best_temperature(sampling.sample(6, np.inf, 1000, rng=k), k, 5000) for k in range(8)]
    assert all(map(equilibrium.passed, tables))
    assert {np.isinf(table["T"][0]) for table in tables} == {True, False}
    assert all(("energy" in set(table.observable)) == np.isinf(table["T"][0]) for table in tables)


def test_energies_above_those_of_every_temperature_do_not_pass():
    """Antiferromagnetic ground states: all m = 0, and the Binder cumulant is not a number."""
    board = np.where(np.add.outer(range(6), range(6)) % 2 == 0, 1, -1).astype(np.int8)
    table = equilibrium.at_best_temperature(np.stack([board, -board] * 50), 29, 1000)
    assert np.isinf(table["T"]).all()
    assert not equilibrium.passed(table)
    assert np.isnan(scores(table)["binder"])
    assert scores(table)["energy"] > 8


def test_without_errors_equal_is_zero_and_unequal_infinite():
    up = np.ones((3, 4, 4), np.int8)
    for fitted in (True, False):
        z = scores(equilibrium.compare(up, -up, fitted))
        assert z.pop("magnetisation") == np.inf
        assert set(z.values()) == {0.0}
        assert scores(equilibrium.compare(-up, up, fitted))["magnetisation"] == -np.inf


def test_what_cannot_be_compared_is_refused():
    spins = sampling.sample(4, 2.0, 10, rng=30)
    for pair in ((spins[:1], spins), (spins, spins[:1]), (spins, sampling.sample(6, 2.0, 10, rng=30))):
        with pytest.raises(ValueError, match="compared"):
            equilibrium.compare(*pair, fitted=False)
    with pytest.raises(ValueError, match="at least two"):
        equilibrium.at_best_temperature(spins[:1], 31)
    with pytest.raises(ValueError, match="at least one temperature"):
        equilibrium.as_mixture(spins, [], 32)


def test_the_end_of_a_flow_is_compared_with_equilibrium_and_with_its_mixture():
    """A mixture is no equilibrium at any temperature; one temperature is no mixture.  |z| < 4, > 8 for the controls."""
    temperatures = [1.8, 2.8]
    mixed = sampling.mixture(6, temperatures, 4000, rng=1)
    tables = dict(iter(equilibrium.assess(mixed, temperatures, 2).groupby("reference")))
    assert equilibrium.passed(tables["mixture"])
    assert tables["equilibrium"].z.abs().max() > 8
    single = equilibrium.assess(sampling.sample(6, 2.3, 4000, rng=3), [2.3], 4)
    assert single.reference.unique().tolist() == ["equilibrium"]
    assert equilibrium.passed(single)
    other = equilibrium.assess(sampling.sample(6, 2.3, 4000, rng=3), temperatures, 4)
    assert not equilibrium.passed(other[other.reference == "mixture"])
