"""Damaged tables and figures: reading refuses them and names the file; files from elsewhere are read."""

import subprocess

import numpy as np
import pandas as pd
import pytest

from rbmrg import store
from rbmrg.report import page


@pytest.fixture
def table(tmp_path):
    """A table as jobs write it."""
    path = tmp_path / "dimensions.csv"
    store.write_table(pd.DataFrame({"machine": ["a", "b", "c"], "dimension": np.arange(3) / 7}), path)
    return path


@pytest.fixture
def figure(tmp_path):
    """A figure as jobs write it; what is in it does not matter."""
    path = tmp_path / "energy.png"
    with store.atomic(path) as temporary:
        temporary.write_bytes(bytes(range(256)))
    return path


def refused(read, path, content):
    path.write_bytes(content)
    with pytest.raises(store.CorruptFile, match=f"{path.name}: damaged or edited: delete it and run again$"):
        read(path)


def drawn(path):
    return page.figure(path, "A caption.", [])


@pytest.mark.parametrize(("name", "read"), [("table", store.read_tables), ("figure", drawn)])
def test_every_flipped_bit_and_every_cut_is_noticed(request, name, read):
    path = request.getfixturevalue(name)
    whole = path.read_bytes()
    read(path)
    for place in range(len(whole)):
        flipped = bytearray(whole)
        flipped[place] ^= 1 << place % 8
        refused(read, path, bytes(flipped))
        refused(read, path, whole[:place])
    for other in (bytes(len(whole)), whole + b"d,1\n"):
        refused(read, path, other)
    path.write_bytes(whole)
    read(path)


def test_one_of_several_tables_is_named(table, tmp_path):
    other = tmp_path / "other.csv"
    other.write_bytes(table.read_bytes())
    assert len(store.read_tables([table, other])) == 6  # the other one comes from elsewhere: nobody knows its digest
    table.write_bytes(table.read_bytes()[:-5])
    with pytest.raises(store.CorruptFile, match=r"dimensions\.csv"):
        store.read_tables([other, table])


def test_a_table_that_is_written_again_is_whole(table):
    store.write_table(pd.DataFrame({"machine": ["d"]}), table)
    assert list(store.read_tables(table).machine) == ["d"]


def test_other_tools_check_the_digest(table):
    check = ["sha256sum", "--check", "--status", f".{table.name}.sha256"]
    assert subprocess.run(check, cwd=table.parent).returncode == 0
    table.write_bytes(table.read_bytes()[:-5])
    assert subprocess.run(check, cwd=table.parent).returncode == 1
