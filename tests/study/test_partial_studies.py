"""A study may be any part of the chain: what a section needs is asked for, and nothing else."""

import pytest
import yaml

from rbmrg.study import reading

SAMPLES = "samples: [{L: 4, temperatures: [0.0, 1.0, Tc, 4.0], n: 400}]"
MACHINES = "machines: [{name: a, L: 4, training: [Tc], recipe: paper, hidden: 4}]"
THERMOMETERS = "thermometers: {L: 4, temperatures: [0.0, 1.0, Tc, 4.0]}"
FLOWS = "flows: {starts: [0.0, Tc], n: 80}"
RG = "rg: {L: 4, layers: 1}"
COUPLINGS = "couplings: {L: 4, layers: 1}"
EXPONENTS = "exponents: {L: 8}"
ABLATION = "ablation: {base: a, vary: {l1: [0.1]}}"


def read(*sections):
    return reading.read(yaml.safe_load("\n".join(sections)))


@pytest.mark.parametrize(
    "sections",
    [
        [],
        [MACHINES],
        [THERMOMETERS],
        [RG],
        [MACHINES, RG],
        [MACHINES, THERMOMETERS],
        [THERMOMETERS, RG],
        [MACHINES, THERMOMETERS, FLOWS],
        [MACHINES, RG, ABLATION],
        [COUPLINGS],
        [MACHINES, COUPLINGS],
        [EXPONENTS],
    ],
    ids=lambda sections: "+".join(section.partition(":")[0] for section in sections) or "samples",
)
def test_parts_that_stand_alone(sections):
    study = read(SAMPLES, *sections)
    there = {section.partition(":")[0] for section in sections}
    for name in ("thermometers", "flows", "rg", "ablation", "couplings", "exponents"):
        assert (getattr(study, name) is not None) == (name in there)
    assert bool(study.machines) == ("machines" in there)
    assert set(study.described()) == {"name", "seed", "samples"} | there
    assert bool(study.ablations) == ("ablation" in there)


def test_sections_without_machines_need_none_of_their_size():
    read(SAMPLES, RG, MACHINES.replace("L: 4, training: [Tc]", "L: 4, training: [1.0]"))
    read("samples: [{L: 4, temperatures: [Tc]}, {L: 8, temperatures: [Tc]}]", MACHINES, "rg: {L: 8}")


def test_an_empty_section_has_its_defaults():
    sixty = "samples: [{L: 10, temperatures: [{from: 0.0, to: 5.9, step: 0.1}, Tc]}, {L: 32, temperatures: [Tc]}]"
    machine = "machines: [{name: a, L: 10, training: [Tc], recipe: exact}]"
    study = read(sixty, machine, "thermometers: {}", "flows: {}", "rg: {}", "exponents: {}")
    assert study.described()["exponents"] == {
        "L": 64, "n": 40_000, "rules": ["majority", "decimation"], "dial": [],
    }  # fmt: skip
    assert len(study.thermometers.temperatures) == 60
    assert study.thermometers.temperatures[::59] == ["0.000000", "5.900000"]
    assert study.described()["thermometers"] | {"temperatures": None} == {
        "L": 10, "temperatures": None, "hidden": 80, "epochs": 20, "seeds": 1,
    }  # fmt: skip
    assert study.described()["flows"] == {
        "starts": ["0.000000", "1.000000", "2.269185", "3.000000", "5.900000"], "length": 1000, "n": 1000,
        "training_seeds": 1,
    }  # fmt: skip
    assert study.described()["rg"] == {
        "L": 32, "T": "2.269185", "rules": ["average", "majority"], "layers": 2, "temperatures": ["2.269185"],
        "calibration": 3000,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sections", "expected"),
    [
        ([FLOWS, MACHINES], ["flows: must be given with `thermometers`, which read them"]),
        ([FLOWS, THERMOMETERS], ["machines: none has L = 4: must have one at thermometers.L, for the flows"]),
        ([MACHINES, ABLATION], ["ablation: must be given with `rg`, whose rules its machines are compared with"]),
        ([RG, ABLATION], ["ablation: must be given with `machines`, one of which it varies"]),
        (
            [MACHINES.replace("name: a", "name: majority")],
            ["machines: name = 'majority': must be another name: an RG rule has it, and tables name both"],
        ),
        (
            ["trials: {verdicts: 5}"],
            ["trials.verdicts = 5: must be given with `flows`, `rg`, `couplings` or `exponents`, or be 0"],
        ),
        (["flows:"], ["flows = None: must be a mapping"]),
        (["machines:"], ["machines = None: must be a list"]),
        (
            ["ablation: {}"],
            ["ablation.base: missing: must be the name of a", "ablation.vary: missing: must be a map"],
        ),
        ([FLOWS, "thermometers: 3", MACHINES], ["thermometers = 3: must be a mapping"]),
        ([FLOWS, THERMOMETERS, "machines: 3"], ["machines = 3: must be a list"]),
        ([MACHINES, "rg: 3", ABLATION], ["rg = 3: must be a mapping"]),
        (["machines: 3", RG, ABLATION], ["machines = 3: must be a list"]),
    ],
)
def test_what_a_section_needs_is_asked_for_once(sections, expected):
    with pytest.raises(reading.ConfigError) as caught:
        read(SAMPLES, *sections)
    _, *lines = str(caught.value).splitlines()
    assert len(lines) == len(expected)
    assert all(line.startswith(f"  - {start}") for line, start in zip(lines, expected, strict=True))


def test_flows_need_the_critical_point_and_thermometers_do_not():
    three = "{L: 4, temperatures: [0.0, 1.0, 4.0]}"
    parts = [f"samples: [{three}]", f"thermometers: {three}"]
    read(*parts)
    with pytest.raises(reading.ConfigError) as caught:
        read(*parts, "machines: [{name: a, L: 4, training: [1.0], recipe: exact}]", "flows: {starts: [0.0, 1.0]}")
    assert str(caught.value).splitlines()[1:] == [
        "  - thermometers.L = 4: must be a size at which Tc = 2.269185 is in `samples` "
        "(sampled there: 0.000000 … 4.000000, 3 temperatures)"
    ]
