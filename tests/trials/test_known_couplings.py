"""Known answers of C8 and C9: no verdict is wrong, and machines have the Hamiltonians that their cases say."""

import numpy as np
import pytest

from rbmrg import operators
from rbmrg.exponents import couplings as fitted
from rbmrg.trials import couplings
from rbmrg.trials.summary import summaries


def stream(*key):
    return np.random.default_rng((3, *key))


def judge(replicas, monkeypatch, n, blocks):
    monkeypatch.setattr(couplings, "N", n)
    monkeypatch.setattr(couplings, "BLOCKS_N", blocks)
    return couplings.judge(replicas, stream)


def check(rows, wanted):
    known, power = summaries(rows)
    assert (known.wrong_share == 0).all(), known.to_string()
    assert (power.wrong_share == 0).all(), power.to_string()
    truths, distances = couplings.known()
    assert set(known.case) == set(truths) - set(distances)
    assert set(power.case) == set(distances)
    assert (known.set_index("case").right_share[wanted] == 1).all()


SURE = ["the Ising model", "a field", "next-nearest neighbours, too", "neighbours 10 % too weak", "untrained",
        "decimation by √2 at Tc", "decimation by √2 at 2", "decimation by √2 at 2.6"]  # fmt: skip


def test_no_verdict_on_known_couplings_is_wrong(monkeypatch):
    check(judge(2, monkeypatch, 4000, 500), SURE)


@pytest.mark.long
def test_verdicts_on_known_couplings_are_right_with_as_many_configurations_as_in_a_study(monkeypatch):
    blocks = [f"blocks of {rule} at {T}" for rule in couplings.RULES for T in ("2", "2.6")]
    check(judge(10, monkeypatch, couplings.N, couplings.BLOCKS_N), [*SURE, *blocks])


def test_a_machine_has_the_hamiltonian_of_its_case():
    """Over all configurations alike: those of its bonds, whose mean is exact."""
    case = couplings.Learned({"nn": 0.4, "nnn": 0.05}, False, field=0.02, scatter=0.2)
    rng = np.random.default_rng(5)
    machine = couplings.bonded(6, case, rng)
    assert machine.W.shape == (36, 4 * 36)
    spins = rng.choice(np.array([-1, 1], np.int8), (20_000, 6, 6))
    rows = fitted.of(machine, spins).set_index("operator")
    expected = {"nn": 0.4, "nnn": 0.05, "field": 0.02, "third": 0, "knight": 0, "plaquette": 0}
    for name, value in expected.items():
        assert abs(rows.coupling[name] - value) < 5 * rows.error[name], name
    assert rows.unexplained.nn > 0.01
    plain = couplings.bonded(6, case._replace(scatter=0.0), rng)
    S = operators.sums(spins[:100], ["nn", "nnn", "field"]) @ [0.4, 0.05, 0.02]
    assert np.ptp(S + plain.free_energy(spins[:100])) < 1e-4
