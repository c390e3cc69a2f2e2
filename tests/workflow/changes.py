"""Changes of a project, of its environment and of a study that is finished: what may and what must run again."""

import os
import re
import shutil

import yaml
from workflow_project import ROOT, Project

RULE = '"""A copy of another."""\n\nfrom rbmrg.rg.majority import apply  # noqa: F401\n\nNAME, FACTOR = "other", 2\n'


class Trial:
    """A finished study that a trial may change: its project, its folder, its configuration."""

    def __init__(self, project, study, folder):
        self.project = project
        self.study = study
        self.folder = folder
        self.config = None
        self.snakefile = None
        self.changed = []
        self.times = {file: file.stat().st_mtime_ns for file in project.root.rglob("*.py")}

    def copy_study(self):
        self.study = shutil.copytree(self.study, self.folder / "study")

    def copy_project(self):
        """A fresh clone in another folder, whose files are new."""
        self.project = Project(self.folder / "clone", self.project.server, times=False)

    def configure(self, text):
        self.config = self.project.config(text, f"{self.folder.name}/tiny")

    def edit(self, name, *changes):
        """Replace texts in a file of the project, until the trial is over."""
        path = self.project.root / name
        text = path.read_text()
        self.changed.append((path, text))
        for old, new in changes:
            assert old in text
            text = text.replace(old, new, 1)
        path.write_text(text)

    def write(self, name, text):
        path = self.project.root / name
        self.changed.append((path, None))
        path.write_text(text)

    def sources(self):
        """The names of all Python files of the project that jobs may run."""
        files = [*self.project.root.glob("src/**/*.py"), *self.project.root.glob("workflow/scripts/*.py")]
        return [file.relative_to(self.project.root) for file in files]

    def undo(self):
        for path, text in reversed(self.changed):
            path.unlink() if text is None else path.write_text(text)
        for file, time in self.times.items():
            os.utime(file, ns=(time, time))  # or all kernels would be compiled again


def nothing(trial):
    """nothing"""


def moved(trial):
    """the study is copied to another folder"""
    trial.copy_study()


def cloned(trial):
    """`results/` is put into a fresh clone with another environment"""
    trial.copy_project()
    trial.copy_study()
    shutil.rmtree(trial.study / ".snakemake")


def touched(trial):
    """`touch` of every source, or another branch and back"""
    for file in trial.project.root.rglob("*"):
        os.utime(file)


def clock(trial):
    """the clock was off: the times of all results are in disorder"""
    trial.copy_study()
    files = [file for file in sorted(trial.study.glob("results/**/*")) if file.is_file()]
    for index, file in enumerate(files):
        time = 1e9 + 7919 * index % 1009
        os.utime(file, (time, time))


def comments(trial):
    """a comment and a docstring in every module and script"""
    for name in trial.sources():
        trial.edit(name, ('"""', '"""Edited.  '), ("\n", "\n\n# A comment.\n"))


def order(trial):
    """keys of the study in another order, defaults written out"""
    study = yaml.safe_load(trial.project.tiny)
    study["seed"] = 1
    study["samples"][0]["algorithm"] = "auto"
    study["machines"][0]["options"] |= {"batch": 100, "learning_rate": 1e-3}
    study["machines"][0]["seeds"] = 1
    backwards = {key: value for key, value in reversed(study.items())}
    backwards["machines"] = [dict(reversed(machine.items())) for machine in study["machines"]]
    trial.configure(yaml.safe_dump(backwards, sort_keys=False))


def recipe(trial):
    """a recipe is registered"""
    trial.edit("src/rbmrg/rbm/recipes.py", ("RECIPES = {\n", 'RECIPES = {\n    "other": Recipe(batch=7),\n'))


def rule(trial):
    """an RG rule is registered"""
    trial.write("src/rbmrg/rg/other.py", RULE)
    names = (", rescaled, ", ", other, rescaled, "), (", rescaled)", ", rescaled, other)")
    trial.edit("src/rbmrg/rg/__init__.py", *names)


