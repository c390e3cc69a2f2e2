"""Flows at snapshots of the training: each is that of the machine at this snapshot, with its own stream."""

from functools import partial

import numpy as np

from rbmrg import rbm, rng, sampling
from rbmrg.flows import during_training, fixed_points, gibbs
from rbmrg.lattice import energy
from rbmrg.machines import weights

L = 4
STEPS = [0, 1, 3, 6]
MACHINES = [rbm.exact_machine(L, T) for T in (5.0, 3.0, 2.5)]
COURSE = weights.dataset(list(zip([0, 10, 20], MACHINES, strict=True)), {})


def test_every_snapshot_of_the_training_has_its_own_flow():
    starts = {T: sampling.sample(L, T, 50, rng=1) for T in (0.0, 5.9)}
    stream = partial(rng.stream, "course", 1, "some", 0)
    told = []
    found = during_training.follow(
        COURSE, starts, STEPS, stream, {"machine": "some", "seed": 0}, lambda *remark: told.append(remark)
    )
    assert list(found)[:3] == ["machine", "seed", "training_step"]
    assert found.training_step.tolist() == [0, 10, 20]
    for index, machine in enumerate(MACHINES):
        generator = stream(index)
        E = np.array([energy(gibbs.run(machine, spins, STEPS, generator)) for spins in starts.values()])
        point = fixed_points.fixed_point(E, [0.0, 5.9], STEPS, L)
        expected = {"machine": "some", "seed": 0, "training_step": 10 * index} | point
        np.testing.assert_equal(found.iloc[index].to_dict(), expected)
        assert told[index] == (index + 1, f"T = {point['T']:.4f}({point['T_error']:.4f})")
