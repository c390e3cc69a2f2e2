"""`python -m rbmrg.rbm.benchmark [--quick]`: a step of training, ours against installable ones, side by side.

Competitors (`pip install torch scikit-learn rbms`): a loop written with torch, scikit-learn's BernoulliRBM, and rbms,
which uses torch.  All do persistent contrastive divergence with one Gibbs step and as many chains as rows in the batch,
in float32, in one thread of this process and in interleaved rounds, so that all see the same load.  What is timed is
CPU time, after a first call of everything.
"""

import argparse
from functools import partial
from importlib.metadata import version
from itertools import count

import llvmlite.binding
import numpy as np
from threadpoolctl import threadpool_limits

from rbmrg.benchmarks.sampling import interleaved, ratio
from rbmrg.rbm import kernels

SIZES = [(100, 81, 100), (1024, 256, 100), (1024, 256, 1000), (4096, 1024, 256)]  # visible, hidden, batch
WORK = 2**29  # products of a visible and a hidden unit in a round, at least one step
LEARNING_RATE = 1e-3
NOTES = """Ratio: the best competitor's best time over this one's.  Ours: ±1 units, Adam; `means` puts ⟨h|v⟩ for h in
the gradient; `paper` has one chain, so its ratio compares unlike things.  torch: 0/1 units, Adam; as one would write
it, and tuned: the fastest we found.  scikit-learn: 0/1 units, ⟨h|v⟩ in the gradient, plain ascent, rows in order.
rbms: 0/1 units, ⟨h|v⟩, centred and normalised gradient, plain ascent; without what its own loop does with files.
Of sgemm: flops of the matrix products over time, against the faster of two shapes; as ours counts bits in one of them,
this may exceed 100 %."""


def our_task(data, hidden, batch, steps, chains, tanh_means=False):
    """A function that goes on training for `steps` steps on `data` (int8 ±1 [n, visible]) and returns `steps`."""
    rng, visible = np.random.default_rng(1), data.shape[1]
    state = np.zeros((4, visible * hidden + visible + hidden), np.float32)  # parameters, average, Adam's moments
    state[0, : visible * hidden] = 0.05 * rng.standard_normal(visible * hidden)
    chain = rng.choice(np.array([-1, 1], np.float32), (chains, hidden))
    rates, done = np.full(steps, LEARNING_RATE, np.float32), count(0, steps)
    options = (batch, 1, True, tanh_means, False, False, np.float32(0))

    def do():
        kernels.train_steps(
            data, *state, chain, np.uint64(1), next(done), rates, np.float32(1e-2), np.float32(0), *options
        )
        return steps

    return do


def torch_task(data, hidden, batch, steps, tuned=False):
    """The same with torch."""
    import torch

    torch.set_num_threads(1)
    data = torch.from_numpy((data > 0).astype(np.float32))
    W, c, b = 0.05 * torch.randn(data.shape[1], hidden), torch.zeros(data.shape[1]), torch.zeros(hidden)
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
            c.grad, b.grad = v.mean(0) - dreamt.mean(0), h.mean(0) - chain.mean(0)
            adam.step()
        return steps

    return do


def sklearn_task(data, hidden, batch, steps):
    """The same with scikit-learn: the inner function of `fit`, which itself would start afresh at every call."""
    from sklearn.neural_network import BernoulliRBM

    data, rng = (data > 0).astype(np.float32), np.random.RandomState(1)
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
    """The same with rbms: the body of its training loop."""
    import torch
    from rbms.bernoulli_bernoulli.classes import BBRBM
    from rbms.training.pcd import fit_batch_pcd

    torch.set_num_threads(1)
    data, weights = torch.from_numpy((data > 0).astype(np.float32)), torch.ones(len(data), 1)
    W, c, b = 0.05 * torch.randn(data.shape[1], hidden), torch.zeros(data.shape[1]), torch.zeros(hidden)
    machine = BBRBM(W, c, b)
    machine.init_grad()
    ascent, chains = torch.optim.SGD(machine.parameters(), lr=LEARNING_RATE, maximize=True), machine.init_chains(batch)

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
    "torch": torch_task,
    "torch tuned": partial(torch_task, tuned=True),
    "scikit-learn": sklearn_task,
    "rbms": rbms_task,
}


def available(competitors):
    """Those of `competitors` that make a step; says why of the others."""
    found, data = {}, np.ones((8, 6), np.int8)
    for name, make in competitors.items():
        try:
            make(data, 4, 2, 1)()
        except (ImportError, AttributeError, TypeError, ValueError, RuntimeError) as error:
            print(f"{name}: skipped, it is not installed or does not work ({error!r})")
        else:
            found[name] = make
    return found


def tasks(visible, hidden, batch, work, competitors):
    """By name, functions that train for some steps on fair coins and return how many."""
    data = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (10 * batch, visible))
    arguments = data, hidden, batch, max(1, work // (visible * hidden * batch))
    ours = {
        "rbmrg": our_task(*arguments, chains=batch),
        "rbmrg means": our_task(*arguments, chains=batch, tanh_means=True),
        "rbmrg paper": our_task(*arguments, chains=1),
    }
    return ours | {name: make(*arguments) for name, make in competitors.items()}


def product_tasks(visible, hidden, batch):
    """sgemm of numpy, square and in the shape of v·W, as functions that return how many flops they did."""
    names = {"square": (2048, 2048, 2048), "v·W": (batch, visible, hidden)}
    return {name: product_task(*shape) for name, shape in names.items()}


def product_task(m, n, k):
    """A function that multiplies [m, n] with [n, k] at least once, and returns its flops."""
    a, b, out = np.ones((m, n), np.float32), np.ones((n, k), np.float32), np.empty((m, k), np.float32)
    repeats = max(1, 2**31 // (2 * m * n * k))

    def do():
        for _ in range(repeats):
            np.dot(a, b, out=out)
        return 2 * m * n * k * repeats

    return do


def step_flops(visible, hidden, batch, chains):
    """Flops of the matrix products of a step: hidden units of both, visible ones of the chains, gradient of both."""
    return 2 * visible * hidden * (2 * (batch + chains) + chains)


def table(size, times, speeds):
    """As text: ms a step, best and median, `ratio`, and the share of the fastest sgemm in `speeds` (flops/ns)."""
    visible, hidden, batch = size
    title = f"{visible} × {hidden}, batch {batch}"
    lines = ["", f"{title:26}{'ms, best':>10}{'median':>10}{'ratio':>8}{'of sgemm':>10}"]
    for name, ns in times.items():
        flops = step_flops(*size, 1 if name == "rbmrg paper" else batch)
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
    packages = dict.fromkeys(("rbmrg", "numpy", "numba", "scipy", *(name.split()[0] for name in competitors)))
    versions = ", ".join(f"{name} {version(name)}" for name in packages)
    print(llvmlite.binding.get_host_cpu_name(), versions, NOTES, sep="\n")
    with threadpool_limits(1):
        for size in SIZES:
            ours_and_theirs, products = tasks(*size, work, competitors), product_tasks(*size)
            interleaved(ours_and_theirs, 1)  # compiles
            times = interleaved(ours_and_theirs | products, rounds)
            print(table(size, {k: times[k] for k in ours_and_theirs}, {k: 1 / times[k][0] for k in products}))


if __name__ == "__main__":
    main()
