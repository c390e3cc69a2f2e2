"""Start jobs as forks of one process that has imported what they need, in 0.04 s instead of 1.2 s.

Snakemake starts an interpreter for every script, and importing libraries was a fifth of the default study and most of a
small one.  Here it asks a server, which has imported them and this package once, to fork.  Each job is still a process
of its own, with its own script, memory, errors and benchmark.  The server ends with the Snakemake that started it, and
jobs end with the server: none is left to write files while the next run is at work.
"""

import atexit
import contextlib
import ctypes
import gc
import importlib
import os
import runpy
import signal
import socket
import subprocess
import sys
import threading
import traceback
from functools import cache

# What most jobs import, and what they import later, in functions; who needs more imports it on its own.
MODULES = (
    "matplotlib.backends.backend_agg", "matplotlib.backends.backend_pdf", "numba.core.registry", "pandas",
    "scipy.optimize", "scipy.special", "snakemake.iocontainers", "snakemake.script", "xarray",
    "rbmrg.exponents.flow_classes", "rbmrg.figures.style", "rbmrg.flows.ends", "rbmrg.flows.reading",
    "rbmrg.layers.assessment", "rbmrg.layers.readings", "rbmrg.machines.training", "rbmrg.store",
)  # fmt: skip
LONGEST = 4096  # bytes of a path
_starting = threading.Lock()


def adopt(workflow):
    """Have the Snakemake of `workflow` fork for each Python script that imports this package, and run others as before.

    So it does where a rule has an environment of its own, to which the imports of this one are of no use, and in a job
    of a batch system that is no group: it has the memory and the time of one script.
    """
    from snakemake.benchmark import benchmarked
    from snakemake.script import PythonScript

    before = PythonScript.execute_script

    def execute_script(self, fname, edit=False):
        alone = len(workflow.dag_settings.target_jobs) == 1
        if alone or "from rbmrg" not in self.source or self.conda_env or self.container_img or self.env_modules:
            return before(self, fname, edit)
        if self.bench_record is None:
            return run(os.path.abspath(fname))
        return run(os.path.abspath(fname), lambda process: benchmarked(process, self.bench_record))

    PythonScript.execute_script = execute_script


def run(script, measured=contextlib.nullcontext):
    """Run the file `script` in a process of its own, and meanwhile be in the context `measured(process number)`.

    Raises subprocess.CalledProcessError if it fails.
    """
    with _starting:
        requests = _server()
    answers, theirs = socket.socketpair()
    with theirs:
        socket.send_fds(requests, [script.encode()], [theirs.fileno()])
    with answers, answers.makefile() as lines:
        process = lines.readline()
        if not process:
            raise RuntimeError("the process that starts jobs has ended")
        with measured(int(process)):
            status = int(lines.readline() or -signal.SIGKILL)
    if status:
        raise subprocess.CalledProcessError(status, f"python {script}")


@cache
def _server():
    """The socket that takes the names of scripts, of a server that is started here."""
    requests, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
    with theirs:
        command = [sys.executable, "-P", "-m", __name__, str(theirs.fileno())]
        server = subprocess.Popen(command, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])
    atexit.register(server.wait)
    atexit.register(requests.close)  # which is called first
    return requests


def _serve(requests):
    """Fork for each request until Snakemake is gone.  Jobs are waited for: their time counts as that of Snakemake."""
    interrupted = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for Snakemake and the jobs
    _prepare()
    server = os.getpid()
    jobs = set()
    while True:
        script, answers, _, _ = socket.recv_fds(requests, LONGEST, 1)
        if not script:
            break
        job = os.fork()
        if job == 0:
            _end_with(server)
            signal.signal(signal.SIGINT, interrupted)
            _be_job(script.decode(), *answers)
        jobs.add(job)
        for descriptor in answers:
            os.close(descriptor)
        while ended := jobs and os.waitpid(-1, os.WNOHANG)[0]:
            jobs.remove(ended)
    for job in jobs:  # of a Snakemake that was killed; others have ended, or are about to
        os.kill(job, signal.SIGKILL)
    for job in jobs:
        os.waitpid(job, 0)


def _end_with(server):
    """Let the system kill this process when the process `server` ends."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG of Linux
    if os.getppid() != server:  # it has ended already
        os._exit(1)


def _prepare():
    """Import everything, and what numba reads before the first kernel, which takes as long."""
    for name in MODULES:
        with contextlib.suppress(Exception):  # a job that needs it will say what is wrong
            importlib.import_module(name)
    target = sys.modules["numba.core.registry"].cpu_target
    target.typing_context.refresh()
    target.target_context.refresh()
    gc.collect()
    gc.freeze()  # or the collector of each job would copy all of this


def _be_job(script, answers):
    """Run `script`; tell the number of this process before, and its exit status after."""
    status = 1
    try:
        os.write(answers, b"%d\n" % os.getpid())
        sys.argv = [script]
        runpy.run_path(script, run_name="__main__")
        status = 0
    except BaseException:  # noqa: BLE001  (as an interpreter does)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(answers, b"%d\n" % status)
        os._exit(status)  # to take the interpreter apart would take longer than to fork


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
