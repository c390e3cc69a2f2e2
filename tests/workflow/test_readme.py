"""README's examples, done as it says: lines for a notebook; a new RG rule is one file and its name in two lines."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from rbmrg import exact, rbm, sampling, store
from rbmrg.exact import TC
from rbmrg.lattice import energy

ROOT = Path(__file__).parents[2]
RULES_ONLY = """
samples: [{L: 4, temperatures: [Tc], n: 400}]
rg: {L: 4, rules: [average, majority], layers: 1, calibration: 100}
"""


def block(document, title):
    """The first lines of Python after `title` in a document."""
    section = (ROOT / document).read_text().partition(title)[2]
    return re.search(r"```python\n(.*?)```", section, re.S)[1]


def test_the_lines_for_a_notebook_run(tmp_path, monkeypatch):
    """Those of README, then those of CONTRIBUTING, which go on from there: with less data and few steps.

    What they return has the shapes that their comments say.
    """
    code = block("README.md", "In a notebook") + block("CONTRIBUTING.md", "## Doors")
    path = Path(re.search(r'store.load\("(.*?)"\)', code)[1])
    (tmp_path / path).parent.mkdir(parents=True)
    spins = sampling.sample(10, TC, 100, rng=1)
    store.save_spins([spins], spins.shape, tmp_path / path, schema="samples", L=10, T=TC)
    monkeypatch.chdir(tmp_path)
    for long, short in {
        "n=20_000": "n=2000",
        'recipe="best"': 'recipe="best", steps=60',
        'recipe="paper"': 'recipe="paper", steps=60',
        "[2.269185]))": "[2.269185]), chains=50, temperatures=100)",
    }.items():
        assert long in code
        code = code.replace(long, short)
    names = {}
    exec(code, names)
    assert names["u"] == pytest.approx(-1.4762, abs=1e-4)
    assert names["blocks"].shape == (2000, 5, 5)
    assert names["hidden"].shape == (2000, 9, 9)
    assert names["fields"].shape == (4, 81, 10, 10)
    assert [layer.W.shape for layer in names["layers"]] == [(100, 81), (81, 16)]
    assert np.isfinite(names["distance"].kl)
    data = exact.log_mixture(energy(names["fresh"]), 10, [TC])
    perfect = rbm.kl(names["perfect"], names["fresh"], data, chains=50, temperatures=100)
    assert perfect.kl == pytest.approx(0, abs=1e-9)


def test_the_tree_is_the_tree():
    """README's tree names every package and every module of the package's own, and nothing else of src/."""
    readme = (ROOT / "README.md").read_text()
    tree = re.search(r"^src/rbmrg/ (.*?)```", readme, re.S | re.M)[1]
    package = ROOT / "src" / "rbmrg"
    shared, stages = tree.partition("\n  sampling")[::2]
    named = {word for line in shared.splitlines() for word in re.split(r"  +", line.strip())[0].split()}
    assert named == {path.stem for path in package.glob("*.py")} - {"__init__"} | {"exact"}
    folders = {path.parent.name for path in package.glob("*/__init__.py")} - {"exact"}
    assert set(re.findall(r"(\w+)/", "sampling" + stages)) == folders


def test_the_paths_in_the_documents_exist():
    texts = [(ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md")]
    paths = {path for text in texts for path in re.findall(r"`((?:src|workflow|tests|config|envs)/[\w/.-]+)`", text)}
    paths |= {f"src/rbmrg/{path}" for path in re.findall(r"`((?!tests)\w+/\w+\.py)`", texts[1])}  # as it says there
    missing = {path for path in paths if not (ROOT / path).exists()}
    assert len(paths) > 30
    assert missing == {"src/rbmrg/rg/cornered.py"}  # the example


def test_readme_is_short():
    lines = (ROOT / "README.md").read_text().splitlines()
    assert len(lines) <= 120
    assert not [line for line in lines if len(line) > 100]


@pytest.fixture(scope="module")
def example(project, tmp_path_factory):
    """A copy of the project with the example in it: (project, name of the rule)."""
    copy = type(project)(tmp_path_factory.mktemp("readme"), project.server)
    readme = (ROOT / "README.md").read_text()
    path, code = re.search(r"`(src/rbmrg/rg/\w+\.py)`:\n\n```python\n(.*?)```", readme, re.S).groups()
    assert not (copy.root / path).exists()
    (copy.root / path).write_text(code)
    rule = Path(path).stem
    registry = copy.root / "src" / "rbmrg" / "rg" / "__init__.py"
    text = registry.read_text()
    for line in ("from rbmrg.rg import average, ", "for rule in (average, "):
        assert text.count(line) == 1
        text = text.replace(line, line.replace("average, ", f"average, {rule}, "))
    registry.write_text(text)
    return copy, rule


def run_tests_of(rule, copy):
    """Run the tests that every rule must pass with the `copy` of the project, for one rule, up to the first failure."""
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-x",
        "-n",
        "0",
        "--assert=plain",
        "-p",
        "no:cacheprovider",
        "tests/rg",
        "-k",
        rule,
    ]
    return subprocess.run(command, env=copy.environment, cwd=ROOT, capture_output=True, text=True)


def test_the_new_rule_passes_the_tests_that_every_rule_passes(example):
    copy, rule = example
    done = run_tests_of(rule, copy)
    assert done.returncode == 0, done.stdout[-3000:]
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 10


def test_the_new_rule_comes_out_of_the_workflow(example, tmp_path):
    copy, rule = example
    config = copy.config(RULES_ONLY.replace("rules: [average", f"rules: [average, {rule}"))
    done = copy.run(
        tmp_path,
        "results/tiny/tables/map_statistics.csv",
        f"results/tiny/tables/layer_temperatures/rules/{rule}.csv",
        config=config,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    statistics = pd.read_csv(tmp_path / "results/tiny/tables/map_statistics.csv").set_index("source")
    assert statistics.loc[rule].query("of == 'field' and statistic == 'coverage'")["mean"].item() > 0.9
    readings = pd.read_csv(tmp_path / f"results/tiny/tables/layer_temperatures/rules/{rule}.csv")
    assert set(readings.layer) == {0, 1}


def test_a_rule_that_breaks_the_symmetry_is_caught(example):
    """The control: the tests of every rule are not passed by anything."""
    copy, rule = example
    path = copy.root / "src" / "rbmrg" / "rg" / f"{rule}.py"
    right = path.read_text()
    path.write_text(right + "\n\nright = apply\n\n\ndef apply(spins, rng):\n    return -right(spins, rng)\n")
    done = run_tests_of(rule, copy)
    path.write_text(right)
    assert done.returncode == 1
    assert "failed" in done.stdout
