"""Jobs as forks: each is a process of its own, its end is told as it was, and no server outlives its Snakemake."""

import json
import os
import select
import signal
import subprocess
import sys
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from snakemake.script import PythonScript

from rbmrg.study import forks

# As a shell has it for what runs in its background.
UNHEARD = pytest.mark.skipif(signal.getsignal(signal.SIGINT) is signal.SIG_IGN, reason="interrupts are ignored here")


@pytest.fixture
def told(tmp_path):
    """`told(text)`: run a script of this text as a fork; what its function `tell` was given comes back."""
    path = tmp_path / "said.json"

    def run(text, measured=None):
        script = tmp_path / "script.py"
        tell = f"import json, os, sys\ntell = lambda *values: open({str(path)!r}, 'w').write(json.dumps(values))\n"
        script.write_text(f"{tell}{text}\n")
        forks.run(str(script), *([measured] if measured else []))
        return json.loads(path.read_text())

    return run


def test_a_job_is_a_process_of_its_own(told):
    first = told("tell(os.getpid(), os.getppid(), __name__, sys.argv); import numpy; numpy.pi = 3")
    second = told("import numpy; tell(os.getpid(), os.getppid(), numpy.pi)")
    assert first[0] != second[0]
    assert first[1] == second[1] != os.getpid()
    assert first[2] == "__main__"
    assert len(first[3]) == 1
    assert second[2] != 3


def test_the_libraries_of_all_jobs_are_there_before_it_begins(told):
    [missing] = told(f"tell([name for name in {forks.MODULES} if name not in sys.modules])")
    assert not missing
    [others] = told("tell([name for name in ('sklearn', 'torch') if name in sys.modules])")
    assert not others


def test_a_measurement_is_of_the_process_of_the_job(told):
    seen = []

    @contextmanager
    def measured(process):
        seen.append(process)
        yield
        seen.append("end")

    assert [*told("tell(os.getpid())", measured), "end"] == seen


@pytest.mark.parametrize(
    ("end", "status"),
    [
        ("raise ValueError('what is wrong')", 1),
        pytest.param("import signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(5)", 1, marks=UNHEARD),
        ("os.kill(os.getpid(), 9)", -9),
    ],
)
def test_a_job_that_fails_raises(told, end, status):
    with pytest.raises(subprocess.CalledProcessError) as raised:
        told(end)
    assert raised.value.returncode == status
    assert told("tell(1)") == [1]  # the next one does not


PLAIN = {"source": "from rbmrg import rng", "conda_env": None, "container_img": None, "env_modules": None}


@pytest.mark.parametrize(
    ("changed", "call"),
    [
        ({"targets": ["a", "b"], "bench_record": None}, ("fork", 0)),  # of a group
        ({"targets": ["a"]}, "before"),  # of a batch system
        ({"bench_record": None}, ("fork", 0)),
        ({"bench_record": object()}, ("fork", 1)),
        ({"source": "import numpy"}, "before"),
        ({"conda_env": "envs/other.yaml"}, "before"),
        ({"container_img": "docker://other"}, "before"),
        ({"env_modules": "other"}, "before"),
    ],
)
def test_only_scripts_of_this_package_and_environment_are_forks(changed, call, monkeypatch):
    calls = []
    monkeypatch.setattr(PythonScript, "execute_script", lambda self, name, edit=False: calls.append("before"))
    monkeypatch.setattr(forks, "run", lambda script, *measured: calls.append(("fork", len(measured))))
    settings = SimpleNamespace(target_jobs=changed.get("targets", ()))
    forks.adopt(SimpleNamespace(dag_settings=settings))
    PythonScript.execute_script(SimpleNamespace(**PLAIN | changed), "/a.py")
    assert calls == [call]


FAILING = """import os
print(os.getppid(), flush=True)
raise ValueError('what is wrong')
"""
OWNER = """
import subprocess, sys
from rbmrg.study import forks
try:
    forks.run(sys.argv[1])
except subprocess.CalledProcessError:
    print("failed", flush=True)
input()
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_job_that_fails_says_why_and_where_and_no_server_outlives_its_snakemake(tmp_path, how):
    script = tmp_path / "script.py"
    script.write_text(FAILING)
    command = [sys.executable, "-c", OWNER, str(script)]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, text=True, **pipes) as process:
        server = os.pidfd_open(int(process.stdout.readline()))
        assert process.stdout.readline() == "failed\n"
        process.send_signal(how)
        said = process.stderr.read()
    ended, _, _ = select.select([server], [], [], 10)
    os.close(server)
    assert ended
    assert "ValueError: what is wrong" in said
    assert f'File "{script}", line 3' in said


SLEEPING = """import os, time
print(os.getpid(), os.getppid(), flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("victim", ["Snakemake", "server"])
def test_no_job_outlives_its_snakemake_or_its_server(tmp_path, victim):
    """It would write files while the next run is at work."""
    script = tmp_path / "script.py"
    script.write_text(SLEEPING)
    command = [sys.executable, "-c", OWNER, str(script)]
    pipes = dict.fromkeys(("stdin", "stdout"), subprocess.PIPE)
    with subprocess.Popen(command, text=True, **pipes) as process:
        job, server = map(int, process.stdout.readline().split())
        at_work = os.pidfd_open(job)
        os.kill(process.pid if victim == "Snakemake" else server, signal.SIGKILL)
        ended, _, _ = select.select([at_work], [], [], 10)
        os.close(at_work)
        assert ended
