"""Wrong arguments of every public function: one clear error each, with the argument, its value and what is allowed."""

import inspect
import pkgutil
import re
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from doors import DOORS, SPINS, L

import rbmrg

NAN = np.where(np.arange(SPINS.size).reshape(SPINS.shape) == 7, np.nan, SPINS)
REAL = {
    "0 and 1": (SPINS + 1) // 2,
    "bool": SPINS > 0,
    "uint8": SPINS.astype(np.uint8),
    "uint8 0 and 1": (SPINS > 0).astype(np.uint8),
    "NaN": NAN,
    "inf": np.where(np.isnan(NAN), np.inf, NAN),
    "complex": SPINS * 1j,
    "text": SPINS.astype(str),
    "objects": SPINS.astype(object),
    "None": None,
    "empty": SPINS[:0],
    "a number": 1,
}
NOT_SPINS = REAL | {"2": 2 * SPINS, "means": 0.5 * SPINS, "-128": SPINS - np.int8(127) * (SPINS < 0)}
NOT_SQUARE = {"not square": SPINS[:, :3], "a row": SPINS[0, 0]}
ONE = {"one configuration": SPINS[0], "too many dimensions": SPINS[None]}
COUNTS = {"-1": -1, "1.5": 1.5, "10.0": 10.0, "True": True, "text": "4", "a list": [4], "None": None}
NUMBERS = {"text": "2", "None": None, "True": True, "complex": 1j}
# {kind of an argument: {what is wrong: a value}}
WRONG = {
    "ising": NOT_SPINS | NOT_SQUARE,
    "configurations": NOT_SPINS | NOT_SQUARE | ONE,
    "spins": NOT_SPINS,
    "field": REAL | NOT_SQUARE,
    "lattices": REAL | NOT_SQUARE | ONE,
    "units": REAL,
    "square": {"not square": SPINS[:, :3], "a row": SPINS[0, 0]},
    "side": COUNTS | {"0": 0, "1": 1},
    "count": COUNTS | {"0": 0},
    "count or None": {what: value for what, value in COUNTS.items() if value is not None} | {"0": 0},
    "steps": {what: value for what, value in COUNTS.items() if value is not None},
    "temperature": NUMBERS | {"-1": -1.0, "NaN": np.nan},
    "warm": NUMBERS | {"-1": -1.0, "NaN": np.nan, "0": 0.0},
    "mixture": NUMBERS | {"empty": [], "-1": [2.0, -1.0], "NaN": [np.nan]},
    "rng": {"-1": -1, "1.5": 1.5, "text": "a", "None": None, "True": True},
    "rng or None": {"-1": -1, "1.5": 1.5, "text": "a", "True": True},
    "number": NUMBERS | {"NaN": np.nan, "inf": np.inf, "a list": [1.0]},
    "numbers": NUMBERS,
    "weights": {"NaN": np.nan, "inf": np.inf, "1e39": 1e39, "text": "a", "None": None},
    "energy": NUMBERS | {"NaN": np.nan, "odd": 3, "too high": 2 * L**2 + 4, "not even": 0.5, "empty": []},
    "per configuration": NUMBERS | {"NaN": SPINS[:, 0, 0] * np.nan, "empty": []},
    "name": {"unknown": "nothing", "None": None, "a list": ["majority"], "a number": 3},
    "names": {"unknown": ["nothing"], "a number": [3]},
    "operators": {"unknown": ["nn", "mm"], "none": [], "a number": [3]},
    "parts": {"none": [], "two sizes": [SPINS, SPINS[:, :2, :2]], "text": ["a"]},
    "portions": {"none": [], "one array": SPINS, "0 and 1": [(SPINS + 1) // 2], "NaN": [NAN]},
    "increasing": {"falling": [1, 0], "too many": [10**6], "1.5": [1.5], "none": [], "text": ["a"]},
    "sizes": {"0": [0], "none": [], "a number": 3, "text": ["a"], "1.5": [1.5]},
}
SAID = "units|spins|rule"  # how a message may call an argument that another function has checked


def wrong_arguments(door):
    """What is wrong with an argument of a door, as text, and all its arguments then."""
    right, kinds = DOORS[door]
    for argument, kind in kinds.items():
        for what, value in WRONG[kind].items():
            yield argument, what, right | {argument: value}


def name(door):
    return f"{door.__module__}.{door.__qualname__}".removeprefix("rbmrg.")


def complaint(door, argument, what, arguments):
    """What there is to say against how a door refuses wrong `arguments`; nothing if it does, in one clear line."""
    try:
        door(**arguments)
    except (ValueError, TypeError) as error:
        text = str(error)
        clear = re.search(rf"\b({argument}|{SAID})\b.*must", text) and "\n" not in text
        return [] if clear else [f"{name(door)}, {argument} {what}: {error!r}"]
    except Exception as error:  # noqa: BLE001
        return [f"{name(door)}, {argument} {what}: {error!r}"]
    return [f"{name(door)}, {argument} {what}: taken"]


def test_right_arguments_are_taken_and_wrong_ones_refused(row):
    tried = [(door, *case) for door in DOORS for case in wrong_arguments(door)]
    complaints = [text for case in tried for text in complaint(*case)]
    row(f"{len(tried)} wrong arguments of {len(DOORS)} functions", "refused, each in one line")
    assert not complaints, "\n".join(complaints)
    assert len(tried) >= 200


SPIN_KINDS = {"ising", "configurations", "spins", "field", "lattices", "units"}
WITH_SPINS = [
    pytest.param(door, argument, id=f"{name(door)}-{argument}")
    for door, (_, kinds) in DOORS.items()
    for argument, kind in kinds.items()
    if kind in SPIN_KINDS
]


def plain(result):
    """A result as nested lists, dicts and numbers; arrays keep their types."""
    if isinstance(result, (xr.Dataset, xr.DataArray, pd.DataFrame)):
        return type(result).__name__, result.to_dict()
    if isinstance(result, np.ndarray):
        return "array", result.dtype, result.tolist()
    if isinstance(result, dict):
        return {key: plain(value) for key, value in result.items()}
    if isinstance(result, (list, tuple)) or inspect.isgenerator(result):
        return [plain(value) for value in result]
    return plain(vars(result)) if hasattr(result, "__dict__") else result


@pytest.mark.parametrize(("door", "argument"), WITH_SPINS)
def test_variables_of_files_and_lists_are_taken_as_arrays_are(door, argument):
    right, _ = DOORS[door]
    seeded = right | ({"rng": 1} if "rng" in inspect.signature(door).parameters else {})
    expected = repr(plain(door(**seeded)))
    for value in (xr.DataArray(right[argument]), right[argument].tolist()):
        found = repr(plain(door(**seeded | {argument: value})))
        assert found == expected


# Modules that no notebook needs: kernels and what is behind doors, files, and the stages of studies.
INNER = [
    "arguments", "bits", "jit", "kernel_rng", "netcdf", "pair_counts", "processor", "progress", "rng", "stats",
    "store", "coverage", "sampling.cluster", "sampling.coupling", "sampling.hybrid", "sampling.multispin",
    "sampling.transfer", "sampling.wolff", "rbm.bit_products", "rbm.chains", "rbm.convolutional_kernels",
    "rbm.kernels", "rbm.preparation", "rbm.sign_products", "rbm.recipes", "rg.average", "rg.decimation",
    "rg.majority", "rg.rescaled", "rg.steps", "exact.arguments", "exact.kaufman", "layers.assessment", "layers.bands",
    "layers.placement", "layers.places", "layers.readings", "layers.sources", "layers.statistics",
    "layers.statistics_tables", "layers.thermometry", "thermometers.calibration", "thermometers.classes",
    "benchmarks", "figures", "flows", "machines", "report", "study", "trials",
]  # fmt: skip
DOORS_OF_EXPONENTS = {"mcrg", "couplings", "pseudolikelihood"}  # all other modules of the package are inner
# What doors are made of, and what takes results of doors.
EXEMPT = {
    "correlators.connected", "correlators.estimates", "observables.table", "operators.images", "operators.product",
    "operators.density", "operators.add_up", "splits.training_part", "splits.held_out_part", "splits.portions",
    "sampling.size_problem", "exact.configurations.energies", "exact.counting.count_states",
    "exact.counting.is_prime", "exact.thermodynamics.excess", "exact.thermodynamics.few_excitations",
    "rbm.closed_forms.sublattice", "rbm.closed_forms.sublattices", "rbm.closed_forms.joined",
    "rbm.closed_forms.visible_units", "rbm.closed_forms.lattice_weights", "rbm.convolutional.patches",
    "rbm.model.parameters", "rbm.model.sum_log_2cosh", "rbm.likelihood.log_partition_enumerated",
    "rbm.likelihood.Divergence", "rg.filters.of_machine", "rg.machine.Layer", "layers.maps.in_parts",
    "layers.maps.jackknife_of_parts", "layers.maps.own_and_far", "layers.maps.from_two_point",
    "exponents.mcrg.moments", "exponents.mcrg.matrix", "exponents.mcrg.exponent", "exponents.couplings.table",
    "exponents.couplings.regression", "exponents.pseudolikelihood.fit", "exponents.pseudolikelihood.compressed",
    "exponents.pseudolikelihood.containing", "thermometers.posteriors.cross_entropy",
    "thermometers.posteriors.most_probable", "thermometers.posteriors.network_posterior", "thermometers.curves.read",
    "thermometers.curves.Reading", "thermometers.curves_calibration.nodes",
    "thermometers.curves_calibration.separations",
}  # fmt: skip


def is_inner(module):
    room, _, inside = module.partition(".")
    if room == "exponents":
        return inside not in DOORS_OF_EXPONENTS
    return any(module == inner or module.startswith(f"{inner}.") for inner in INNER)


def is_function(value):
    """Whether it is a function or a class; kernels are neither."""
    return inspect.isclass(value) or (inspect.isfunction(inspect.unwrap(value)) and not hasattr(value, "py_func"))


def public_functions():
    """The public functions and classes of all modules but the INNER ones, each where it is defined."""
    found = set()
    for _, path, _ in pkgutil.walk_packages(rbmrg.__path__, "rbmrg."):
        if not is_inner(path.removeprefix("rbmrg.")):
            for key, value in vars(import_module(path)).items():
                if not key.startswith("_") and getattr(value, "__module__", None) == path and is_function(value):
                    found.add(name(value))
    return found


def test_every_public_function_is_tried_or_exempt():
    found = public_functions()
    tried = {name(door) for door in DOORS}
    assert found - tried - EXEMPT == set(), "neither a row of DOORS nor EXEMPT"
    assert EXEMPT - found == set(), "exempt, but gone"
    assert not EXEMPT & tried
