"""A copy of the project that tests may edit, while others use the original, and its tiny study."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from rbmrg import jit

ROOT = Path(__file__).parents[1]
# Every stage of the chain, nothing twice.
TINY = """
samples: [{L: 4, temperatures: [1.0, Tc, 4.0], n: 400}]
machines:
  - {name: trained, L: 4, training: [Tc], recipe: paper, hidden: 4, options: {steps: 100}}
thermometers: {L: 4, temperatures: [1.0, Tc, 4.0], hidden: 4, epochs: 1}
flows: {starts: [1.0, Tc], length: 2, n: 80}
rg: {L: 4, rules: [average, majority], layers: 1, calibration: 100}
"""


class Project:
    """A copy of the project below `folder`, and its studies; a `warm_snakemake.Server` runs them if there is one."""

    tiny = TINY

    def __init__(self, folder, server=None, times=True):
        self.folder = folder
        self.server = server
        self.root = folder / "project"
        copy_file = shutil.copy2 if times else shutil.copy
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        for name in ("Snakefile", "workflow", "config", "src"):
            self.root.mkdir(parents=True, exist_ok=True)
            if (ROOT / name).is_file():
                copy_file(ROOT / name, self.root / name)
            else:
                shutil.copytree(ROOT / name, self.root / name, ignore=ignored, copy_function=copy_file)
        self.environment = os.environ | {
            "PYTHONPATH": str(self.root / "src"), "NUMBA_CACHE_DIR": str(folder / "numba"), "COLUMNS": "500",
        }  # fmt: skip
        # What is compiled for one project is there for all, as long as their kernels are the same.
        cache = Path(jit.cache_directory())
        (folder / "numba").mkdir()
        (folder / "numba" / cache.name).symlink_to(cache)

    def config(self, text=TINY, name="tiny"):
        """The path of a configuration with content `text`."""
        path = self.folder / f"{name}.yaml"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        return path

    def command(self, directory, *arguments, config=None, snakefile=None, cores=2, python=sys.executable):
        command = [python, "-m", "snakemake", "-s", snakefile or self.root / "Snakefile", "--directory", directory]
        study = [] if snakefile else ["--configfile", config or self.config()]
        # so that Snakemake announces each job
        return [str(part) for part in (*command, *study, "--cores", cores, "--printshellcmds", *arguments)]

    def run(self, directory, *arguments, **options):
        """Snakemake in `directory`: its exit code and all it says."""
        python, _, _, *rest = self.command(directory, *arguments, **options)
        if self.server and python == sys.executable:
            return self.server.snakemake(rest, self.environment, self.root)
        return subprocess.run(
            [python, "-m", "snakemake", *rest], env=self.environment, cwd=self.root, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    @staticmethod
    def jobs(done):
        """(rule, first output) of every job that a run of Snakemake announced; the run must have ended well."""
        assert done.returncode == 0, done.stdout[-5000:]
        found = re.findall(
            r"^(?:local)?rule (\w+):\n(?:    (?:input|output): .*\n)*?    output: ([^,\n]+)", done.stdout, re.M
        )
        return sorted(found)

    @staticmethod
    def content(directory, *suffixes):
        """The bytes of files with one of `suffixes`, or any, below `directory`/results; none hidden, no timings.

        Times are also a section of the report, which is left out.
        """
        results = Path(directory, "results")
        files = {str(path.relative_to(results)): path for path in results.rglob("*") if path.is_file()}
        shown = {name: path for name, path in files.items() if "/." not in name and "/benchmarks/" not in name}
        found = {name: path.read_bytes() for name, path in shown.items() if not suffixes or path.suffix in suffixes}
        times = re.compile(rb'<section id="times">.*?</section>', re.S)
        return {name: times.sub(b"", data) if name.endswith(".html") else data for name, data in found.items()}
