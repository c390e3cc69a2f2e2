"""Fits of scaling dimensions: exact on exact functions; on Monte Carlo data at Tc, what the two fits are known to give.

Bounds of the Monte Carlo tests are those of the project's references for L = 10 (plain 0.07 and 0.93, torus 0.125 and
1.03); seeds are fixed.
"""

import numpy as np
import pytest
import xarray as xr
from scipy import stats as distributions

from rbmrg import correlators, sampling, torus
from rbmrg.exponents import dimensions, torus_fit

OPERATORS = pytest.mark.parametrize("operator", ["spin", "energy"])
KNOWN = {"spin": (0.125, torus.spin_correlation), "energy": (1.0, torus.energy_correlation)}


def power_law(L, dimension):
    """r^(−2Δ), 1 at the origin."""
    r = correlators.distances(L)
    r[0, 0] = 1
    return 0.7 * r ** (-2 * dimension)


def conformal(L, dimension, operator):
    """The torus function of the operator, as if its dimension were another; 1 at the origin."""
    known, shape = KNOWN[operator]
    return np.nan_to_num(0.7 * shape(L) ** (dimension / known), nan=1.0)


def on_torus(G, operator):
    """The dimension that the torus fit gives to a function without noise."""
    return torus_fit.torus_fit(G, np.stack([G, G]), operator)[0]


def fits(spins, blocks=correlators.BLOCKS):
    """{(operator, fit): (Δ, error)} of configurations."""
    return read(dimensions.fits(correlators.measure(spins, blocks)))


def read(table):
    return {(row.operator, row.fit): (row.dimension, row.error) for row in table.itertuples()}


# --- exact functions --------------------------------------------------------------------------------------------------


@OPERATORS
@pytest.mark.parametrize("L", [8, 10, 32])
@pytest.mark.parametrize("dimension", [0.0, 0.125, 1.0, 2.3])
def test_a_power_law_gives_its_dimension(L, dimension, operator):
    # distances are rounded to 1e-9
    assert dimensions.plain_fit(power_law(L, dimension), operator) == pytest.approx(dimension, abs=1e-8)


@OPERATORS
@pytest.mark.parametrize("L", [8, 10, 32])
@pytest.mark.parametrize("dimension", [0.0, 0.125, 1.0, 2.3])
def test_a_torus_function_gives_its_dimension(L, dimension, operator):
    assert on_torus(conformal(L, dimension, operator), operator) == pytest.approx(dimension, abs=1e-10)
    assert on_torus(-1e-4 * conformal(L, dimension, operator), operator) == pytest.approx(dimension, abs=1e-10)


@pytest.mark.parametrize(("operator", "plain", "on_power_law"), [("spin", 0.4, 0.6), ("energy", 0.005, 0.05)])
def test_the_torus_function_is_not_a_power_law(operator, plain, on_power_law):
    """Negative control: at L = 10 the fit of the wrong function misses Δ by more than these fractions of it."""
    known = KNOWN[operator][0]
    assert abs(dimensions.plain_fit(conformal(10, known, operator), operator) / known - 1) > plain
    assert abs(on_torus(power_law(10, known), operator) / known - 1) > on_power_law


@OPERATORS
def test_the_fits_use_no_displacement_outside_their_windows(operator):
    r = correlators.distances(10)
    plain = (dimensions.WINDOWS, dimensions.plain_fit, power_law(10, 0.4))
    for windows, estimator, G in (plain, (torus_fit.WINDOWS, on_torus, conformal(10, 0.4, operator))):
        shortest, longest = windows[operator]
        outside = np.where((r < shortest) | (r >= longest * 10), -1.0, G)
        assert estimator(outside, operator) == pytest.approx(0.4)
        inside = np.where(np.isclose(r, r[(r >= shortest) & (r < longest * 10)].max()), 1.1 * G, G)
        assert abs(estimator(inside, operator) - 0.4) > 0.005


@OPERATORS
def test_a_correlation_that_is_not_positive_has_no_power_law(operator):
    for G in (power_law(10, 0.125) - 0.6, np.zeros((10, 10)), np.full((10, 10), np.nan)):
        assert np.isnan(dimensions.plain_fit(G, operator))


def synthetic(spin, energy, mean=0.6, blocks=6):
    """A Dataset as `correlators.measure` makes it, of blocks that all have the same connected functions."""
    place = ("block", "dy", "dx")
    return xr.Dataset(
        {
            "spin_spin": (place, np.stack([spin] * blocks)),
            "energy_energy": (place, np.stack([energy + mean**2] * blocks)),
            "energy": ("block", np.full(blocks, mean)),
        }
    )


def test_the_table_fits_the_connected_functions():
    table = read(dimensions.fits(synthetic(conformal(10, 0.2, "spin"), power_law(10, 0.9))))
    assert set(table) == {(operator, fit) for operator in ("spin", "energy") for fit in ("plain", "torus", "amplitude")}
    assert table["spin", "torus"] == pytest.approx((0.2, 0.0), abs=1e-10)
    assert table["energy", "plain"] == pytest.approx((0.9, 0.0), abs=1e-10)


def test_a_table_without_a_dimension_says_so_and_warns_of_nothing():
    table = read(dimensions.fits(synthetic(power_law(10, 0.1), -power_law(10, 0.9))))
    assert np.isnan(table["energy", "plain"]).all()
    assert np.isfinite([table["energy", "torus"], table["spin", "plain"], table["spin", "torus"]]).all()


