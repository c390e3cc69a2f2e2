"""What every training run needs before its first step: checked data, a generator, the rates of all steps."""

import numbers
from itertools import pairwise

import numpy as np

from rbmrg.rbm import kernels

REPORTS = 20


def learning_rates(recipe):
    """The rate of every step, float32 [steps]: constant, then falling linearly, times Adam's bias corrections."""
    t = np.arange(1, recipe.steps + 1, dtype=np.float64)
    falling = recipe.steps * (1 - recipe.decay_from)
    decay = np.minimum(1, (recipe.steps - t + 1) / falling) if falling else 1
    correction = np.sqrt(1 - float(kernels.BETA_2) ** t) / (1 - float(kernels.BETA_1) ** t)
    return (recipe.learning_rate * decay * correction).astype(np.float32)


def averaging_rate(recipe):
    """The weight of the newest parameters in their running average, float32; 0: no average is kept."""
    return np.float32(1 / max(1, recipe.averaging * recipe.steps) if recipe.averaging > 0 else 0)


def kernel_options(recipe):
    """The last arguments of the kernels `train_steps`, from `epsilon` on, of one type each."""
    return (
        np.float32(recipe.epsilon), averaging_rate(recipe), int(recipe.batch), int(recipe.gibbs_steps),
        recipe.method == "pcd", bool(recipe.tanh_means), bool(recipe.flips), bool(recipe.zero_biases),
        np.float32(recipe.l1),
    )  # fmt: skip


def course(recipe, advance, at, progress):
    """Yield each of the steps `at` when training has come there.

    `advance(done, rates)` goes on from step `done` with these `learning_rates`, and returns the step at which a
    parameter ceased to be finite, or 0: FloatingPointError if it did.  `progress` is told twenty steps of a full run,
    and the last.
    """
    rates, reports = learning_rates(recipe), {*range(0, at[-1], max(1, recipe.steps // REPORTS)), at[-1]}
    for done, step in pairwise([0, *sorted(reports.union(at))]):
        if failed := advance(done, rates[done:step]):
            raise FloatingPointError(f"training diverged: weights are not finite at step {failed}")
        if progress and step in reports:
            progress(step)
        if step in at:
            yield step


def rows(spins, means=False):
    """`spins`, ±1 [n, ...], as int8 [n, visible]; with `means`, numbers from −1 to 1 as float32."""
    spins = np.asarray(spins)
    if spins.dtype.kind not in "iuf":
        raise ValueError(f"spins of type {spins.dtype}: numbers, +1 and -1, are needed")
    if spins.ndim < 2 or spins.size == 0:
        raise ValueError(f"spins of shape {spins.shape}: a non-empty array [n, ...] is needed")
    right = np.abs(spins) <= 1 if means else np.abs(spins) == 1
    if not right.all():
        allowed = "numbers from -1 to 1" if means else "+1 and -1"
        raise ValueError(f"spins contain {spins[~right].flat[0]}: only {allowed} are allowed")
    return np.ascontiguousarray(spins.reshape(len(spins), -1), dtype=np.float32 if means else np.int8)


def generator(rng):
    """`rng` as a numpy Generator."""
    try:
        return np.random.default_rng(rng)
    except (TypeError, ValueError) as error:
        raise ValueError(f"rng = {rng!r}: a whole number ≥ 0 or a numpy Generator is needed") from error


def whole_number(name, value, low=1):
    """`value` as an int; ValueError, with its `name`, unless it is a whole number from `low` on."""
    if not isinstance(value, numbers.Integral) or isinstance(value, bool) or value < low:
        raise ValueError(f"{name} = {value!r}: a whole number, at least {low}, is needed")
    return int(value)


def increasing(at, steps):
    """`at` as a list of int; ValueError unless these are increasing steps from 0 to `steps`."""
    at = [int(step) for step in at]
    if not at or any(a >= b for a, b in pairwise([-1, *at, steps + 1])):
        raise ValueError(f"at = {at}: increasing steps from 0 to {steps} are needed")
    return at
