"""Runs that are interrupted or killed: the same command goes on, and gives the bytes of a run from nothing."""

import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

STUDY = """
samples: [{L: 4, temperatures: [1.0, Tc], n: N}]
machines:
  - {name: trained, L: 4, training: [Tc], recipe: paper, hidden: 4, options: {steps: 20}}
"""
TARGETS = ["results/tiny/tables/machines.csv", "results/tiny/tables/observables.csv"]
KILLS = 12  # of each kind


class Run:
    """A run of Snakemake in a process group of its own, as from a shell."""

    def __init__(self, project, directory, config):
        self.said = []
        self.process = subprocess.Popen(
            project.command(directory, *TARGETS, config=config), env=project.environment, cwd=project.root, text=True,
            start_new_session=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # a shell's background ignores it
        )  # fmt: skip

    def listen(self, lines):
        """Until it has said so many lines, or all it says."""
        while len(self.said) < lines and (line := self.process.stdout.readline()):
            self.said.append(line)

    def end(self):
        """Wait until all its processes have ended → exit code of Snakemake, all that was said."""
        with self.process:
            self.listen(10**6)
        return self.process.returncode, "".join(self.said)

    def job(self):
        """The numbers of a job at work and of the process that has forked it, once there is one."""
        while self.process.poll() is None:
            for server in children(self.process.pid):
                for job in children(server):
                    return job, server
            time.sleep(0.002)
        raise ProcessLookupError


def children(process):
    with suppress(FileNotFoundError, ProcessLookupError):  # it has ended
        listed = [file.read_text() for file in Path(f"/proc/{process}/task").glob("*/children")]
        return [int(child) for child in " ".join(listed).split()]
    return []


def group(how, times=1):
    """Signal the run and all its processes, as the terminal does for Ctrl-C."""

    def kill(run):
        for _ in range(times):
            os.killpg(run.process.pid, how)
            time.sleep(0.05 * (times - 1))

    return kill


KINDS = {
    "`kill -9` of all processes of a run": group(signal.SIGKILL),
    "`kill -9` of Snakemake alone": lambda run: os.kill(run.process.pid, signal.SIGKILL),
    "`kill -9` of a job": lambda run: os.kill(run.job()[0], signal.SIGKILL),
    "`kill -9` of the process that forks jobs": lambda run: os.kill(run.job()[1], signal.SIGKILL),
    "Ctrl-C": group(signal.SIGINT),
    "Ctrl-C twice": group(signal.SIGINT, times=2),
    "`kill` of Snakemake, which waits for its jobs": lambda run: os.kill(run.process.pid, signal.SIGTERM),
    "`kill` of all processes of a run": group(signal.SIGTERM),
    "an interrupt of one job": lambda run: os.kill(run.job()[0], signal.SIGINT),
}


@pytest.fixture(scope="session")
def undisturbed(project, tmp_path_factory):
    """Two configurations of one study, each with the bytes that it gives from nothing."""
    found = []
    for n in (100, 120):
        config = project.config(STUDY.replace("N", str(n)), f"kills{n}/tiny")
        directory = tmp_path_factory.mktemp("undisturbed")
        assert len(project.jobs(project.run(directory, *TARGETS, config=config))) == 5
        found.append((config, project.content(directory, ".nc", ".csv")))
    assert found[0][1].keys() == found[1][1].keys()
    return found


def is_killed(run, kind):
    """Kill it unless it has ended."""
    with suppress(ProcessLookupError):
        KINDS[kind](run)
        return True
    return False


def go_on(project, directory, config, expected):
    """The same command."""
    done = project.run(directory, *TARGETS, config=config)
    assert done.returncode == 0, done.stdout[-5000:]
    assert project.content(directory, ".nc", ".csv") == expected


@pytest.mark.parametrize("kind", ["Ctrl-C", "`kill -9` of Snakemake alone"])
def test_the_same_command_goes_on(project, undisturbed, tmp_path, kind):
    config, expected = undisturbed[0]
    run = Run(project, tmp_path, config)
    run.job()
    assert is_killed(run, kind)
    code, _ = run.end()
    assert code != 0
    assert project.content(tmp_path, ".nc", ".csv") != expected
    go_on(project, tmp_path, config, expected)


@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_the_same_command_goes_on_after_a_kill_at_any_moment(project, undisturbed, tmp_path, kind, row):
    """From nothing, and in a study that was finished with another parameter."""
    draw = random.Random(kind)
    kills = 0
    lines = 60
    while kills < KILLS:
        directory = tmp_path / str(kills // 3)
        config, expected = undisturbed[kills % 2]
        run = Run(project, directory, config)
        run.listen(draw.randrange(lines))
        time.sleep(0.1 * draw.random())
        kills += is_killed(run, kind)
        run.end()
        go_on(project, directory, config, expected)
    row(f"{kind}, {kills} times, then the same command", "the same bytes")


@pytest.mark.long
@pytest.mark.parametrize("kind", ["Ctrl-C", "`kill -9` of all processes of a run"])
@pytest.mark.parametrize("wait_for", ["machines/trained/*.nc", "figures/*.png"])
def test_the_whole_study_killed_and_begun_again_gives_the_same_bytes(
    project, study, tmp_path, monkeypatch, kind, wait_for
):
    monkeypatch.setattr("test_kills.TARGETS", [])
    run = Run(project, tmp_path, project.config())
    while not list(tmp_path.glob(f"results/tiny/{wait_for}")):
        run.listen(len(run.said) + 1)
    assert is_killed(run, kind)
    run.end()
    go_on(project, tmp_path, project.config(), project.content(study, ".nc", ".csv"))
