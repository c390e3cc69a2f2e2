"""Training an RBM on configurations, without labels: the loop is `kernels.train_steps`, this file feeds it."""

import numpy as np

from rbmrg.rbm import convolutional, kernels, preparation
from rbmrg.rbm.model import RBM
from rbmrg.rbm.recipes import resolve
from rbmrg.rng import kernel_seed


def train(spins, recipe="paper", hidden=None, rng=1, steps=None, means=False, progress=None, **options):
    """The `RBM` with `hidden` units trained on `spins` by `recipe`; `steps` and other `options` override it.

    `spins`: ±1 of any numeric type, [n, ...]: n configurations of any shape, whose sites become the visible units, row
    by row; with `means`, numbers from −1 to 1.  `recipe`: a name in `RECIPES` or a `Recipe`, whose fields are the
    options; all but "paper" keep P(v) = P(−v): say `zero_biases=False` for data without that symmetry.  `hidden` is 81
    unless given, and must not be given if the recipe is convolutional.  `rng`: an int ≥ 0 or a numpy Generator;
    `progress(step)`, if given, is called some twenty times.  Raises ValueError for anything else, and
    FloatingPointError, with the step, if weights overflow.
    """
    if steps is not None:
        options["steps"] = steps
    recipe = resolve(recipe, **options)
    hidden = 81 if hidden is None and not recipe.filters else hidden
    [(_, machine)] = trajectory(spins, recipe, hidden, rng, at=[recipe.steps], means=means, progress=progress)
    return machine


def trajectory(spins, recipe, hidden, rng, at, means=False, progress=None, **options):
    """Yield (step, RBM) at the increasing steps `at` (0 is the untrained machine) of one run of `train`.

    `at` must not exceed the recipe's `steps`, which fixes the decay of the learning rate.  Raises as `train` does.
    """
    recipe = resolve(recipe, **options)
    if recipe.filters:
        if hidden is not None or means:
            raise ValueError(f"hidden = {hidden}, means = {means}: no such thing in a convolutional recipe")
        course = convolutional.trajectory(spins, recipe, rng, at, progress)
        return ((step, machine.dense()) for step, machine in course)
    data, rng, at = preparation.rows(spins, means), preparation.generator(rng), preparation.increasing(at, recipe.steps)
    return _run(data, recipe, preparation.whole_number("hidden", hidden), rng, at, progress)


def _run(data, recipe, hidden, rng, at, progress):
    """The generator behind `trajectory`, on checked arguments."""
    visible = data.shape[1]
    parameters = np.zeros(visible * hidden + visible + hidden, np.float32)
    parameters[: visible * hidden] = recipe.initial_scale * rng.standard_normal(visible * hidden)
    average, first, second = parameters.copy(), np.zeros_like(parameters), np.zeros_like(parameters)
    persistent = recipe.method == "pcd"
    chain = rng.choice(np.array([-1, 1], np.float32), size=(recipe.chains if persistent else recipe.batch, hidden))
    state = data, parameters, average, first, second, chain, kernel_seed(rng)
    options = preparation.kernel_options(recipe)

    def advance(done, rates):
        return kernels.train_steps(*state, done, rates, *options)

    for step in preparation.course(recipe, advance, at, progress):
        parts = kernels.split(average if recipe.averaging else parameters, visible, hidden)
        yield step, RBM(*(part.copy() for part in parts))
