"""A dense machine makes one step of `exponents` if it halves its lattice, which one of odd L cannot do."""

from workflow_project import Project

STUDY = """
samples: [{L: 9, temperatures: [Tc], n: 100}, {L: 18, temperatures: [Tc], n: 100}]
machines:
  - {name: odd, L: 9, training: [Tc], recipe: paper, hidden: 16}
  - {name: even, L: 18, training: [Tc], recipe: paper, hidden: 81}
exponents: {L: 18}
"""


def test_only_machines_of_even_L_make_a_step(tmp_path):
    project = Project(tmp_path)
    jobs = project.jobs(project.run(tmp_path / "run", "-n", config=project.config(STUDY)))
    steps = [output for rule, output in jobs if rule == "renormalise_placed"]
    assert steps == ["results/tiny/tables/exponents/placed/even.csv"]
