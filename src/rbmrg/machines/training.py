"""Training of machines with a learning curve: the Kullback–Leibler distance to the Ising mixture trained on."""

from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from rbmrg import exact, rbm, splits
from rbmrg.lattice import energy
from rbmrg.machines import controls, weights
from rbmrg.machines.entries import CLOSED_FORMS
from rbmrg.rbm import closed_forms

ANNEALING = 500  # temperatures of the annealing: its error stays far below the scatter of machines that need it
GLANCE = 10_000  # held-out configurations on which a machine is measured before its last step,
GLANCE_ANNEALING = 60  # and temperatures of the annealing then
OBSERVED = 500  # configurations on which the pseudo-likelihood of a layer is measured


def parts(samples):
    """(training, held-out) spins, each an equal mixture [n, L, L] of its parts of `samples`, a list of [n_k, L, L]."""
    training = splits.mixture([splits.training_part(spins) for spins in samples])
    held_out = splits.mixture([splits.held_out_part(spins) for spins in samples])
    return training, held_out


def snapshots(steps):
    """Training steps at which a machine is kept: 0, the last, and its halves, quarters, … down to about a hundred."""
    return sorted({0, steps} | {steps >> halvings for halvings in range(32) if steps >> halvings >= 80})


def learn(entry, training, held_out, rngs, progress=None):
    """Make the machine that `entry` describes, or the lowest layer of a stack → Dataset with its learning curve.

    `training`, `held_out`: int8 ±1 [n, L, L], equal mixtures over the training temperatures.  `rngs` = (training,
    likelihood, rearranged sites).  KL(mixture‖machine) is in nats per visible unit, by the method that `rbm.kl`
    finds fit: after the last step on all held-out configurations, before it on some of them.  For a control whose sites
    are rearranged it is still the distance to the Ising model.  `progress(step, text)` is called after each
    measurement, and in between with an empty text.  Raises as `rbm.trajectory` does.

    The Dataset also has `data_energy`, the mean energy per spin of what the machine learns, in J.
    """
    rng, likelihood_rng, sites_rng = map(np.random.default_rng, rngs)
    permutation = controls.permutation(training.shape[-1], sites_rng) if entry.sites == "permuted" else None
    on_sites = training
    training = controls.rearranged(training, entry.sites, permutation, sites_rng)
    learned = training if permutation is None else on_sites  # the machine is put back, see `on_lattice`
    glance = slice(None, None, max(1, len(held_out) // GLANCE))
    at = snapshots(entry.steps)
    log_p = None
    course = []
    curve = []
    for step, machine in _course(entry, 1, training, rng, at, progress):
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
        "kl": ([p.kl for p in curve], "Kullback-Leibler distance from data to machine in nats per spin"),
        "kl_error": ([p.error for p in curve], "standard error of kl"),
        "method": ([p.method for p in curve], "how ln Z of the machine was estimated"),
        "ess": ([p.effective_samples for p in curve], "effective sample size of reweighting"),
    }
    attributes = {"long_name": "mean energy per spin of the training data in J", "units": "1"}
    return weights.dataset(course, measured).assign(data_energy=((), energy(learned).mean() / entry.L**2, attributes))


def learn_layer(entry, below, training, held_out, rng, progress=None):
    """Train the layer of a stack above the layers `below` (RBMs, lowest first) → Dataset with its learning curve.

    `training`, `held_out`: as in `learn`.  The layer is trained on hidden units of the layer beneath it, whose
    distribution is not known: the learning curve is the pseudo-likelihood, in nats per unit, of units drawn for
    held-out configurations.  `rng` and `progress` serve all of it.  Raises as `rbm.trajectory` does.
    """
    rng = np.random.default_rng(rng)
    units = rbm.upwards(below, training, rng, entry.states)
    observed = rbm.upwards(below, held_out, rng)[_of_all_temperatures(len(held_out), len(entry.temperatures))]
    course = []
    curve = []
    for step, machine in _course(entry, len(below) + 1, units, rng, snapshots(entry.steps), progress):
        value, error = rbm.pseudo_likelihood(machine, observed)
        course.append((step, machine))
        curve.append((value, error))
        if progress:
            progress(step, f"pseudo-likelihood = {value:.4f}({error:.4f}) nat per unit")
    values, errors = zip(*curve, strict=True)
    measured = {
        "pseudo_likelihood": (values, "ln p of a unit given all others, on held-out data, in nats"),
        "pseudo_likelihood_error": (errors, "standard error of pseudo_likelihood"),
    }
    return weights.dataset(course, measured)


def _of_all_temperatures(n, parts):
    """Rows of an equal mixture of `parts` that has `n` rows: OBSERVED of them, or one of each part, as many of each."""
    return np.arange(n).reshape(parts, -1)[:, : max(1, OBSERVED // parts)].ravel()


@contextmanager
def named(label):
    """Begin the message of a training that diverges within the block with the machine's `label`."""
    try:
        yield
    except FloatingPointError as error:
        raise FloatingPointError(f"machine {label}: {error}") from error


def on_lattice(machine, permutation):
    """A machine trained on `permutation` of the sites, put back: its visible unit j is site permutation[j]."""
    back = np.argsort(permutation)
    return replace(machine, W=machine.W[back], visible_bias=machine.visible_bias[back])


def log_probability(entry, machine, spins):
    """ln p [n], normalised, of the visible units of `spins` [n, L, L] in the mixture that `entry` is trained on.

    For a checkerboard machine these units are one sublattice of the Ising lattice, and ln p = −F(v) − ln Z_Ising.
    """
    L = spins.shape[-1]
    if entry.recipe == "checkerboard":
        [T] = entry.temperatures
        return -machine.free_energy(closed_forms.visible_units(machine, spins)) - exact.log_partition(L, T)
    return exact.log_mixture(energy(spins), L, entry.temperatures)


def _course(entry, layer, units, rng, at, progress):
    """Yield (step, RBM) at the increasing steps `at` of the training of `layer` (1 is the lowest) on `units` [n, …].

    A closed form is there at step 0.
    """
    if entry.is_closed_form:
        [T] = entry.temperatures
        return iter([(0, CLOSED_FORMS[entry.recipe](entry.L, T))])
    hidden = entry.layer_sizes[layer - 1]
    means = layer > 1 and entry.states == "means"
    between = (lambda step: progress(step, "")) if progress else None
    return rbm.trajectory(units, entry.recipe, hidden, rng, at, means, between, **entry.options)
