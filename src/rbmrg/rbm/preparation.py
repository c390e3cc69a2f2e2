"""What every training run needs before its first step: checked data, the initial state, the rates of all steps."""

from itertools import pairwise

import numpy as np

from rbmrg import arguments
from rbmrg.rbm import kernels
from rbmrg.rng import kernel_seed

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
    """The `kernels.Options` of a recipe, each converted to its one type."""
    return kernels.Options(
        batch=int(recipe.batch),
        gibbs_steps=int(recipe.gibbs_steps),
        persistent=bool(recipe.method == "pcd"),
        tanh_means=bool(recipe.tanh_means),
        flips=bool(recipe.flips),
        zero_biases=bool(recipe.zero_biases),
        l1=np.float32(recipe.l1),
        epsilon=np.float32(recipe.epsilon),
        memory=averaging_rate(recipe),
    )


def chains(recipe):
    """The number of chains of a run: "cd" has one for each row of the batch."""
    return recipe.chains if recipe.method == "pcd" else recipe.batch


def initial_state(data, recipe, weights, biases, chain_shape, rng):
    """The `kernels.State` at step 0: normal `weights`, zero `biases` (both are numbers of parameters), random chains.

    `data`: from `rows`; `rng`: a Generator.
    """
    parameters = np.zeros(weights + biases, np.float32)
    parameters[:weights] = recipe.initial_scale * rng.standard_normal(weights)
    return kernels.State(
        data=data,
        parameters=parameters,
        average=parameters.copy(),
        first=np.zeros_like(parameters),
        second=np.zeros_like(parameters),
        chain=rng.choice(np.array([-1, 1], np.float32), size=chain_shape),
        seed=kernel_seed(rng),
    )


def course(recipe, state, advance, at, progress):
    """Yield each of the steps `at` when training has reached it.

    `advance(done, rates)` continues on `state` after step `done` with these `learning_rates` and returns 0, or the step
    at which a parameter left its bounds.  This, and an initial parameter beyond them, raises FloatingPointError.
    `progress(step)`, if given, is called at twenty steps of a full run and at the last.
    """
    rates = learning_rates(recipe)
    reports = {*range(0, at[-1], max(1, recipe.steps // REPORTS)), at[-1]}
    for done, step in pairwise([0, *sorted(reports.union(at))]):
        failed = advance(done, rates[done:step])
        if failed or not kernels.bounded(state.parameters):
            largest = np.abs(state.parameters).max()
            raise FloatingPointError(
                f"training ran away: the largest weight or bias is {largest:.4g} at step {failed}, must be at most "
                f"{kernels.LARGEST:g}; lower learning_rate = {recipe.learning_rate:g} "
                f"or initial_scale = {recipe.initial_scale:g}"
            )
        if progress and step in reports:
            progress(step)
        if step in at:
            yield step


def rows(spins, means=False):
    """`spins`, ±1 [n, ...], as int8 [n, visible]; with `means`, numbers from −1 to 1 as float32.

    The result is always read-only: numba would compile the kernels once for writable and once for read-only data.
    Raises ValueError for others.
    """
    spins = (arguments.fractions if means else arguments.spins)(spins, "[n, ...]")
    data = np.ascontiguousarray(spins.reshape(len(spins), -1), dtype=np.float32 if means else np.int8)
    data.flags.writeable = False
    return data


def increasing(at, steps):
    """`at` as a list of int; ValueError unless these are increasing steps from 0 to `steps`."""
    at = [arguments.integer("at", step, 0) for step in at]
    if not at or any(a >= b for a, b in pairwise([-1, *at, steps + 1])):
        raise ValueError(f"at = {at}: must be increasing steps from 0 to {steps}")
    return at
