"""Both profiles of batch systems on a Slurm of one node that is started here: what befalls jobs, daemons and runs.

It runs where the programs of Slurm, the extra `slurm` and a minute or two for each trial are: with RBMRG_SLURM=1.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from slurm_node import INSTALLED, Node
from workflow_project import ROOT, Project

SUFFIXES = (".nc", ".csv", ".png", ".pdf", ".html")
SAME = "the same bytes"
PATIENCE = 1200  # seconds for a run
SMOKE = ROOT / "config" / "smoke.yaml"
TRAINED = "results/tiny/machines/trained/seed=0.nc"
FOLLOWED = "results/tiny/flows/trained/seed=0.nc"  # two jobs of a batch system: samples; training and flow
QUICKER = {
    "slurm": ["--slurm-init-seconds-before-status-checks", "2", "--max-status-checks-per-second", "0.5"],
    "cluster-generic": ["--seconds-between-status-checks", "2"],
}
# What happens once, to the first job that trains: `sitecustomize` is imported by every Python.
HARM = """
import os, time
if b".train.py" in open("/proc/self/cmdline", "rb").read() and not os.path.exists({mark!r}):
    {once}
    {harm}
"""
ONCE = "open({mark!r}, 'w').close()"

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif("RBMRG_SLURM" not in os.environ, reason="RBMRG_SLURM is not set"),
]


@pytest.fixture(scope="module")
def node(tmp_path_factory):
    assert INSTALLED
    with Node(tmp_path_factory.mktemp("slurm")) as started:
        yield started


class Trial:
    """A copy of the project with a run of its tiny study by a profile, on a node that things happen to."""

    def __init__(self, node, profile, folder, config=None):
        self.node = node
        self.profile = profile
        self.project = Project(folder)
        self.folder = self.project.root  # profiles name files below the folder in which Snakemake is started
        self.config = config or self.project.config()
        self.environment = self.project.environment | node.environment
        self.said = folder / "said"
        self.run = None

    def start(self, *arguments):
        """Start the run that makes FOLLOWED, or with other `arguments`."""
        options = ["--profile", f"workflow/profiles/{self.profile}", *QUICKER[self.profile]]
        targets = arguments or [FOLLOWED]  # first: --configfile takes all that follow
        python = ["env", "--default-signal=INT", sys.executable]  # Ctrl-C, even if the tests are in the background
        command = [*python, "-m", "snakemake", *targets, *options, "--configfile", str(self.config)]
        with self.said.open("a") as said:
            self.run = subprocess.Popen(
                command, cwd=self.folder, env=self.environment, stdout=said, stderr=subprocess.STDOUT
            )

    def wait_for(self, what):
        """Wait until `what()` is true, and return it."""
        for _ in range(PATIENCE):
            if found := what():
                return found
            assert self.run.poll() is None, self.text[-3000:]
            time.sleep(0.5)
        raise TimeoutError(self.text[-3000:])

    def job(self):
        """The number of a job whose script runs: it has the processes of both Snakemakes, and more."""

        def running():
            return [job for job in self.node.jobs("RUNNING") if self.scripts(job)]

        return self.wait_for(running)[0]

    def scripts(self, job):
        """The processes of a job that run a script of the workflow, or that fork to do so."""
        found = []
        for process in self.node.processes(job):
            try:
                command = Path(f"/proc/{process}/cmdline").read_text()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if ".snakemake/scripts/" in command or "rbmrg.study.forks" in command:
                found.append(process)
        return found

    def end(self):
        """The exit code of the run."""
        return self.run.wait(PATIENCE)

    @property
    def text(self):
        return self.said.read_text()

    def harm(self, what, once=True):
        """Have the first training (or each one) do `what`."""
        folder = self.folder.parent / "site"
        folder.mkdir()
        mark = str(folder / "done")
        code = HARM.format(mark=mark, once=ONCE.format(mark=mark) if once else "", harm=what)
        (folder / "sitecustomize.py").write_text(code)
        self.environment["PYTHONPATH"] = f"{folder}:{self.environment['PYTHONPATH']}"


@pytest.fixture(params=["slurm", "cluster-generic"])
def trial(request, node, tmp_path):
    pytest.importorskip(f"snakemake_executor_plugin_{request.param.replace('-', '_')}")
    started = Trial(node, request.param, tmp_path)
    yield started
    if started.run.poll() is None:
        started.run.send_signal(signal.SIGINT)
        started.run.wait(60)


@pytest.fixture
def check(trial, study, row):
    """`check(what)` ends the trial: its files must have the bytes of a local run, and its row is printed."""

    def compare(what):
        assert trial.end() == 0, trial.text[-5000:]
        expected, found = (Project.content(folder, *SUFFIXES) for folder in (study, trial.folder))
        assert FOLLOWED.removeprefix("results/") in found
        assert found.items() <= expected.items()
        row(f"`{trial.profile}`: {what}", SAME)

    return compare


@pytest.fixture(scope="module")
def smoke(project, tmp_path_factory):
    """The directory of a smoke study that was made without a batch system."""
    directory = tmp_path_factory.mktemp("smoke")
    done = project.run(directory, config=SMOKE)
    assert done.returncode == 0, done.stdout[-5000:]
    return directory


def test_the_smoke_study_has_the_same_bytes_in_few_jobs(trial, smoke, row):
    trial.config = SMOKE
    trial.start("all")
    assert trial.end() == 0, trial.text[-5000:]
    expected, found = (Project.content(folder, *SUFFIXES) for folder in (smoke, trial.folder))
    assert found.keys() == expected.keys()
    assert [name for name in found if found[name] != expected[name]] == []
    assert len(re.findall(r"[Ss]ubmitted", trial.text)) <= 12
    row(f"`{trial.profile}`: the smoke study", SAME)


def test_a_job_is_cancelled(trial, check):
    trial.start()
    job = trial.job()
    trial.node.ask("scancel", job)
    check("`scancel` of a job")
    assert "Trying to restart" in trial.text


def test_a_process_of_a_job_is_killed(trial, check):
    trial.start()
    os.kill(trial.scripts(trial.job())[-1], signal.SIGKILL)
    check("`kill -9` of the process of a job")


def test_the_daemon_of_the_node_is_killed(trial, check):
    trial.start()
    trial.job()
    trial.node.kill("slurmd")
    time.sleep(5)
    trial.node.start("slurmd")
    check("slurmd killed, and started again")


def test_the_controller_does_not_answer(trial, check):
    """For half a minute, in which `squeue` and `scontrol` fail: neither is a job lost nor given up."""
    trial.start()
    trial.job()
    trial.node.kill("slurmctld")
    time.sleep(30)
    trial.node.start("slurmctld")
    check("`squeue` and `scontrol` fail for 30 s")
    assert "Trying to restart" not in trial.text


def test_the_run_is_killed_and_repeated(trial, check):
    """Its jobs go on meanwhile; the next run starts them once more, and they write the same bytes."""
    trial.start()
    trial.job()
    trial.run.kill()
    trial.run.wait()
    assert trial.node.jobs()
    trial.start("--unlock")
    assert trial.end() == 0
    trial.start()
    check("`kill -9` of Snakemake, `--unlock`, the same command")


def test_ctrl_c_and_the_same_command(trial, check):
    trial.start()
    trial.job()
    trial.run.send_signal(signal.SIGINT)
    assert trial.end() != 0
    time.sleep(5)
    assert not trial.node.jobs()
    trial.start()
    check("Ctrl-C, the same command")


TOO_LONG = "time.sleep(600)"
TOO_LARGE = "rows = bytearray(3 * 10**9); rows[::4096] = b'x' * len(rows[::4096]); time.sleep(600)"


def ask_for_a_minute(trial):
    source = trial.folder / "src" / "rbmrg" / "study" / "resources.py"
    text = source.read_text()
    assert '"train": (9, 3, 0)' in text
    source.write_text(text.replace('"train": (9, 3, 0)', '"train": (9, 0.5, 0)'))


@pytest.mark.parametrize(("harm", "what"), [(TOO_LONG, "time"), (TOO_LARGE, "memory")], ids=["time", "memory"])
def test_a_job_over_its_limits_gets_more(trial, row, harm, what):
    ask_for_a_minute(trial)
    trial.harm(harm)
    trial.start(TRAINED)
    assert trial.end() == 0, trial.text[-5000:]
    assert (trial.folder / TRAINED).exists()
    asked = re.findall(r"rule train:\n(?: {8}.*\n)*? {8}resources: (.*)\n", trial.text)
    first, second = ([int(re.search(rf"\b{name}=(\d+)", one)[1]) for name in ("mem_mb", "runtime")] for one in asked)
    assert second == [2 * number for number in first]
    row(f"`{trial.profile}`: a job over its {what}", "tried again with twice as much")


def test_a_job_over_its_time_at_the_last_attempt_ends_with_one_line(trial, row):
    ask_for_a_minute(trial)
    trial.harm(TOO_LONG, once=False)
    trial.start(TRAINED, "--retries", "0")
    assert trial.end() == 1
    lines = [line for line in trial.text.splitlines() if "--retries 5" in line]
    assert len(lines) == 1, trial.text[-3000:]
    assert re.search(r"ended with TIMEOUT|ran out of time", lines[0])
    row(f"`{trial.profile}`: a job over its time at the last attempt", "one line says what to type")
