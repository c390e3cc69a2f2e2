"""Progress: every step in the log, few lines on the terminal, the last one always."""

import pytest

from rbmrg import progress


@pytest.fixture
def clock(monkeypatch):
    """A clock the test can set."""
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    return now


def test_time_left_is_proportional_to_what_is_left(tmp_path, clock):
    report = progress.Progress("train", 4, tmp_path / "log")
    report(0)
    clock[0] += 10
    report(1, "KL = 0.5")
    report(4)
    assert (tmp_path / "log").read_text() == "train: 0/4\ntrain: 1/4, 30 s left  KL = 0.5\ntrain: 4/4\n"


def test_the_terminal_gets_a_line_in_five_seconds_and_the_last_one(capsys, clock):
    report = progress.Progress("train", 100)
    for done in range(1, 101):
        clock[0] += 1
        report(done)
    lines = capsys.readouterr().err.splitlines()
    assert lines == [f"train: {n}/100, {100 - n} s left" for n in range(5, 100, 5)] + ["train: 100/100"]


def test_a_log_starts_anew_in_a_folder_that_did_not_exist(tmp_path):
    path = tmp_path / "logs" / "train" / "seed=0.log"
    for _ in range(2):
        progress.Progress("train", 1, path)(1)
    assert path.read_text() == "train: 1/1\n"


def test_batches_pass_and_are_counted(tmp_path):
    batches = [[1, 2], [3], [4, 5]]
    assert list(progress.Progress("samples", 5, tmp_path / "log").over(iter(batches), "exact")) == batches
    assert [line.split()[1].rstrip(",") for line in (tmp_path / "log").read_text().splitlines()] == [
        "2/5",
        "3/5",
        "5/5",
    ]


def test_nothing_to_do_is_done(capsys):
    progress.Progress("train", 0)(0)
    assert capsys.readouterr().err == "train: 0/0\n"
