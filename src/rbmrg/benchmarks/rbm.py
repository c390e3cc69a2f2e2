"""`python -m rbmrg.benchmarks.rbm [--quick]` compares the time of a training step with that of installable packages.

Competitors (`pip install torch scikit-learn rbms`): a loop written with torch, scikit-learn's BernoulliRBM, and rbms,
which uses torch.  All do persistent contrastive divergence with one Gibbs step and as many chains as rows in the batch,
in float32, in one thread of this process.  Their rounds are interleaved, so that all see the same load of the machine.
Times are CPU times after a first call of every task.
"""

import argparse
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from itertools import count
from typing import NamedTuple

import llvmlite.binding
import numpy as np
from threadpoolctl import threadpool_limits

from rbmrg.benchmarks.sampling import interleaved
from rbmrg.rbm import preparation
from rbmrg.rbm.kernels import train_steps
from rbmrg.rbm.recipes import Recipe

SIZES = [(100, 81, 100), (1024, 256, 100), (1024, 256, 1000), (4096, 1024, 256)]  # visible, hidden, batch
WORK = 2**29  # products of a visible and a hidden unit in a round, which has at least one step
LEARNING_RATE = 1e-3
NOTES = """Ratio: the best competitor's best time over the best time of this line.  rbmrg: ±1 units, Adam; `means` uses
⟨h|v⟩ in place of h in the gradient; `paper` has one chain, so its ratio compares unlike things.  torch: 0/1 units,
Adam; as one would write it, and tuned: the fastest we found.  scikit-learn: 0/1 units, ⟨h|v⟩ in the gradient, plain
ascent, rows in order.  rbms: 0/1 units, ⟨h|v⟩, centred and normalised gradient, plain ascent; without the file access
of its own loop.  Of sgemm: flops of the matrix products over time, relative to the faster of two shapes; rbmrg counts
bits in one of them, so this may exceed 100 %."""


class Variant(NamedTuple):
    """A way of ours to take a step."""

    one_chain: bool = False  # if not, as many chains as rows in the batch
    tanh_means: bool = False


class Competitor(NamedTuple):
    """A task of others: `make(data, hidden, batch, steps)` returns a function like that of `our_task`."""

    package: str
    make: Callable


OURS = {"rbmrg": Variant(), "rbmrg means": Variant(tanh_means=True), "rbmrg paper": Variant(one_chain=True)}


def our_task(data, hidden, batch, steps, chains, tanh_means=False):
    """A function that continues training on `data` (int8 ±1 [n, visible]) for `steps` steps and returns `steps`."""
    recipe = Recipe(batch=batch, chains=chains, tanh_means=tanh_means, learning_rate=LEARNING_RATE)
    data = preparation.rows(data)
    visible = data.shape[1]
    rng = np.random.default_rng(1)
    state = preparation.initial_state(data, recipe, visible * hidden, visible + hidden, (chains, hidden), rng)
    rates = np.full(steps, LEARNING_RATE, np.float32)
    done = count(0, steps)

    def do():
        train_steps(state, next(done), rates, preparation.kernel_options(recipe))
        return steps

    return do


def torch_task(data, hidden, batch, steps, tuned=False):
    """The same task with torch."""
    import torch

    torch.set_num_threads(1)
    data = torch.from_numpy((data > 0).astype(np.float32))
    W = 0.05 * torch.randn(data.shape[1], hidden)
    c = torch.zeros(data.shape[1])
    b = torch.zeros(hidden)
    adam = torch.optim.Adam([W, c, b], lr=LEARNING_RATE, maximize=True, fused=tuned)
    chain = torch.randint(2, (batch, hidden)).float()

    def sample(field):
        p = torch.sigmoid(field)
        return (torch.rand_like(p) < p).float() if tuned else torch.bernoulli(p)

    @torch.no_grad()
    def do():
        nonlocal chain
        for _ in range(steps):
            v = data[torch.randint(len(data), (batch,))]
            h = sample(torch.addmm(b, v, W))
            dreamt = sample(torch.addmm(c, chain, W.T))
            chain = sample(torch.addmm(b, dreamt, W))
            W.grad = torch.addmm(v.T @ h, dreamt.T, chain, alpha=-1) / batch
            c.grad = v.mean(0) - dreamt.mean(0)
            b.grad = h.mean(0) - chain.mean(0)
            adam.step()
        return steps

    return do


def sklearn_task(data, hidden, batch, steps):
    """The same task with scikit-learn: the inner function of `fit`, since `fit` itself restarts at every call."""
    from sklearn.neural_network import BernoulliRBM

    data = (data > 0).astype(np.float32)
    rng = np.random.RandomState(1)
    machine = BernoulliRBM(hidden, batch_size=batch, learning_rate=LEARNING_RATE, n_iter=1, random_state=rng)
    machine.fit(data[:batch])
    starts = range(0, len(data) - batch + 1, batch)

    def do():
        for step in range(steps):
            start = starts[step % len(starts)]
            machine._fit(data[start : start + batch], rng)
        return steps

    return do