def sampler(trial):
    """a sampler is registered"""
    shutil.copy(trial.project.root / "src/rbmrg/sampling/wolff.py", trial.project.root / "src/rbmrg/sampling/other.py")
    trial.changed.append((trial.project.root / "src/rbmrg/sampling/other.py", None))
    names = (" multispin,", " multispin, other,"), ("ALGORITHMS = {\n", 'ALGORITHMS = {\n    "other": other,\n')
    trial.edit("src/rbmrg/sampling/__init__.py", *names)


CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()
MODULE = re.search(r"```python\n(.*?)```", CONTRIBUTING.partition("## Installations")[2], re.S)[1]  # as it says there


def module(trial, names="", prefix=False):
    """the workflow is a module of another, `use rule * from rbmrg`"""
    places = {"config/mine.yaml": trial.project.config(), "…/workflow": trial.project.root / "workflow"}
    text = MODULE.replace(" as rbmrg_*", names)
    for place, path in places.items():
        assert place in text
        text = text.replace(place, str(path))
    trial.snakefile = trial.folder / "Snakefile"
    trial.snakefile.write_text(text if prefix else re.sub("    prefix: .*\n", "", text))


def renamed(trial):
    """the same, `as rbmrg_*`"""
    module(trial, names=" as rbmrg_*")


def prefixed(trial):
    """the same with `prefix: "below"`, and `results/` in that folder"""
    module(trial, prefix=True)
    shutil.copytree(trial.study / "results", trial.folder / "study" / "below" / "results")
    trial.study = trial.folder / "study"


def study_code(trial):
    """the check of studies is edited"""
    trial.edit("src/rbmrg/study/checks.py", ("_CHECKS = []", "_CHECKS = [][:]"))


def temperature(trial):
    """a temperature is added"""
    trial.configure(trial.project.tiny.replace("temperatures: [1.0", "temperatures: [3.0, 1.0", 1))


def seeds(trial):
    """`seeds: 2` for a machine of one seed"""
    trial.configure(trial.project.tiny.replace("recipe: paper", "recipe: paper, seeds: 2"))


def sample(trial):
    """a file of configurations is deleted"""
    trial.copy_study()
    (trial.study / "results/tiny/samples/L=4/T=1.000000.nc").unlink()


def flow(trial):
    """a flow is deleted"""
    trial.copy_study()
    (trial.study / "results/tiny/flows/trained/seed=0.nc").unlink()


def learning_rate(trial):
    """a recipe of the study is edited"""
    trial.edit("src/rbmrg/rbm/recipes.py", ('"paper": Recipe()', '"paper": Recipe(learning_rate=2e-3)'))


def recipe_elsewhere(trial):
    """the same, and `results/` is put into a fresh clone"""
    cloned(trial)
    learning_rate(trial)


def majority(trial):
    """an RG rule is edited"""
    trial.edit("src/rbmrg/rg/majority.py", ("(signs == 0, coins, signs)", "(signs == 0, coins, -signs)"))


def steps(trial):
    """the code of all coarse graining is edited"""
    trial.edit("src/rbmrg/rg/steps.py", ("factor and shape[-1]", "factor and spins.shape[-1]"))


def script(trial):
    """a script is edited"""
    trial.edit("workflow/scripts/observe.py", ("from rbmrg", "import os\nfrom rbmrg"))


def template(trial):
    """the template of the report is edited"""
    trial.edit("src/rbmrg/report/page.html.jinja", ("\n", "\n\n"))


def colour(trial):
    """the colours of figures are edited"""
    trial.edit("src/rbmrg/figures/style.py", ("#0072B2", "#0072B3"))


def caption(trial):
    """a caption is edited"""
    trial.edit("workflow/report/energy.rst", ("\n", "\n\n"))


CHANGES = [nothing, moved, cloned, touched, clock, comments, order, recipe, rule, sampler, study_code, module, renamed,
           prefixed, temperature, seeds, sample, flow, learning_rate, recipe_elsewhere, majority, steps, script, colour,
           caption, template]  # fmt: skip
