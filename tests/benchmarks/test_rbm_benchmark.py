"""The parts of the benchmark of training; the only competitor used is scikit-learn, which the project has anyway."""

import sys

import numpy as np
import pytest

from rbmrg.benchmarks import rbm

DATA = np.ones((40, 6), np.int8)


def test_our_task_goes_on_where_it_stopped(monkeypatch):
    calls = []
    monkeypatch.setattr(rbm, "train_steps", lambda *arguments: calls.append(arguments))
    do = rbm.our_task(DATA, hidden=4, batch=5, steps=3, chains=2, tanh_means=True)
    assert [do(), do(), do()] == [3, 3, 3]
    assert [start for _, start, _, _ in calls] == [0, 3, 6]  # steps done before
    state, _, rates, options = calls[0]
    assert calls[1][0] is calls[2][0] is state
    np.testing.assert_array_equal(state.data, DATA)
    assert (state.parameters.shape, state.chain.shape, rates.shape) == ((6 * 4 + 6 + 4,), (2, 4), (3,))
    assert options[:5] == (5, 1, True, True, False)  # batch, Gibbs steps, persistent, means, no flips
    assert options[5:] == (False, 0, np.float32(1e-2), 0)  # learned biases, l1, epsilon, no average


def test_our_task_trains():
    assert rbm.our_task(DATA, hidden=4, batch=5, steps=3, chains=2)() == 3


def test_scikit_learn_trains_on_all_batches(monkeypatch):
    from sklearn.neural_network import BernoulliRBM

    batches = []
    monkeypatch.setattr(BernoulliRBM, "_fit", lambda machine, rows, rng: batches.append(rows))
    data = np.where(np.arange(41)[:, None] % 2, 1, -1) * DATA[:1]
    do = rbm.sklearn_task(data, hidden=4, batch=10, steps=6)
    batches.clear()  # those of fit
    assert do() == 6
    assert [rows.shape for rows in batches] == [(10, 6)] * 6
    np.testing.assert_array_equal(batches[0], (data[:10] + 1) / 2)
    np.testing.assert_array_equal(batches[5], batches[1])  # four batches, then the first again


def test_competitors_that_are_missing_are_skipped_with_a_message(monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "torch", None)  # importing it raises ImportError
    assert list(rbm.available(rbm.COMPETITORS)) == ["scikit-learn"]
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["torch", "torch tuned", "rbms"]
    assert all("skipped, it is not installed or does not work" in line for line in lines)


def test_every_task_does_as_many_steps_as_the_work_allows():
    made = []
    other = rbm.Competitor("other", lambda data, *arguments: made.append((data.shape, *arguments)))
    tasks = rbm.tasks(8, 4, 5, 16 * 8 * 4 * 5 + 1, {"other": other})
    assert list(tasks) == ["rbmrg", "rbmrg means", "rbmrg paper", "other"]
    assert made == [((50, 8), 4, 5, 16)]
    assert rbm.tasks(8, 4, 5, 1, {})["rbmrg"]() == 1


def test_flops_of_a_step():
    """Multiplications and additions of every product, by their shapes."""
    visible = 10
    hidden = 7
    batch = 5
    chains = 3
    shapes = [
        (batch, visible, hidden),  # hidden units of the data
        (chains, hidden, visible),  # visible units of the chains
        (chains, visible, hidden),  # their hidden units
        (visible, batch, hidden),  # gradients
        (visible, chains, hidden),
    ]
    assert rbm.step_flops(visible, hidden, batch, chains) == sum(2 * m * n * k for m, n, k in shapes)


def test_products_are_counted_as_often_as_they_are_done(monkeypatch):
    done = []
    monkeypatch.setattr(rbm.np, "dot", lambda a, b, out: done.append((a.shape, b.shape, out.shape)))
    assert rbm.product_task(64, 512, 2048)() == 2 * 64 * 512 * 2048 * len(done)
    assert done == [((64, 512), (512, 2048), (64, 2048))] * 16
    assert rbm.product_task(2048, 2048, 2048)() == 2 * 2048**3  # at least once


def test_the_table_gives_times_ratios_and_shares():
    ms = {"rbmrg": [1, 2, 4], "rbmrg paper": [0.5, 1, 2], "torch tuned": [3, 5, 9], "rbms": [8, 9, 10]}
    times = {name: 1e6 * np.array(x, float) for name, x in ms.items()}
    flops = rbm.step_flops(100, 50, 20, 20)
    text = rbm.table((100, 50, 20), times, {"square": flops / 0.25e6, "v·W": flops / 1e6}).splitlines()
    assert [line.split()[-4:] for line in text[2:6]] == [
        ["1", "2", "3", "25%"],
        ["0.5", "1", "6", f"{0.5 * rbm.step_flops(100, 50, 20, 1) / flops:.0%}"],
        ["3", "5", "1", "8%"],
        ["8", "9", "0.375", "3%"],
    ]


@pytest.mark.parametrize("arguments", [[], ["--quick"]])
def test_the_command_prints_a_table_for_every_size(monkeypatch, capsys, arguments):
    monkeypatch.setattr(sys, "argv", ["benchmark", *arguments])
    monkeypatch.setattr(rbm, "SIZES", [(8, 4, 5), (6, 5, 4)])
    monkeypatch.setattr(rbm, "WORK", 8000)
    monkeypatch.setattr(rbm, "COMPETITORS", {"scikit-learn": rbm.COMPETITORS["scikit-learn"]})
    monkeypatch.setattr(rbm, "product_tasks", lambda *_: {"v·W": rbm.product_task(1024, 1024, 1024)})
    rbm.main()
    out = capsys.readouterr().out
    assert all(f"\n{title}" in out for title in ("8 × 4, batch 5", "6 × 5, batch 4"))
    assert out.count("\nrbmrg paper") == out.count("\nscikit-learn") == 2