def rbms_task(data, hidden, batch, steps):
    """The same task with rbms: the body of its training loop."""
    import torch
    from rbms.bernoulli_bernoulli.classes import BBRBM
    from rbms.training.pcd import fit_batch_pcd

    torch.set_num_threads(1)
    data = torch.from_numpy((data > 0).astype(np.float32))
    weights = torch.ones(len(data), 1)
    W = 0.05 * torch.randn(data.shape[1], hidden)
    c = torch.zeros(data.shape[1])
    b = torch.zeros(hidden)
    machine = BBRBM(W, c, b)
    machine.init_grad()
    ascent = torch.optim.SGD(machine.parameters(), lr=LEARNING_RATE, maximize=True)
    chains = machine.init_chains(batch)

    @torch.no_grad()
    def do():
        nonlocal chains
        for _ in range(steps):
            rows = torch.randint(len(data), (batch,))
            ascent.zero_grad(set_to_none=False)
            chains, _ = fit_batch_pcd((data[rows], weights[rows]), chains, machine, gibbs_steps=1, beta=1.0)
            ascent.step()
        return steps

    return do


COMPETITORS = {
    "torch": Competitor("torch", torch_task),
    "torch tuned": Competitor("torch", partial(torch_task, tuned=True)),
    "scikit-learn": Competitor("scikit-learn", sklearn_task),
    "rbms": Competitor("rbms", rbms_task),
}


def available(competitors):
    """The `competitors` that can take a step; prints why the others cannot."""
    found = {}
    data = np.ones((8, 6), np.int8)
    for name, competitor in competitors.items():
        try:
            competitor.make(data, 4, 2, 1)()
        except (ImportError, AttributeError, TypeError, ValueError, RuntimeError) as error:
            print(f"{name}: skipped, it is not installed or does not work ({error!r})")
        else:
            found[name] = competitor
    return found


def tasks(visible, hidden, batch, work, competitors):
    """Functions, by name, that train on fair coins for some steps and return how many."""
    data = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (10 * batch, visible))
    arguments = (data, hidden, batch, max(1, work // (visible * hidden * batch)))
    ours = {
        name: our_task(*arguments, chains=chains(name, batch), tanh_means=variant.tanh_means)
        for name, variant in OURS.items()
    }
    return ours | {name: competitor.make(*arguments) for name, competitor in competitors.items()}


def chains(name, batch):
    """The number of chains of the task `name`."""
    return 1 if name in OURS and OURS[name].one_chain else batch


def product_tasks(visible, hidden, batch):
    """numpy's sgemm, square and in the shape of v·W, as functions that return how many flops they did."""
    names = {"square": (2048, 2048, 2048), "v·W": (batch, visible, hidden)}
    return {name: product_task(*shape) for name, shape in names.items()}


def product_task(m, n, k):
    """A function that multiplies [m, n] with [n, k] at least once, and returns its flops."""
    a = np.ones((m, n), np.float32)
    b = np.ones((n, k), np.float32)
    out = np.empty((m, k), np.float32)
    repeats = max(1, 2**31 // (2 * m * n * k))

    def do():
        for _ in range(repeats):
            np.dot(a, b, out=out)
        return 2 * m * n * k * repeats

    return do


def step_flops(visible, hidden, batch, chains):
    """Flops of the matrix products of a step: hidden units and gradient for both, visible units for the chains."""
    return 2 * visible * hidden * (2 * (batch + chains) + chains)


def ratio(name, times):
    """The best time of the best competitor over the best time of `name`; `times`: {name: sorted times}."""
    return min((ns[0] for other, ns in times.items() if other not in OURS), default=np.nan) / times[name][0]


def table(size, times, speeds):
    """Best and median ms a step, `ratio`, and the share of the fastest sgemm in `speeds` (flops/ns), as text."""
    visible, hidden, batch = size
    title = f"{visible} × {hidden}, batch {batch}"
    lines = ["", f"{title:26}{'ms, best':>10}{'median':>10}{'ratio':>8}{'of sgemm':>10}"]
    for name, ns in times.items():
        flops = step_flops(*size, chains(name, batch))
        best, median = ns[[0, ns.size // 2]] / 1e6
        share = flops / ns[0] / max(speeds.values())
        lines.append(f"{name:26}{best:10.3g}{median:10.3g}{ratio(name, times):8.3g}{share:10.0%}")
    sgemm = ", ".join(f"{name} {speed:.3g}" for name, speed in speeds.items())
    return "\n".join([*lines, f"sgemm, flops/ns: {sgemm}"])


def main():
    parser = argparse.ArgumentParser(description="Time the training of RBMs against installable ones.")
    parser.add_argument("--quick", action="store_true", help="an eighth of the work, three rounds: noisy")
    work, rounds = (WORK // 8, 3) if parser.parse_args().quick else (WORK, 9)
    competitors = available(COMPETITORS)
    packages = dict.fromkeys(("rbmrg", "numpy", "numba", "scipy", *(each.package for each in competitors.values())))
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    print(llvmlite.binding.get_host_cpu_name(), versions, NOTES, sep="\n")
    with threadpool_limits(1):
        for size in SIZES:
            ours_and_theirs = tasks(*size, work, competitors)
            products = product_tasks(*size)
            interleaved(ours_and_theirs, 1)  # compiles
            times = interleaved(ours_and_theirs | products, rounds)
            print(table(size, {k: times[k] for k in ours_and_theirs}, {k: 1 / times[k][0] for k in products}))


if __name__ == "__main__":
    main()
