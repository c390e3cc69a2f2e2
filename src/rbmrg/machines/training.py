"""Training followed by its measure: the exact Kullback–Leibler distance to the Ising mixture that was trained on."""

from dataclasses import replace

import numpy as np

from rbmrg import exact, rbm
from rbmrg.lattice import energy
from rbmrg.machines import controls, entries, weights
from rbmrg.rbm import closed_forms

ANNEALING = 500  # temperatures of the annealing: its error stays far below the scatter of machines that need it
GLANCE, GLANCE_ANNEALING = 10_000, 60  # held-out configurations and temperatures for a machine on its way
OBSERVED = 500  # configurations on which the pseudo-likelihood of a layer is measured


def snapshots(steps):
    """Training steps at which to look: 0, the last, and those a half, a quarter, … of it down to about a hundred."""
    return sorted({0, steps} | {steps >> halvings for halvings in range(32) if steps >> halvings >= 80})


def learn(entry, training, held_out, rngs, progress=None):
    """Make the machine that `entry` describes → Dataset with its learning curve.

    `training`, `held_out`: int8 ±1 [n, L, L], equal mixtures over the temperatures of training.  `rngs` = (training,
    likelihood, rearranged sites).  KL(mixture‖machine) is in nats per visible unit, on the held-out part (on the way
    on a part of it), by the method that `rbm.kl` finds fit; that of a control, whose `sites` are rearranged, is still
    the distance to the Ising model.  `progress(step, text)` is told of each measurement, and of steps between them.
    """
    rng, likelihood_rng, sites_rng = map(np.random.default_rng, rngs)
    permutation = controls.permutation(training.shape[-1], sites_rng) if entry.sites == "permuted" else None
    training = controls.rearranged(training, entry.sites, permutation, sites_rng)
    glance = slice(None, None, max(1, len(held_out) // GLANCE))
    log_p, course, curve = None, [], []
    at = snapshots(entry.steps)
    for step, machine in entries.course(entry, 1, training, rng, at, progress and (lambda step: progress(step, ""))):
        machine = machine if permutation is None else on_lattice(machine, permutation)
        log_p = log_probability(entry, machine, held_out) if log_p is None else log_p
        part, annealing = (slice(None), ANNEALING) if step == at[-1] else (glance, GLANCE_ANNEALING)
        visible = closed_forms.visible_units(machine, held_out[part])
        point = rbm.kl(machine, visible, log_p[part], likelihood_rng, temperatures=annealing)
        course.append((step, machine))
        curve.append(point)
        if progress:
            progress(step, f"KL = {point.kl:.4f}({point.error:.4f}) nat per spin")
    measured = {
        "kl": ([p.kl for p in curve], "Kullback–Leibler distance from data to machine", "nat per spin"),
        "kl_error": ([p.error for p in curve], "standard error of kl", "nat per spin"),
        "method": ([p.method for p in curve], "how ln Z of the machine was estimated", None),
        "ess": ([p.effective_samples for p in curve], "effective sample size of reweighting", "1"),
    }
    return weights.dataset(course, measured)


def on_lattice(machine, permutation):
    """A machine trained on `permutation` of the sites, put back: its visible unit j is site permutation[j]."""
    back = np.argsort(permutation)
    return replace(machine, W=machine.W[back], visible_bias=machine.visible_bias[back])


def learn_layer(entry, layer, training, held_out, rng, progress=None):
    """Train `layer` > 1 of a stack on the hidden units of the one below, `training` [n, units] → Dataset.

    The distribution of these is not known: the learning curve is the pseudo-likelihood of `held_out`, ±1 [n, units].
    """
    course, curve, at = [], [], snapshots(entry.steps)
    for step, machine in entries.course(entry, layer, training, rng, at, progress and (lambda s: progress(s, ""))):
        course.append((step, machine))
        curve.append(rbm.pseudo_likelihood(machine, held_out[:OBSERVED]))
        if progress:
            progress(step, f"pseudo-likelihood = {curve[-1][0]:.4f}({curve[-1][1]:.4f}) nat per unit")
    values, errors = zip(*curve, strict=True)
    measured = {
        "pseudo_likelihood": (values, "ln p of a unit given all others, on held-out data", "nat per unit"),
        "pseudo_likelihood_error": (errors, "standard error of pseudo_likelihood", "nat per unit"),
    }
    return weights.dataset(course, measured)


def log_probability(entry, machine, spins):
    """Normalised ln p [n] of the visible units of `spins`, for the mixture that `entry` trains on.

    Of the checkerboard machine they are one sublattice of Ising configurations, whose ln p is −F(v) − ln Z_Ising.
    """
    temperatures = entry.temperatures
    L = spins.shape[-1]
    if entry.recipe == "checkerboard":
        return -machine.free_energy(closed_forms.visible_units(machine, spins)) - exact.log_partition(
            L, temperatures[0]
        )
    return exact.log_mixture(energy(spins), L, temperatures)
