"""Snakemake and the scripts of its jobs without their start-up: forks of one process that has imported the libraries.

Each is a process of its own with its own environment, as from a shell, and loads the code under test anew.  Only the
libraries are there already, whose imports take most of the time of a dry run and of a small job, and what Python's
parser says to the sources.  `.ci/run`, and tests that kill or install, start everything as users do.
"""

import ast
import atexit
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from importlib import import_module
from pathlib import Path

LIBRARIES = (
    "docutils.core", "fontTools.subset", "jinja2", "matplotlib.backends.backend_pdf", "matplotlib.pyplot", "nbformat",
    "netCDF4", "numba.core.registry", "pandas", "pydantic", "scipy.optimize", "scipy.special",
    "sklearn.neural_network", "smart_open", "snakemake.cli", "snakemake.executors.local", "xarray", "yte",
)  # fmt: skip


class Server:
    """The process that is forked; it ends when the process that made it does."""

    def __init__(self, environment):
        self.folder = tempfile.TemporaryDirectory()
        self.address = str(Path(self.folder.name) / "socket")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.address)
        listener.listen(64)
        command = [sys.executable, __file__, str(listener.fileno())]
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, pass_fds=[listener.fileno()], start_new_session=True
        )
        listener.close()

    def snakemake(self, arguments, environment, folder):
        """Run Snakemake in `folder` → subprocess.CompletedProcess with all it says in `stdout`."""
        with tempfile.TemporaryFile("w+") as said:
            asked = {"call": "snakemake", "arguments": arguments, "folder": str(folder), "environment": environment}
            status = _ask(self.address, asked, said.fileno())
            said.seek(0)
            return subprocess.CompletedProcess(arguments, status, said.read())

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.folder.cleanup()


def _ask(address, asked, output, started=None):
    """Have the server run what is `asked`, with its output in a file descriptor → exit status."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        socket.send_fds(connection, [json.dumps(asked | {"address": address}).encode() + b"\n"], [output])
        with connection.makefile("r") as answers:
            pid = int(answers.readline())
            with started(pid) if started else memoryview(b""):
                return int(answers.readline())


def _serve(listener):
    """Fork for each request until the process that made this one is gone."""
    import select

    for name in LIBRARIES:
        import_module(name)
    import numba

    numba.njit(lambda x: x)(1)  # the first function brings numba's registries
    import_module("snakemake.cli").get_argument_parser()  # the first one looks for plugins
    _parse_once()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while sys.stdin not in (ready := select.select([listener, sys.stdin], [], [])[0]):
        if listener in ready:
            connection, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _keep(connection)
            connection.close()


def _parse_once():
    """Keep the syntax trees of all sources, a seventh of a dry run: they follow from the bytes alone."""
    parse = ast.parse
    sources = {path.read_bytes() for path in Path(__file__).parents[1].glob("[sw]*/**/*.py")}  # src, workflow
    trees = {source: parse(source) for source in sources}
    ast.parse = lambda source, *how, **named: (
        (not how and not named and trees.get(source)) or parse(source, *how, **named)
    )


def _keep(connection):
    """Run what is asked in a child, and tell its process number and its exit status."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    data, [output], _, _ = socket.recv_fds(connection, 2**20, 1)
    while not data.endswith(b"\n"):
        data += connection.recv(2**20)
    child = os.fork()
    if child == 0:
        connection.close()
        _run(json.loads(data), output)
    connection.sendall(f"{child}\n".encode())
    _, status = os.waitpid(child, 0)
    connection.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())
    os._exit(0)


def _run(asked, output):
    """Be the process that is asked for."""
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    sys.path[:1] = asked["environment"].get("PYTHONPATH", "").split(os.pathsep)
    status = 1
    try:
        if asked["call"] == "snakemake":
            _be_snakemake(asked["arguments"], asked["address"])
        else:
            runpy.run_path(asked["call"], run_name="__main__")
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  (as an interpreter does)
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _be_snakemake(arguments, address):
    """`python -m snakemake`, which has its scripts run by the server."""
    from snakemake import cli, script
    from snakemake.benchmark import benchmarked

    def execute(self, cmd, fname, **_):
        asked = {"call": str(fname), "folder": os.getcwd(), "environment": dict(os.environ)}
        started = (lambda pid: benchmarked(pid, self.bench_record)) if self.bench_record is not None else None
        if status := _ask(address, asked, 2, started):
            raise subprocess.CalledProcessError(status, cmd)

    script.PythonScript._execute_cmd = execute
    import_module("rbmrg.study.forks").adopt = lambda workflow: None
    sys.argv = ["snakemake", *arguments]
    cli.main(arguments)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
