"""The distance of a machine from its data: ln Z in three ways, and KL(data‖RBM) = ⟨ln p(v) + F(v)⟩ + ln Z."""

from dataclasses import dataclass

import numpy as np

from rbmrg import arguments, stats
from rbmrg.rbm.chains import anneal
from rbmrg.rbm.model import sum_log_2cosh
from rbmrg.rng import kernel_seed

MAX_HIDDEN = 20
MAX_VISIBLE = 16
CHUNK = 2**14  # states enumerated at once
ENOUGH = 200  # effective samples from which reweighting is trusted
logsumexp = np.logaddexp.reduce  # ln Σ exp; importing scipy's takes 0.25 s in each of hundreds of jobs


@dataclass(frozen=True)
class Divergence:
    """KL(data‖RBM) in nats per spin with its error, by "reweighting" or "annealing", and both estimates of ln Z."""

    kl: float
    error: float
    method: str
    effective_samples: float
    log_partition_reweighted: tuple[float, float]
    log_partition_annealed: tuple[float, float]


def log_partition_enumerated(machine):
    """ln Z as a sum over all states of the smaller layer.

    Raises ValueError for machines with both more than 16 visible and more than 20 hidden units.
    """
    visible, hidden = machine.W.shape
    if hidden > MAX_HIDDEN and visible > MAX_VISIBLE:
        raise ValueError(
            f"cannot enumerate {visible} visible and {hidden} hidden units: "
            f"must be at most {MAX_VISIBLE} visible or at most {MAX_HIDDEN} hidden"
        )
    machine = machine.transposed if hidden < visible else machine
    units = len(machine.W)
    chunks = np.array_split(np.arange(2**units), max(1, 2**units // CHUNK))
    states = (2 * (chunk[:, None] >> np.arange(units) & 1) - 1 for chunk in chunks)
    return float(logsumexp([logsumexp(-machine.free_energy(v)) for v in states]))


def log_partition_reweighted(machine, spins, log_p):
    """(ln Z, error, effective samples) from `spins` [n, ...] drawn from p, with their normalised ln p(v) [n].

    Z = ⟨e^{−F(v)}/p(v)⟩_p.  The error is that of the delta method; the weights w = e^{−F}/p give (Σw)²/Σw² effective
    samples.
    """
    return _reweighted(_log_weights(machine, spins, log_p))


def _reweighted(log_weights):
    """`log_partition_reweighted` from ln w [n]."""
    n = len(log_weights)
    effective = _effective_samples(log_weights)
    error = np.sqrt(max(0, 1 / effective - 1 / n))  # var(w)/⟨w⟩² = n/effective − 1
    return float(logsumexp(log_weights) - np.log(n)), float(error), effective


def log_partition_annealed(machine, chains=200, temperatures=1000, rng=1):
    """(ln Z, error) by annealed importance sampling (Neal, Stat. Comput. 11, 125; Salakhutdinov & Murray, ICML 2008).

    p_β(v) ∝ e^{c·v} Π_a 2cosh β(v·W + b)_a goes from the visible biases alone (β = 0) to the machine (β = 1) in
    `temperatures` equal steps, each with one Gibbs sweep that leaves p_β invariant.  The error is that of the delta
    method.
    """
    rng = arguments.generator(rng)
    log_weights = np.zeros(arguments.integer("chains", chains))
    arguments.integer("temperatures", temperatures)
    v = _signs(np.broadcast_to(np.tanh(machine.visible_bias), (chains, len(machine.W))), rng)
    betas = np.linspace(0, 1, temperatures + 1, dtype=np.float32)
    anneal(machine.W, machine.visible_bias, machine.hidden_bias, v, betas, kernel_seed(rng), log_weights)
    start = sum_log_2cosh(machine.visible_bias[None].astype(np.float64))[0] + machine.W.shape[1] * np.log(2)
    error = np.sqrt(max(0, 1 / _effective_samples(log_weights) - 1 / chains))
    return float(start + logsumexp(log_weights) - np.log(chains)), float(error)


def kl(machine, spins, log_p, rng=1, chains=200, temperatures=1000):
    """`Divergence` of `machine` from the p that drew `spins` [n, ...], given their normalised ln p(v) [n].

    KL = ⟨ln p + F⟩ + ln Z over the same samples, so the noise of the entropy −⟨ln p⟩ cancels.  ln Z is reweighted if
    that estimate has 200 effective samples and is not more than 3σ below the annealed one; otherwise it is annealed.
    Both estimate Z without bias but may miss part of it; by Markov's inequality they are rarely much too high.
    """
    log_weights = _log_weights(machine, spins, log_p)
    sites = len(machine.W)
    *reweighted, effective = _reweighted(log_weights)
    annealed = log_partition_annealed(machine, chains, temperatures, rng)
    if effective >= ENOUGH and reweighted[0] > annealed[0] - 3 * np.hypot(reweighted[1], annealed[1]):
        method = "reweighting"
        log_partition = reweighted[0]
        influence = np.exp(log_weights - log_partition) - log_weights  # of each sample on ln⟨w⟩ − ⟨ln w⟩
        error = influence.std(ddof=1) / np.sqrt(len(log_weights))
    else:
        method = "annealing"
        log_partition = annealed[0]
        error = np.hypot(log_weights.std(ddof=1) / np.sqrt(len(log_weights)), annealed[1])
    value = (log_partition - log_weights.mean()) / sites
    return Divergence(float(value), float(error / sites), method, effective, tuple(reweighted), annealed)


def pseudo_likelihood(machine, spins):
    """(mean, standard error) of ln p(v_i | all others), in nats per visible unit, over all units of `spins` [n, ...].

    p = 1/(1 + e^{F(v) − F(v')}), where v' is v with v_i flipped (Besag, The Statistician 24, 179).  No ln Z is needed,
    so this also judges machines on data of unknown distribution.  A perfect prediction gives 0, a coin −ln 2.
    """
    v = arguments.spins(spins, "[n, ...]")
    v = v.reshape(len(v), -1)
    fields = machine.hidden_field(v, np.float64)
    c = machine.visible_bias.astype(np.float64)
    here = sum_log_2cosh(fields)
    total = np.zeros(len(v))
    for i, weights in enumerate(machine.W.astype(np.float64)):
        flipped = sum_log_2cosh(fields - 2 * v[:, i : i + 1] * weights)
        total -= np.logaddexp(0, flipped - here - 2 * c[i] * v[:, i])
    return stats.mean_error(total / v.shape[1])


def _log_weights(machine, spins, log_p):
    """−F(v) − ln p(v), float64 [n]."""
    spins = arguments.spins(spins, "[n, ...]")
    log_p = arguments.finite(log_p, None, "log_p")
    if log_p.shape != (len(spins),) or len(log_p) < 2:
        raise ValueError(f"log_p of shape {log_p.shape} for {len(spins)} spins: must be n ≥ 2 numbers [n]")
    return -machine.free_energy(spins) - log_p


def _effective_samples(log_weights):
    """(Σw)²/Σw²."""
    return float(np.exp(2 * logsumexp(log_weights) - logsumexp(2 * log_weights)))


def _signs(mean, rng):
    """Independent ±1 of the given means, float32."""
    return np.where(rng.random(mean.shape, dtype=np.float32) < (1 + mean) / 2, np.float32(1), np.float32(-1))
