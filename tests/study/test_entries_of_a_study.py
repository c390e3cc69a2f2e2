"""The machines of a study: an entry and seeds; those that cannot be made are refused."""

import dataclasses

import pytest

from rbmrg.machines.entries import Entry
from rbmrg.study import reading
from rbmrg.study.sections import Machine


def test_a_machine_of_a_study_is_an_entry_and_a_number_of_seeds():
    fields = {field.name: field for field in dataclasses.fields(Entry)}
    assert set(Machine.model_fields) == {*fields, "seeds"}
    for name, field in fields.items():
        of_study = Machine.model_fields[name]
        default = None if of_study.is_required() else of_study.get_default(call_default_factory=True)
        if field.default_factory is not dataclasses.MISSING:
            assert default == field.default_factory(), name
        elif field.default is not dataclasses.MISSING:
            assert default == field.default, name
        else:
            assert of_study.is_required(), name


def test_the_entry_says_what_the_machine_says(edited):
    study = reading.read(edited(("machines[0].seeds", "3"), ("machines[0].sites", "shuffled")))
    machine = study.machines[0]
    assert machine.entry == Entry(
        name="trained", L=4, training=["2.269185", "4.000000"], recipe="paper", hidden=4, sites="shuffled",
        options={"steps": 100},
    )  # fmt: skip
    assert (machine.seeds, machine.variation) == (3, None)
    assert [machine.entry.control for machine in study.machines] == ["shuffled", "untrained"]


@pytest.mark.parametrize("name", ["untrained-too", "control", "trained.2"])
def test_names_mean_nothing(edited, name):
    study = reading.read(edited(("machines[1].name", name)))
    assert study.machines[1].entry.control == "untrained"


@pytest.mark.parametrize(
    ("machine", "complaint"),
    [
        ("{name: a, L: 4, training: [Tc], recipe: paper}", "hidden: missing: must be an integer ≥ 1 for the recipe"),
        ("{name: a, L: 4, training: [Tc], recipe: exact, hidden: 32}", "hidden = 32: must not be given"),
        (
            "{name: a, L: 4, training: [Tc, 4.0], recipe: exact}",
            "training = 2.269185, 4.000000: must be one temperature",
        ),
        ("{name: a, L: 4, training: [0.0], recipe: checkerboard}", "training = 0.000000: must be one temperature > 0"),
        (
            "{name: a, L: 4, training: [Tc], recipe: exact, options: {l1: 0.1}}",
            "options = {'l1': 0.1}: must not be given",
        ),
        (
            "{name: a, L: 4, training: [Tc], recipe: exact, sites: shuffled}",
            "sites = 'shuffled': must be lattice, nothing is trained",
        ),
        (
            "{name: a, L: 4, training: [Tc], recipe: paper, hidden: [4, 2], sites: permuted}",
            "sites = 'permuted': must be lattice for a stack",
        ),
        ("{name: a, L: 4, training: [Tc], recipe: exakt}", "recipe = 'exakt': must be one of paper, "),
        ("{name: a, L: 4, training: [Tc], recipe: paper, hidden: []}", "hidden = []: must be an integer ≥ 1"),
        ("{name: a, L: 4, training: [Tc], recipe: paper, hidden: [4, 0]}", "hidden = [4, 0]: must be an integer"),
        ("{name: a, L: 4, training: [Tc], recipe: paper, hidden: 4, states: mean}", "states = 'mean': must be one of"),
        ("{name: a, L: 4, training: [Tc], recipe: convolutional, hidden: 4}", "hidden = 4: must not be given"),
        ("{name: a, L: 4, training: [Tc], recipe: convolutional, options: {size: 5}}", "options.size = 5: must be an"),
    ],
)
def test_a_machine_that_cannot_be_is_refused(problems, machine, complaint):
    (line,) = problems(("machines[1]", machine))
    assert line.removeprefix("machines[1].").startswith(complaint)


def test_a_misspelt_recipe_has_its_suggestion(problems):
    (line,) = problems(("machines[1].recipe", "exakt"))
    assert "checkerboard" in line
    assert line.endswith("did you mean exact?")


@pytest.mark.parametrize("recipe", ["checkerboard", "convolutional"])
def test_recipes_that_need_an_even_lattice_say_so(problems, recipe):
    edits = ("samples[1]", "{L: 5, temperatures: [Tc]}"), (
        "machines[1]", f"{{name: a, L: 5, training: [Tc], recipe: {recipe}}}",
    )  # fmt: skip
    assert problems(*edits)[0].startswith("machines[1].L = 5: must be even for ")


def test_stacks_and_closed_forms_are_completed(edited):
    machines = (
        "[{name: a, L: 4, training: [Tc], recipe: paper, hidden: [8, 2], states: means},"
        " {name: b, L: 4, training: [Tc], recipe: exact}]"
    )
    a, b = reading.read(edited(("machines", machines))).machines
    assert (a.hidden, a.states, b.hidden, b.states, b.options) == ([8, 2], "means", None, "sampled", {})


def test_names_of_machines_differ(problems):
    found = problems(("machines[1]", "{name: trained, L: 4, training: [Tc], recipe: paper, hidden: 4}"))
    assert found == ["machines: the name 'trained' is used more than once: must differ"]
