"""Train an RBM on configurations, without labels: check the arguments, then let `kernels.train_steps` do the work."""

from rbmrg import arguments
from rbmrg.rbm import convolutional, kernels, preparation
from rbmrg.rbm.model import RBM
from rbmrg.rbm.recipes import resolve


def train(spins, recipe="paper", hidden=None, rng=1, steps=None, means=False, progress=None, **options):
    """The `RBM` with `hidden` units trained on `spins` by `recipe`; `steps` and other `options` override it.

    `spins`: ±1 of any numeric type, [n, ...]; the sites of each of the n configurations become the visible units, row
    by row.  With `means`, they are numbers from −1 to 1.  `recipe`: a name in `RECIPES` or a `Recipe`, whose fields are
    the options.  All recipes but "paper" keep P(v) = P(−v); pass `zero_biases=False` for data without that symmetry.
    `hidden`: 81 by default; must not be given if the recipe is convolutional.  `rng`: an int ≥ 0 or a numpy Generator.
    `progress(step)`, if given, is called about twenty times.  Raises ValueError for wrong arguments, and
    FloatingPointError, with the step, if a weight or a bias exceeds ±1000.
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
            raise ValueError(f"hidden = {hidden}, means = {means}: must not be given for a convolutional recipe")
        course = convolutional.trajectory(spins, recipe, rng, at, progress)
        return ((step, machine.dense()) for step, machine in course)
    data = preparation.rows(spins, means)
    rng = arguments.generator(rng)
    at = preparation.increasing(at, recipe.steps)
    return _run(data, recipe, arguments.integer("hidden", hidden), rng, at, progress)


def _run(data, recipe, hidden, rng, at, progress):
    """The generator behind `trajectory`, on checked arguments."""
    visible = data.shape[1]
    chain_shape = (preparation.chains(recipe), hidden)
    state = preparation.initial_state(data, recipe, visible * hidden, visible + hidden, chain_shape, rng)
    options = preparation.kernel_options(recipe)

    def advance(done, rates):
        return kernels.train_steps(state, done, rates, options)

    for step in preparation.course(recipe, state, advance, at, progress):
        parameters = state.average if recipe.averaging else state.parameters
        parts = kernels.split(parameters, visible, hidden)
        yield step, RBM(*(part.copy() for part in parts))
