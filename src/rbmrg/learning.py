"""Training followed by its measure: the exact Kullback–Leibler distance to the Ising mixture that was trained on."""

import json

import numpy as np
import pandas as pd
import xarray as xr

from rbmrg import exact, machines, rbm
from rbmrg.lattice import energy
from rbmrg.rbm import closed_forms

ANNEALING = 500  # temperatures of the annealing: its error stays far below the scatter of machines that need it
OBSERVED = 500  # configurations on which the pseudo-likelihood of a layer is measured


def snapshots(steps):
    """Training steps at which to look: 0, the last, and those a half, a quarter, … of it down to about a hundred."""
    return sorted({0, steps} | {steps >> halvings for halvings in range(32) if steps >> halvings >= 80})


def learn(settings, training, held_out, rngs, progress=None):
    """Make the machine that `settings` (an entry of the configuration) describes → Dataset with its learning curve.

    `training`, `held_out`: int8 ±1 [n, L, L], equal mixtures over the temperatures of training.  `rngs` = (training,
    likelihood).  KL(mixture‖machine) is in nats per visible unit, on the held-out part, by the method that `rbm.kl`
    finds fit.  `progress(step, text)` is told of each measurement, and of steps between them.
    """
    rng, likelihood_rng = rngs
    log_p, curve = None, []
    at = snapshots(machines.steps(settings))
    for step, machine in machines.course(
        settings, 1, training, rng, at, progress and (lambda step: progress(step, ""))
    ):
        visible = closed_forms.visible_units(machine, held_out)
        log_p = log_probability(settings, machine, held_out) if log_p is None else log_p
        point = rbm.kl(machine, visible, log_p, likelihood_rng, temperatures=ANNEALING)
        curve.append((step, point))
        if progress:
            progress(step, f"KL = {point.kl:.4f}({point.error:.4f}) nat per spin")
    measured = {
        "kl": ([p.kl for _, p in curve], "Kullback–Leibler distance from data to machine", "nat per spin"),
        "kl_error": ([p.error for _, p in curve], "standard error of kl", "nat per spin"),
        "method": ([p.method for _, p in curve], "how ln Z of the machine was estimated", None),
        "ess": ([p.effective_samples for _, p in curve], "effective sample size of reweighting", "1"),
    }
    return dataset(machine, [step for step, _ in curve], measured)


def learn_layer(settings, layer, training, held_out, rng, progress=None):
    """Train `layer` > 1 of a stack on the hidden units of the one below, `training` [n, units] → Dataset.

    The distribution of these is not known: the learning curve is the pseudo-likelihood of `held_out`, ±1 [n, units].
    """
    curve, at = [], snapshots(machines.steps(settings))
    for step, machine in machines.course(settings, layer, training, rng, at, progress and (lambda s: progress(s, ""))):
        curve.append((step, *rbm.pseudo_likelihood(machine, held_out[:OBSERVED])))
        if progress:
            progress(step, f"pseudo-likelihood = {curve[-1][1]:.4f}({curve[-1][2]:.4f}) nat per unit")
    steps, values, errors = zip(*curve, strict=True)
    measured = {
        "pseudo_likelihood": (values, "ln p of a unit given all others, on held-out data", "nat per unit"),
        "pseudo_likelihood_error": (errors, "standard error of pseudo_likelihood", "nat per unit"),
    }
    return dataset(machine, steps, measured)


def log_probability(settings, machine, spins):
    """Normalised ln p [n] of the visible units of `spins`, for the mixture that `settings` trains on.

    Of the checkerboard machine they are one sublattice of Ising configurations, whose ln p is −F(v) − ln Z_Ising.
    """
    temperatures, L = [float(T) for T in settings["training"]], spins.shape[-1]
    if settings["recipe"] == "checkerboard":
        return -machine.free_energy(closed_forms.visible_units(machine, spins)) - exact.log_partition(
            L, temperatures[0]
        )
    return exact.log_mixture(energy(spins), L, temperatures)


def dataset(machine, steps, measured):
    """Weights of `machine` and what was `measured`, {name: (values, long name, units)}, at `steps`."""
    weights = {
        "W": (("visible", "hidden"), machine.W, {"long_name": "weights", "units": "1"}),
        "visible_bias": (("visible",), machine.visible_bias, {"long_name": "visible biases", "units": "1"}),
        "hidden_bias": (("hidden",), machine.hidden_bias, {"long_name": "hidden biases", "units": "1"}),
    }
    curve = {
        name: ("step", list(values), {"long_name": long_name} | ({"units": units} if units else {}))
        for name, (values, long_name, units) in measured.items()
    }
    step = ("step", np.array(steps), {"long_name": "training step", "units": "1"})
    return xr.Dataset(weights | curve, coords={"step": step})


def machine_of(dataset):
    """The trained `rbm.RBM` of a Dataset made by `learn`."""
    return rbm.RBM(dataset.W.values, dataset.visible_bias.values, dataset.hidden_bias.values)


def summary(files):
    """The table of machines, one row for each file (Dataset): how it was made, and how far it is from its data."""
    rows = []
    for file in files:
        settings, last = json.loads(file.attrs["settings"]), file.isel(step=-1)
        T = settings["training"]
        rows.append(
            {name: file.attrs[name] for name in ("machine", "replica", "layer")}
            | {"recipe": settings["recipe"], "options": json.dumps(settings["options"]), "L": settings["L"]}
            | {"training": T[0] if len(T) == 1 else f"{T[0]} to {T[-1]}, {len(T)} temperatures"}
            | {"visible": file.sizes["visible"], "hidden": file.sizes["hidden"], "steps": int(last.step)}
            | {name: variable.item() for name, variable in last.data_vars.items() if variable.ndim == 0}
        )
    return pd.DataFrame(rows).sort_values(["machine", "replica", "layer"], kind="stable")
