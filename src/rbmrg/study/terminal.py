"""One line on the terminal that lives, in place of Snakemake's twenty for each job, which are in its log file."""

import logging
import shutil
import threading
import time
from pathlib import Path
from typing import NamedTuple

from snakemake.logging import logger

PRIOR = 60.0  # seconds of the pace that was estimated are added to what is seen: the first jobs compile kernels
EVERY = {True: 1.0, False: 30.0}  # seconds between two lines: on a terminal, elsewhere
ERASE = "\r\x1b[K"
QUIET = ("WORKFLOW_STARTED", "RESOURCES_INFO", "JOB_STARTED", "SHELLCMD", "GROUP_INFO")
CHATTER = ("Assuming unrestricted", "Using shell", "Select jobs", "Execute ", "Finished jobid", "Group jobs")


class Job(NamedTuple):
    """A job that runs: its rule, what it makes, and the log whose last line says how far it is."""

    rule: str
    of: str
    log: str

    def step(self):
        """What it is at: the last line of its log, or else the rule and what it is of."""
        path = Path(self.log)
        lines = path.read_text(errors="replace").splitlines() if self.log and path.is_file() else []
        return lines[-1] if lines else f"{self.rule} {self.of}".strip()


class Terminal(logging.Handler):
    """Between Snakemake and its handler `printer`: it keeps what every job says, and shows the line instead.

    `seconds`: {log file of a job: what it takes}, and `cores`, which do so at once, are for the time that is left.
    """

    def __init__(self, printer, seconds, cores):
        super().__init__(printer.level)
        self.name = printer.name
        self.printer = printer
        self.seconds = seconds
        self.cores = cores
        self.stream = printer.stream
        self.lives = self.stream.isatty()
        self.running = {}
        self.waiting = 0.0  # seconds of work, of one core
        self.worked = 0.0
        self.done = 0
        self.total = 0
        self.shown = ""
        self.ended = threading.Event()

    def emit(self, record):
        event = getattr(record, "event", None)
        heed = getattr(self, f"_{event.name.lower()}", None) if event else None
        if heed:
            heed(record)
        elif not (event and event.name in QUIET) and not str(record.msg).startswith(CHATTER):
            self._print(record)

    def close(self):
        self.ended.set()
        with self.lock:
            self._erase()
        self.printer.close()
        super().close()

    def _run_info(self, record):
        """All jobs, before the first begins (and again, with what is left, after an error)."""
        if self.total:
            return
        self.total = record.stats["total"]
        self.waiting = sum(self.seconds.values())
        self.began = time.monotonic()
        threading.Thread(target=self._live, daemon=True).start()

    def _job_info(self, record):
        wildcards = " ".join(f"{name}={value}" for name, value in (record.wildcards or {}).items())
        self.running[record.jobid] = Job(record.rule_name, wildcards, str(*record.log[:1]))

    def _job_finished(self, record):
        job = self.running.pop(record.job_id, None)
        takes = self.seconds.get(job.log, 0.0) if job else 0.0
        self.waiting -= takes
        self.worked += takes

    def _job_error(self, record):
        self.running.pop(record.jobid, None)
        self._print(record)

    def _progress(self, record):
        self.done = record.done
        self.total = record.total
        if self.done == self.total:
            self._erase()
            took = duration(time.monotonic() - self.began)
            self.stream.write(f"{self.done} of {self.total} jobs done in {took}\n")
            self.ended.set()

    def _live(self):
        """Show the line until the run is over."""
        while not self.ended.wait(EVERY[self.lives]):
            with self.lock:
                self._show(self.line())

    def line(self):
        """The line: jobs done and all, time left, and the step of the job that has run longest."""
        spent = time.monotonic() - self.began
        pace = (self.worked + PRIOR * self.cores) / (spent + PRIOR)
        step = next((f": {job.step()}" for job in self.running.values()), "")
        return f"{self.done} of {self.total} jobs done, {duration(self.waiting / pace)} left{step}"

    def _show(self, line):
        if self.lives:
            width = shutil.get_terminal_size().columns - 1
            self.stream.write(f"{ERASE}{line[:width]}")
        else:
            self.stream.write(f"{line}\n")
        self.stream.flush()
        self.shown = line

    def _print(self, record):
        self._erase()
        self.printer.handle(record)

    def _erase(self):
        if self.lives and self.shown:
            self.stream.write(ERASE)
        self.shown = ""


def duration(seconds):
    """`seconds` as a reader says them."""
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 6000 else f"{seconds / 3600:.1f} h"


def take_over(workflow, seconds):
    """Put the line in the place of the messages of Snakemake, unless it is asked for more or less of them than usual.

    `seconds`: as of `Terminal`; it may be filled later.
    """
    settings = workflow.logger_manager.settings
    asked = (settings.dryrun, settings.quiet, settings.verbose, settings.printshellcmds, settings.debug_dag)
    if any(asked):
        return
    for handler in list(logger.handlers):
        if handler.name == "DefaultStreamHandler":
            logger.removeHandler(handler)
            asked = workflow.resource_settings
            logger.addHandler(Terminal(handler, seconds, asked.nodes or asked.cores or 1))
