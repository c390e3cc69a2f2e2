"""The line on the terminal: made-up messages of Snakemake, and a clock that the test sets."""

import io
import logging
from types import SimpleNamespace

import pytest
from snakemake.logging import logger
from snakemake.settings.types import ResourceSettings
from snakemake_interface_logger_plugins.common import LogEvent

from rbmrg.study import terminal


class Screen(io.StringIO):
    def __init__(self, lives):
        super().__init__()
        self.lives = lives

    def isatty(self):
        return self.lives


@pytest.fixture
def clock(monkeypatch):
    now = SimpleNamespace(monotonic=lambda: now.time, time=0.0)
    monkeypatch.setattr(terminal, "time", now)
    return now


@pytest.fixture
def shown(monkeypatch, clock, tmp_path):
    """A function: a Terminal on a new screen, whose thread does not run."""
    monkeypatch.setattr(terminal.threading, "Thread", lambda **_: SimpleNamespace(start=lambda: None))
    takes = {str(tmp_path / f"{number}.log"): seconds for number, seconds in enumerate((9.0, 9.0, 1.0, 1.0))}
    return lambda lives=True: terminal.Terminal(logging.StreamHandler(Screen(lives)), takes, 2)


def tell(handler, event=None, text="", level=logging.INFO, **facts):
    handler.handle(
        logging.makeLogRecord({"msg": text, "levelno": level, **facts, **({"event": LogEvent[event]} if event else {})})
    )


def begin(handler, tmp_path):
    tell(handler, "RUN_INFO", "Job stats:", stats={"train": 2, "figure": 2, "total": 4})
    for number, rule in enumerate(("train", "train", "figure", "figure")):
        log = tmp_path / f"{number}.log"
        tell(handler, "JOB_INFO", "rule …", jobid=number, rule_name=rule, wildcards={"seed": number}, log=[str(log)])


def end(handler, job):
    tell(handler, "JOB_FINISHED", f"Finished jobid: {job}", job_id=job)
    tell(handler, "PROGRESS", done=handler.done + 1, total=4)


def test_time_left_is_that_of_the_work_left(shown, clock, tmp_path):
    """Of 2 × 9 and 2 × 1 seconds of work for two cores; then 9 are done, after 600: (9 + 120) / 660 in a second."""
    handler = shown()
    begin(handler, tmp_path)
    assert handler.line() == "0 of 4 jobs done, 10 s left: train seed=0"
    clock.time = 600.0
    end(handler, 0)
    (tmp_path / "1.log").write_text("train: 0/4\ntrain: 1/4, 30 s left\n")
    assert handler.line() == "1 of 4 jobs done, 56 s left: train: 1/4, 30 s left"


def test_a_silent_first_job_that_compiles_does_not_make_hours_of_seconds(shown, clock, tmp_path):
    """After 49 s in which a job of one second ended; before, this was 19 × 49 s."""
    handler = shown()
    begin(handler, tmp_path)
    clock.time = 49.0
    end(handler, 2)
    assert handler.line().startswith("1 of 4 jobs done, 17 s left")


def test_nothing_of_the_chatter_is_printed_and_all_else_is(shown, tmp_path):
    handler = shown()
    begin(handler, tmp_path)
    for text in ("Select jobs to execute...", "Execute 2 jobs...", "Using shell: /bin/sh"):
        tell(handler, text=text)
    tell(handler, "WORKFLOW_STARTED", "Snakemake version")
    assert handler.stream.getvalue() == ""
    handler._show("1 of 4 jobs done")
    tell(handler, "ERROR", "the disk is full", logging.ERROR)
    assert handler.stream.getvalue() == f"{terminal.ERASE}1 of 4 jobs done{terminal.ERASE}the disk is full\n"


def test_the_end_stays_on_the_screen(shown, clock, tmp_path):
    handler = shown(lives=False)
    begin(handler, tmp_path)
    for job in range(4):
        clock.time += 50
        end(handler, job)
    assert handler.stream.getvalue() == "4 of 4 jobs done in 3 min\n"
    assert handler.ended.is_set()


def test_the_line_is_no_longer_than_the_terminal(shown, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    handler = shown()
    handler._show("x" * 50)
    assert handler.stream.getvalue() == terminal.ERASE + "x" * 19


@pytest.mark.parametrize(("seconds", "text"), [(0.4, "0 s"), (99, "99 s"), (150, "2 min"), (7200, "2.0 h")])
def test_durations_are_said_as_readers_say_them(seconds, text):
    assert terminal.duration(seconds) == text


SETTINGS = dict.fromkeys(("dryrun", "quiet", "verbose", "printshellcmds", "debug_dag"))


@pytest.mark.parametrize("asked", [None, *SETTINGS])
def test_whoever_asks_for_more_or_less_gets_snakemake_itself(monkeypatch, asked):
    own = logging.StreamHandler(Screen(True))
    own.name = "DefaultStreamHandler"
    monkeypatch.setattr(logger, "handlers", [own])
    settings = SimpleNamespace(**SETTINGS | ({asked: True} if asked else {}))
    manager = SimpleNamespace(settings=settings)
    terminal.take_over(SimpleNamespace(logger_manager=manager, resource_settings=ResourceSettings(cores=2)), {})
    (handler,) = logger.handlers
    assert (handler is own) == bool(asked)
    assert handler.name == "DefaultStreamHandler"
