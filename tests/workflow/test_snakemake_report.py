"""Snakemake's own report of a finished study: figures by category, with captions and labels, the matrix first."""

import re
import zipfile

import pytest


@pytest.mark.long
def test_the_matrix_is_the_first_thing_in_it(project, copied):
    done = project.run(copied, "--report", "report.zip")
    assert done.returncode == 0, done.stdout[-3000:]
    with zipfile.ZipFile(copied / "report.zip") as archive:
        page = archive.read("report/report.html").decode()
    first = re.search(r'var categories = \{"(\w+)": \{"\w+": \["([^"]+)", "([^"]+)"', page)
    assert first.groups() == ("Claims", "results/tiny/figures/answers.png", "results/tiny/claims.csv")
    for label in ('{"figure": "fixed points", "shows": "C1"}', '{"figure": "dimensions", "shows": "C3, C4"}'):
        assert f'"labels": {label}' in page
    assert "every dot would lie on the solid grey line" in page
