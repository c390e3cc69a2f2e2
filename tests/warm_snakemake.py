"""Snakemake without its start-up: each call is a fork of one process that has imported what Snakemake imports.

A call is a process of its own with its own environment, as from a shell, and loads the code under test anew; only the
libraries are there already, which take half of the time of a dry run.
"""

import multiprocessing
import os
import subprocess
import sys
import tempfile
from pathlib import Path

LIBRARIES = ("snakemake.cli", "snakemake.executors.local", "numba", "pandas", "pydantic", "warm_snakemake")
_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(list(LIBRARIES))


def run(arguments, environment, folder):
    """Run Snakemake in `folder` → subprocess.CompletedProcess with all it says in `stdout`."""
    with tempfile.NamedTemporaryFile() as said:
        process = _CONTEXT.Process(target=_call, args=(arguments, environment, folder, said.name))
        process.start()
        process.join()
        return subprocess.CompletedProcess(arguments, process.exitcode, Path(said.name).read_text())


def _call(arguments, environment, folder, said):
    """What `python -m snakemake` does, in a process that is ready."""
    with open(said, "wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.path[:0] = environment["PYTHONPATH"].split(os.pathsep)
    sys.argv = ["snakemake", *arguments]
    from snakemake import cli

    cli.main(arguments)
