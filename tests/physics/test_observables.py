"""The table of observables against Kaufman's energy and specific heat.  Seeds are fixed; |z| < 4: false alarm 6e-5."""

import numpy as np
import pytest
import xarray as xr

from rbmrg import exact, observables, sampling
from rbmrg.lattice import energy

KEYS = [
    "L", "T", "n", "energy", "energy_error", "energy_exact", "specific_heat", "specific_heat_error",
    "specific_heat_exact", "abs_magnetisation", "abs_magnetisation_error",
]  # fmt: skip


def score(row, name):
    return (row[name] - row[f"{name}_exact"]) / row[f"{name}_error"]


@pytest.mark.parametrize("T", [1.0, 2.0, exact.TC, 3.0, 6.0])
def test_energy_and_specific_heat_are_the_exact_ones(T):
    row = observables.observe(sampling.sample(10, T, 100_000, rng=1), T)
    assert list(row) == KEYS
    assert (row["L"], row["T"], row["n"]) == (10, T, 100_000)
    assert row["energy_exact"] == exact.energy_per_spin(10, T)
    assert row["specific_heat_exact"] == exact.specific_heat(10, T)
    assert abs(score(row, "energy")) < 4
    assert abs(score(row, "specific_heat")) < 4
    assert row["energy_error"] == pytest.approx(observables.exact_standard_error(10, T, 100_000), rel=0.05)


def test_another_temperature_is_noticed():
    row = observables.observe(sampling.sample(10, 2.02, 100_000, rng=1), 2.0)
    assert abs(score(row, "energy")) > 20
    assert abs(score(row, "specific_heat")) > 5


def test_magnetisation_against_all_states():
    T = 2.5
    states = exact.enumerate_states(4)
    truth = np.exp(exact.log_probability(energy(states), 4, T)) @ np.abs(states.mean(axis=(1, 2)))
    row = observables.observe(sampling.sample(4, T, 100_000, rng=2), T)
    assert abs(row["abs_magnetisation"] - truth) < 4 * row["abs_magnetisation_error"]
    assert row["abs_magnetisation_error"] < 0.002


def test_errors_cover_the_truth():
    """z of 100 sets of 1000: ⟨z²⟩ of each is 1 within 4 σ; the specific heat's is jackknifed, z nearly t99."""
    rows = [observables.observe(s, 2.4) for s in sampling.sample(10, 2.4, 100_000, rng=3).reshape(100, 1000, 10, 10)]
    for name in ("energy", "specific_heat"):
        z = np.array([score(row, name) for row in rows])
        assert abs(np.mean(z**2) - 1) < 4 * np.sqrt(2 / 100)
        assert abs(np.mean(z)) < 4 / np.sqrt(100)


@pytest.mark.parametrize(("T", "u"), [(0.0, -2.0), (np.inf, 0.0)])
def test_the_ends_of_the_temperatures(T, u):
    row = observables.observe(sampling.sample(10, T, 1000, rng=4), T)
    assert row["energy_exact"] == u
    assert row["specific_heat"] == row["specific_heat_exact"] == row["specific_heat_error"] == 0
    assert abs(row["energy"] - u) <= 4 * row["energy_error"]


def test_the_exact_standard_error():
    """√(⟨E²⟩ − ⟨E⟩²)/(N √n), from all states."""
    T = 2.5
    E = energy(exact.enumerate_states(4))
    p = np.exp(exact.log_probability(E, 4, T))
    sigma = np.sqrt(p @ E**2 - (p @ E) ** 2)
    assert observables.exact_standard_error(4, T, 50) == pytest.approx(sigma / 16 / np.sqrt(50), rel=1e-10)


def test_the_table_has_a_row_for_each_sample_by_size_and_temperature():
    """Whatever the order of the files, which are taken one at a time."""
    made = [(4, 3.0), (2, 1.0), (4, 2.0)]
    spins = {key: sampling.sample(*key, 50, rng=5) for key in made}
    files = (xr.Dataset({"spin": (("sample", "y", "x"), spins[key])}, attrs={"T": key[1]}) for key in made)
    done = []
    table = observables.table(files, done.append)
    assert done == [1, 2, 3]
    assert list(table.columns) == KEYS
    assert table.to_dict("records") == [observables.observe(spins[key], key[1]) for key in sorted(made)]
