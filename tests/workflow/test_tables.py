"""Tables as a user finds them: one file each, every column of it described."""

from pathlib import Path

import pandas as pd
import pytest

from rbmrg.report import columns

ROOT = Path(__file__).parents[2]


def headers(results):
    """{path below `results`: names of columns} of the tables that a user is pointed to."""
    paths = [*results.glob("*.csv"), *results.glob("tables/*.csv"), *results.glob("figures/*.csv")]
    read = {str(path.relative_to(results)): list(pd.read_csv(path, nrows=0)) for path in paths}
    return {name: names for name, names in read.items() if name != "columns.csv"}


def described(results):
    """The same from the data dictionary, whose every row must have a meaning."""
    found = pd.read_csv(results / "columns.csv", keep_default_na=False)
    assert found.meaning.ne("").all(), found[found.meaning == ""]
    return {table: list(rows.column) for table, rows in found.groupby("table", sort=False)}


def test_every_column_is_described_and_no_other(study):
    results = study / "results" / "tiny"
    assert described(results) == headers(results)


def test_tables_of_several_machines_are_one_file(study):
    tables = study / "results" / "tiny" / "tables"
    for folder in (path for path in tables.iterdir() if path.is_dir() and path.name not in ("maps", "samples")):
        parts = [pd.read_csv(path) for path in folder.rglob("*.csv")]
        whole = pd.read_csv(tables / f"{folder.name}.csv")
        of_samples = tables / "samples" / f"{folder.name}.csv"
        parts += [pd.read_csv(of_samples)] if of_samples.exists() else []
        assert len(parts) >= 1
        assert len(whole) == sum(map(len, parts)), folder.name


@pytest.mark.long
def test_nothing_is_described_that_does_not_exist(project, tmp_path):
    """In a study that has every stage, and in the released calibration of errors."""
    done = project.run(tmp_path, config=project.root / "config" / "smoke.yaml")
    assert done.returncode == 0, done.stdout[-3000:]
    results = tmp_path / "results" / "smoke"
    found = headers(results)
    assert described(results) == found
    found["tables/coverage.csv"] = list(pd.read_csv(ROOT / "results/reference/calibration/coverage.csv", nrows=0))
    assert set(columns.COLUMNS) <= {columns.part(name) for names in found.values() for name in names}
    own = {(Path(table).stem, name) for table, names in found.items() for name in names}
    assert {(table, name) for table, names in columns.OWN.items() for name in names} <= own