def test_all_windows_of_a_power_law_give_its_dimension_and_none_of_a_torus_function():
    scan = dimensions.scan(synthetic(power_law(10, 0.3), power_law(10, 0.9)))
    assert scan[scan.operator == "spin"].dimension.to_numpy() == pytest.approx(0.3, abs=1e-8)
    assert scan[scan.operator == "energy"].dimension.to_numpy() == pytest.approx(0.9, abs=1e-8)
    windows = list(zip(scan.lowest, scan.highest, strict=True))
    assert len(set(windows)) == len(windows) / 2 >= 20
    assert min(scan.lowest) == 1
    assert max(scan.highest) == 5
    scan = dimensions.scan(synthetic(conformal(10, 0.125, "spin"), power_law(10, 0.9)))
    assert np.ptp(scan[scan.operator == "spin"].dimension) > 0.02  # negative control


def test_the_window_of_the_plain_fit_is_one_of_the_scan(table_tc, measured_tc):
    scan = dimensions.scan(measured_tc)
    for operator, highest in (("spin", np.sqrt(20)), ("energy", 3.0)):
        here = scan[(scan.operator == operator) & (scan.lowest == 1) & np.isclose(scan.highest, highest)]
        [(dimension, error)] = here[["dimension", "error"]].to_numpy()
        assert (dimension, error) == pytest.approx(table_tc[operator, "plain"])


# --- Monte Carlo data at Tc, L = 10 -----------------------------------------------------------------------------------

MEASURED = {
    ("spin", "plain"): (0.072, 0.002),
    ("spin", "torus"): (0.125, 0.003),
    ("spin", "amplitude"): (0.127, 0.003),
    ("energy", "plain"): (0.935, 0.02),
    ("energy", "amplitude"): (1.005, 0.02),
}


@pytest.fixture(scope="module")
def table_tc(measured_tc):
    return read(dimensions.fits(measured_tc))


@pytest.mark.parametrize("key", MEASURED)
def test_dimensions_of_monte_carlo_data(table_tc, key):
    expected, tolerance = MEASURED[key]
    dimension, error = table_tc[key]
    assert abs(dimension - expected) < tolerance
    assert 0 < error < tolerance / 2  # the data can tell


def test_the_torus_fit_of_the_energy(table_tc):
    """Within two combined σ of the project's 1.03(4)."""
    dimension, error = table_tc["energy", "torus"]
    assert abs(dimension - 1.03) < 2 * np.hypot(error, 0.04)
    assert 0 < error < 0.1


def test_the_amplitudes_are_those_of_the_lattice(measured_tc):
    """0.70338 of the spin function (Wu, McCoy, Tracy & Barouch 1976); 1/π² of the energy of a bond, √2/2 + ε/π.

    Nothing was fitted; corrections are of order 1/r².
    """
    G = correlators.estimates(measured_tc)
    assert G["spin"][0][5, 5] / torus.spin_correlation(10)[5, 5] == pytest.approx(0.70338, rel=0.01)
    ratio = G["energy"][0] / torus.energy_correlation(10)
    assert ratio[correlators.distances(10) >= 3].mean() == pytest.approx(np.pi**-2, rel=0.05)


def without_geometry(spins, name, rng):
    """Configurations with the magnetisation of `spins` and no correlation between places."""
    rng = np.random.default_rng(rng)
    flat = spins.reshape(len(spins), -1)
    if name == "shuffled":
        return rng.permuted(flat, axis=1).reshape(spins.shape)
    up = (1 + flat.mean(axis=1, dtype=np.float64)) / 2
    return np.where(rng.random(flat.shape) < up[:, None], np.int8(1), np.int8(-1)).reshape(spins.shape)


@pytest.mark.parametrize("name", ["independent", "shuffled"])
def test_spins_without_geometry_have_other_dimensions(spins_tc, table_tc, name):
    """Negative control: every fit is NaN or more than 10 of its own σ, and three tolerances, from the above.

    All but Δσ with the amplitude, which reads the level of the correlation: without geometry it is ⟨m²⟩, as before.
    """
    bounds = MEASURED | {("energy", "torus"): (table_tc["energy", "torus"][0], 0.1)}
    for key, (dimension, error) in fits(without_geometry(spins_tc[:50_000], name, rng=1)).items():
        expected, tolerance = bounds[key]
        if key == ("spin", "amplitude"):
            continue
        assert np.isnan(dimension) or abs(dimension - expected) > max(3 * tolerance, 10 * error)


@pytest.mark.parametrize("T", [2.0, 2.6])
def test_other_temperatures_have_other_dimensions(T):
    dimension, error = fits(sampling.sample(10, T, 50_000, rng=2))["spin", "torus"]
    assert abs(dimension - 0.125) > max(0.03, 10 * error)


def test_errors_are_the_scatter_of_independent_fits(spins_tc):
    """24 sets of 4000: their variance over the mean square of their errors is χ²/23; false alarm 2e-3 for each fit."""
    tables = [fits(part, blocks=20) for part in spins_tc[:96_000].reshape(24, 4000, 10, 10)]
    low, high = distributions.chi2.ppf([1e-3, 1 - 1e-3], 23) / 23
    for key in tables[0]:
        dimension, error = np.array([table[key] for table in tables]).T
        assert low < dimension.var(ddof=1) / np.mean(error**2) < high
