"""Training followed by its exact measure: the Kullback–Leibler distance to the Ising mixture it was trained on."""

import xarray as xr

from rbmrg import exact, rbm
from rbmrg.lattice import energy
from rbmrg.rbm.recipes import resolve

ANNEALING = 500  # temperatures of the annealing: its error stays far below the scatter of machines that need it


def snapshots(steps):
    """Training steps at which to look: 0, the last, and those a half, a quarter, … of it down to about a hundred."""
    return sorted({0, steps} | {steps >> halvings for halvings in range(32) if steps >> halvings >= 80})


def learn(training, held_out, temperatures, recipe, hidden, options, rngs, progress=None):
    """Train one machine and follow KL(mixture‖machine) → Dataset with weights and learning curve.

    `training`, `held_out`: int8 ±1 [n, L, L], equal mixtures over `temperatures`.  `rngs` = (training, likelihood).
    KL is in nats per spin, on the held-out part, by the method that `rbm.kl` finds fit; `progress(step, curve_point)`.
    """
    rng, likelihood_rng = rngs
    L = held_out.shape[-1]
    steps = resolve(recipe, **options).steps
    log_p = exact.log_mixture(energy(held_out), L, temperatures)
    curve = []
    for step, machine in rbm.trajectory(training, recipe, hidden, rng, at=snapshots(steps), **options):
        curve.append((step, rbm.kl(machine, held_out, log_p, likelihood_rng, temperatures=ANNEALING)))
        if progress:
            progress(step, curve[-1][1])
    return _dataset(machine, curve)


def _dataset(machine, curve):
    weights = {
        "W": (("visible", "hidden"), machine.W, {"long_name": "weights", "units": "1"}),
        "visible_bias": (("visible",), machine.visible_bias, {"long_name": "visible biases", "units": "1"}),
        "hidden_bias": (("hidden",), machine.hidden_bias, {"long_name": "hidden biases", "units": "1"}),
    }
    nats = {"units": "nat per spin"}
    points = [point for _, point in curve]
    learning = {
        "kl": ("step", [p.kl for p in points], {"long_name": "Kullback–Leibler distance from data to machine", **nats}),
        "kl_error": ("step", [p.error for p in points], {"long_name": "standard error of kl", **nats}),
        "method": ("step", [p.method for p in points], {"long_name": "how ln Z of the machine was estimated"}),
        "ess": (
            "step",
            [p.effective_samples for p in points],
            {"long_name": "effective sample size of reweighting", "units": "1"},
        ),
    }
    step = ("step", [step for step, _ in curve], {"long_name": "training step", "units": "1"})
    return xr.Dataset(weights | learning, coords={"step": step})


def machine_of(dataset):
    """The trained `rbm.RBM` of a Dataset made by `learn`."""
    return rbm.RBM(dataset.W.values, dataset.visible_bias.values, dataset.hidden_bias.values)
