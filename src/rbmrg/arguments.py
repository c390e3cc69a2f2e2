"""What doors ask of arguments, before a wrong one becomes a wrong result: spins, numbers, temperatures, random streams.

Each function returns its argument as an array or number of one type, for anything that numpy makes an array of: lists,
and variables of files, too.  Otherwise it raises ValueError: what, its value, and what is allowed.  A check reads an
array once or twice; the paths of jobs that read sealed files go past most doors.
"""

import numbers

import numpy as np


def spins(values, shape="[n, L, L]", name="spins"):
    """`values` as an array of this `shape`, each +1 or -1 of a signed type: int8, or floats.

    `shape` is "[n, L, L]", "[..., L, L]" or "[n, ...]", the last two of any number of dimensions from two on.
    """
    array = _array(values, shape, name)
    if not _are_spins(array):
        raise _containing(array, np.abs(array) != 1, "+1 or -1", name)
    return array.astype(np.int8, copy=False) if array.dtype.kind == "i" else array


def field(values, shape="[n, L, L]", name="spins"):
    """`values` as an array of this `shape`: `spins`, or finite numbers of a floating type, as block spins are."""
    array = _array(values, shape, name)
    if array.dtype.kind == "i":
        return spins(array, shape, name)
    if not np.isfinite(array).all():
        raise _containing(array, ~np.isfinite(array), "finite numbers", name)
    return array


def fractions(values, shape="[n, L, L]", name="spins"):
    """`values` as an array of this `shape`: numbers from -1 to 1."""
    array = _array(values, shape, name)
    inside = np.abs(array) <= 1
    if not inside.all():
        raise _containing(array, ~inside, "numbers from -1 to 1", name)
    return array


def finite(values, shape, name):
    """`values` as a non-empty float64 array of finite numbers; of `shape`, a tuple, unless that is None."""
    array = numeric(values, name).astype(np.float64)
    if array.size == 0 or shape not in (None, array.shape):
        raise ValueError(f"{name} of shape {array.shape}: must be {shape or 'a number or a non-empty array'}")
    if not np.isfinite(array).all():
        raise _containing(array, ~np.isfinite(array), "finite numbers", name)
    return array


def numeric(values, name):
    """`values` as an array of real numbers, NaN and inf included; no truth values, text or complex numbers."""
    try:
        array = np.asarray(values)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name}: must be an array of numbers ({error})") from error
    if array.dtype.kind not in "iuf":
        what = f"{name} of type {array.dtype}" if array.ndim else f"{name} = {values!r}"
        raise ValueError(f"{what}: must be real numbers")
    return array


def integer(name, value, low=1, high=None):
    """`value` as an int; ValueError, with its `name`, unless it is an integer from `low` to `high`."""
    counts = isinstance(value, numbers.Integral) and not isinstance(value, bool)
    if not counts or value < low or (high is not None and value > high):
        allowed = f"≥ {low}" if high is None else f"from {low} to {high}"
        raise ValueError(f"{name} = {value!r}: must be an integer {allowed}")
    return int(value)


def temperatures(values, name="T"):
    """`values` as a float64 array, each ≥ 0; 0 and inf are temperatures, too."""
    array = numeric(values, name).astype(np.float64)
    wrong = array[~(array >= 0)]  # NaN is not ≥ 0
    if wrong.size:
        raise ValueError(f"{name} = {wrong.flat[0]}: must be a number ≥ 0, or inf")
    return array


def temperature(value, name="T"):
    """`value` as one temperature, a float."""
    array = temperatures(value, name)
    if array.ndim:
        raise ValueError(f"{name} of shape {array.shape}: must be one number ≥ 0, or inf")
    return float(array)


def mixture(values):
    """`values` as a float64 array [n] of the temperatures of a mixture, at least one."""
    array = np.ravel(temperatures(values, "temperatures"))
    if not array.size:
        raise ValueError("temperatures = []: must contain at least one temperature")
    return array


def generator(rng):
    """`rng` as a numpy Generator: one, or what numpy takes as a seed."""
    try:
        if rng is None or isinstance(rng, bool):
            raise TypeError("not a seed")
        return np.random.default_rng(rng)
    except (TypeError, ValueError) as error:
        raise ValueError(f"rng = {rng!r}: must be an integer ≥ 0 or a numpy Generator") from error


def unread(values, shape="[n, L, L]", name="spins"):
    """`values` as `field` gives them, or a variable of a file as it is if its type and `shape` are those of a field.

    Its values are checked when `splits.portions` has read them.
    """
    if not hasattr(values, "dims"):
        return field(values, shape, name)
    return _fitting(values, shape, name)


def _array(values, shape, name):
    """`values` as a non-empty array of a signed type, of a `shape` as of `spins`."""
    return _fitting(numeric(values, name), shape, name)


def _fitting(array, shape, name):
    """`array`, or a variable of a file, if it is not empty, of a signed type, and of a `shape` as of `spins`."""
    if array.dtype.kind not in "if":
        raise ValueError(f"{name} of type {array.dtype}: must be numbers of a signed type")
    lattice = shape.endswith("L, L]")
    fits = array.ndim >= 2 if "..." in shape else array.ndim == 3
    if not fits or array.size == 0 or (lattice and array.shape[-1] != array.shape[-2]):
        raise ValueError(f"{name} of shape {array.shape}: must be a non-empty array {shape}")
    return array


def _are_spins(array):
    """Whether each number is ±1; of integers three reductions know it, without a copy and in half the time."""
    if array.dtype.kind == "i":
        return array.min() >= -1 and array.max() <= 1 and array.all()
    return (np.abs(array) == 1).all()


def _containing(array, wrong, allowed, name):
    """The error for an array with `wrong` values, a mask."""
    return ValueError(f"{name} contain {array[wrong].flat[0]}: must be {allowed}")
