"""Which sets of configurations pass as an Ising ensemble, and which must not.

Seeds are fixed.  `passed` of equilibrium data is a false alarm at most once in 1000 tables.
"""

import numpy as np
import pytest
from flow_helpers import NAMES, mixed, scores

from rbmrg import rbm, sampling
from rbmrg.flows import comparison, equilibrium
from rbmrg.lattice import TC


@pytest.mark.parametrize("L", [6, 10])
@pytest.mark.parametrize("T", [2.0, TC, 3.0])
def test_equilibrium_passes(L, T):
    table = equilibrium.at_best_temperature(sampling.sample(L, T, 4000, rng=11), 12, 10_000)
    assert list(table) == [*comparison.COLUMNS, "T", "T_error"]
    assert table.observable.to_list() == NAMES[1:]
    assert comparison.passed(table)
    assert abs(table["T"] - T).max() < 4 * table.T_error.min()
    np.testing.assert_allclose(table.difference, table.flow - table.expected, atol=1e-12)


def test_a_few_steps_of_the_exact_machine_keep_equilibrium():
    spins = rbm.exact_machine(10, TC).gibbs(sampling.sample(10, TC, 4000, rng=13), 3, np.random.default_rng(14))
    assert comparison.passed(equilibrium.at_best_temperature(spins, 15, 10_000))


def test_the_same_seed_gives_the_same_table():
    spins = sampling.sample(6, 2.5, 200, rng=16)
    assert equilibrium.at_best_temperature(spins, 17, 500).equals(equilibrium.at_best_temperature(spins, 17, 500))
    one, other = (equilibrium.as_mixture(spins, [2.4, 2.6], 18, 500) for _ in range(2))
    assert one.equals(other)


# --- what must not pass -----------------------------------------------------------------------------------------------


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
    exponent = 0.03 * 36 * comparison.contributions(spins).anisotropy
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
    assert not comparison.passed(table)
    assert abs(scores(table)[witness]) > 8


def test_a_broken_symmetry_is_seen_in_the_odd_observable_only():
    z = scores(equilibrium.at_best_temperature(broken(np.random.default_rng(21)), 22, 10_000))
    assert abs(z.pop("magnetisation")) > 8
    assert max(map(abs, z.values())) < 4


# --- mixtures and ends ------------------------------------------------------------------------------------------------


def test_a_mixture_passes_as_itself_only():
    temperatures = [0.0, 1.8, 2.8, np.inf]
    table = equilibrium.as_mixture(mixed(6, temperatures, 4000, 23), temperatures, 24, 10_000)
    assert comparison.passed(table)
    assert table.observable.to_list() == NAMES
    assert table["T"].isna().all()
    assert table.T_error.isna().all()
    for others in ([1.8, 2.8, np.inf], [TC]):
        assert not comparison.passed(equilibrium.as_mixture(mixed(6, temperatures, 4000, 23), others, 24, 10_000))


def test_ground_states_are_compared_with_ground_states():
    table = equilibrium.at_best_temperature(sampling.sample(10, 0.0, 500, rng=26), 27, 2000)
    assert (table["T"] == 0).all()
    assert table.T_error.isna().all()
    assert comparison.passed(table)
    assert {name for name, z in scores(table).items() if z != 0} == {"magnetisation"}
    upright = equilibrium.at_best_temperature(np.ones((500, 10, 10), np.int8), 28, 2000)
    assert abs(scores(upright)["magnetisation"]) > 15


def test_coins_pass():
    """At T = ∞ every other set has ⟨E⟩ > 0 and is compared with T = ∞ unfitted."""
    tables = [equilibrium.at_best_temperature(sampling.sample(6, np.inf, 1000, rng=k), k, 5000) for k in range(8)]
    assert all(map(comparison.passed, tables))
    assert {np.isinf(table["T"][0]) for table in tables} == {True, False}
    assert all(("energy" in set(table.observable)) == np.isinf(table["T"][0]) for table in tables)


def test_energies_above_those_of_every_temperature_do_not_pass():
    """Antiferromagnetic ground states: all m = 0, and the Binder cumulant is not a number."""
    board = np.where(np.add.outer(range(6), range(6)) % 2 == 0, 1, -1).astype(np.int8)
    table = equilibrium.at_best_temperature(np.stack([board, -board] * 50), 29, 1000)
    assert np.isinf(table["T"]).all()
    assert not comparison.passed(table)
    assert np.isnan(scores(table)["binder"])
    assert scores(table)["energy"] > 8


def test_sets_without_a_temperature_are_refused():
    spins = sampling.sample(4, 2.0, 10, rng=30)
    with pytest.raises(ValueError, match="must be at least two"):
        equilibrium.at_best_temperature(spins[:1], 31)
    with pytest.raises(ValueError, match="at least one temperature"):
        equilibrium.as_mixture(spins, [], 32)


def test_the_end_of_a_flow_is_compared_with_equilibrium_and_with_its_mixture():
    """A mixture is no equilibrium at any temperature; one temperature is no mixture.  |z| < 4, > 8 for the controls."""
    temperatures = [1.8, 2.8]
    mixed = sampling.mixture(6, temperatures, 4000, rng=1)
    tables = dict(iter(equilibrium.assess(mixed, temperatures, 2).groupby("reference")))
    assert comparison.passed(tables["mixture"])
    assert tables["equilibrium"].z.abs().max() > 8
    single = equilibrium.assess(sampling.sample(6, 2.3, 4000, rng=3), [2.3], 4)
    assert single.reference.unique().tolist() == ["equilibrium"]
    assert comparison.passed(single)
    other = equilibrium.assess(sampling.sample(6, 2.3, 4000, rng=3), temperatures, 4)
    assert not comparison.passed(other[other.reference == "mixture"])
