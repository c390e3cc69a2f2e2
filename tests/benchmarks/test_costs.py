"""The table of costs: its fit, its autocorrelation times, and the rows of perfect algorithms."""

import numpy as np
import pandas as pd
import pytest

from rbmrg import exact
from rbmrg.benchmarks import costs, sampling
from rbmrg.figures import sampling_costs
from rbmrg.lattice import energy
from rbmrg.sampling import multispin, wolff


@pytest.mark.parametrize("module", [costs, sampling])
def test_the_program_starts_and_is_called_as_it_says(module, monkeypatch, capsys):
    assert module.__doc__.startswith(f"`python -m {module.__name__} ")
    monkeypatch.setattr("sys.argv", ["program", "--help"])
    with pytest.raises(SystemExit) as ended:
        module.main()
    assert ended.value.code == 0
    assert "at Tc" in capsys.readouterr().out


def test_growth_of_a_power_law_is_its_exponent():
    L = np.array([16, 32, 64, 128])
    assert costs.growth(L, 3 * L**2.25) == pytest.approx((2.25, 0), abs=1e-12)
    noise = np.exp([0.1, -0.1, -0.1, 0.1])  # no slope of its own
    exponent, error = costs.growth(L, 3 * L**2.25 * noise)
    assert exponent == pytest.approx(2.25)
    assert error == pytest.approx(np.sqrt(4 * 0.01 / 2 / np.sum((np.log(L) - np.log(L).mean()) ** 2)))


def test_only_lattices_from_sixteen_on_are_fitted():
    table = pd.DataFrame(
        [("a", L, L**2.0 if L >= 16 else 1e9) for L in (8, 16, 32, 64)] + [("b", L, 1.0) for L in (8, 16, 32)],
        columns=["algorithm", "L", "us_independent"],
    )
    fitted = costs.with_growth(table).groupby("algorithm").growth.first()
    assert fitted["a"] == pytest.approx(2.0)
    assert np.isnan(fitted.get("b", np.nan))


@pytest.mark.parametrize(("algorithm", "known"), [("multispin", 1.26), ("swendsen-wang", 2.03), ("wolff", 1.12)])
def test_autocorrelation_times_at_L_4_are_those_of_the_documentation(algorithm, known):
    """Of E, to 8 % and 4 σ; `known` is what longer runs gave, see the file of each."""
    points = 30 if algorithm == "multispin" else 10_000
    (tau, error), _ = costs.autocorrelation_times(algorithm, 4, exact.TC, rng=2, points=points)
    assert error < 0.08 * tau
    assert abs(tau - known) < 4 * error + 0.02 * known


def test_perfect_configurations_are_independent_and_cost_what_they_take(monkeypatch):
    monkeypatch.setattr(costs, "ROUNDS", 1)
    monkeypatch.setattr(costs, "SECONDS", 1e-3)
    row = costs.measure("transfer", 4)
    assert (row["tau_energy"], row["tau_m2"], row["thinning"]) == (0.5, 0.5, 0)
    assert row["us_independent"] == row["us_as_used"] > 0
    row = costs.measure("hybrid", 4, points=1000)
    assert row["us_independent"] == pytest.approx(
        row["us_as_used"] * 2 * max(row["tau_energy"], row["tau_m2"]) / row["thinning"]
    )


def test_the_figure_has_a_line_for_each_fit_and_points_for_each_algorithm():
    rows = [
        {"algorithm": a, "L": L, "tau_energy": 2.0, "tau_energy_error": 0.1, "tau_m2": 1.0, "tau_m2_error": 0.3,
         "us_independent": float(L) ** z}
        for a, z, sizes in (("x", 2, (8, 16, 32, 64)), ("y", 1, (4, 8))) for L in sizes
    ]  # fmt: skip
    figure, table = sampling_costs.draw(costs.with_growth(pd.DataFrame(rows)))
    (axis,) = figure.axes
    assert len(axis.containers) == 2
    assert [text.get_text() for text in axis.get_legend().get_texts()] == ["x, $\\propto L^{2}$", "y"]
    assert len(table) == 6
    np.testing.assert_allclose(sampling_costs.relative_errors(table), 0.05)


def test_first_sweeps_are_lazy_unless_told_otherwise():
    """Of configurations one sweep apart, E remembers about twice as long if every sweep is lazy."""
    lazy, usual = (
        np.mean([np.corrcoef(E[:-1], E[1:])[0, 1] for E in energies.T]) for energies in map(successive, (0.5, 1.0))
    )
    assert lazy > usual + 0.1


def successive(first):
    source = multispin.emissions(4, exact.TC, 3, thin=1, first=first)
    return np.array([energy(next(source))[:64] for _ in range(200)])


def test_chains_of_any_seed_have_the_same_autocorrelation_time():
    """In sweeps: pilots of Wolff chains give different numbers of updates, here 2 or 3, and the time must not show it.

    χ² of four seeds, 3 degrees of freedom, false alarms 1e-3.  The control takes all chains for the same.
    """
    seeds = [1, 2, 3, 4]
    updates = np.array([wolff.chain(32, exact.TC, np.random.default_rng(seed), thin=1)[2] for seed in seeds])
    tau, error = np.array([costs.autocorrelation_times("wolff", 32, exact.TC, seed)[0] for seed in seeds]).T

    def chi2(tau, error):
        return np.sum((tau - np.average(tau, weights=error**-2)) ** 2 / error**2)

    assert chi2(tau, error) < 16.3
    alike = 1 / (updates + 0.5)
    assert chi2(tau * alike, error * alike) > 16.3
