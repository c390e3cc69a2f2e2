"""Training an RBM on configurations, without labels: the loop is `kernels.train_steps`, this file feeds it."""

import numpy as np

from rbmrg.rbm import kernels
from rbmrg.rbm.model import RBM
from rbmrg.rbm.recipes import resolve
from rbmrg.rng import kernel_seed


def train(spins, recipe="paper", hidden=81, rng=1, steps=None, **options):
    """The `RBM` with `hidden` units trained on `spins` by `recipe`; `steps` and other `options` override it.

    `spins`: ±1, [n, ...] (sites are flattened).  Raises ValueError for anything else and for wrong recipes or options,
    FloatingPointError if weights overflow.
    """
    if steps is not None:
        options["steps"] = steps
    recipe = resolve(recipe, **options)
    [(_, machine)] = trajectory(spins, recipe, hidden, rng, at=[recipe.steps])
    return machine


def trajectory(spins, recipe, hidden, rng, at, **options):
    """Yield (step, RBM) at the increasing steps `at` (0 is the untrained machine) of one run of `train`.

    `at` must not exceed the recipe's `steps`, which fixes the decay of the learning rate.  Raises as `train` does.
    """
    recipe, data, at = resolve(recipe, **options), _data(spins), [int(step) for step in at]
    if hidden < 1:
        raise ValueError(f"hidden = {hidden}: at least 1 is needed")
    if any(a >= b for a, b in zip([-1, *at], [*at, recipe.steps + 1], strict=True)):
        raise ValueError(f"at = {at}: increasing steps from 0 to {recipe.steps} are needed")
    return _run(data, recipe, hidden, np.random.default_rng(rng), at)


def _run(data, recipe, hidden, rng, at):
    """The generator behind `trajectory`, on checked arguments."""
    visible = data.shape[1]
    parameters = np.zeros(visible * hidden + visible + hidden, np.float32)
    parameters[: visible * hidden] = recipe.initial_scale * rng.standard_normal(visible * hidden)
    average, first, second = parameters.copy(), np.zeros_like(parameters), np.zeros_like(parameters)
    persistent = recipe.method == "pcd"
    chain = rng.choice(np.array([-1, 1], np.float32), size=(recipe.chains if persistent else recipe.batch, hidden))
    seed, rates = kernel_seed(rng), learning_rates(recipe)
    memory = 1 / recipe.averaging if recipe.averaging > 0 else 0
    done = 0
    for step in at:
        failed = kernels.train_steps(
            data, parameters, average, first, second, chain, seed, done, rates[done:step], np.float32(recipe.epsilon),
            np.float32(memory), int(recipe.batch), int(recipe.gibbs_steps), persistent, bool(recipe.tanh_means),
            bool(recipe.flips), bool(recipe.zero_biases), np.float32(recipe.l1),
        )  # fmt: skip
        if failed:
            raise FloatingPointError(f"training diverged: weights are not finite at step {failed}")
        done = step
        yield step, RBM(*(part.copy() for part in kernels.split(average if memory else parameters, visible, hidden)))


def learning_rates(recipe):
    """The rate of every step, float32 [steps]: constant, then falling linearly, times Adam's bias corrections."""
    t = np.arange(1, recipe.steps + 1, dtype=np.float64)
    falling = recipe.steps * (1 - recipe.decay_from)
    decay = np.minimum(1, (recipe.steps - t + 1) / falling) if falling else 1
    correction = np.sqrt(1 - float(kernels.BETA_2) ** t) / (1 - float(kernels.BETA_1) ** t)
    return (recipe.learning_rate * decay * correction).astype(np.float32)


def _data(spins):
    """`spins` as int8 [n, visible]."""
    spins = np.asarray(spins)
    if spins.ndim < 2 or spins.size == 0:
        raise ValueError(f"spins of shape {spins.shape}: a non-empty array [n, ...] is needed")
    if not (np.abs(spins) == 1).all():
        raise ValueError(f"spins contain {spins[np.abs(spins) != 1].flat[0]}: only +1 and -1 are allowed")
    return np.ascontiguousarray(spins.reshape(len(spins), -1), dtype=np.int8)
