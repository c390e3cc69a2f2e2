"""Shared samples, drawn once: tests that use them share their statistical fluctuations, and none may change them."""

import os
import sys
from pathlib import Path

import pytest

# One thread a process, before numpy: workers are the parallelism, and two threads are slower on matrices this small.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
# Kernels that a study in this folder has compiled are those of the tests.
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(__file__).parents[1] / ".snakemake" / "numba"))
# Hundreds of processes import the same files: each must find them compiled, whatever the shell says.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


CONTRIBUTING = (Path(__file__).parents[1] / "CONTRIBUTING.md").read_text()


@pytest.fixture
def row(record_property):
    """A function that takes the cells of a row of CONTRIBUTING's tables: the row must be there, and is printed."""

    def compare(*cells):
        text = f"| {' | '.join(cells)} |"
        record_property("row of the table", text)
        assert text in CONTRIBUTING.splitlines()

    return compare


def pytest_terminal_summary(terminalreporter):
    """Print the rows of CONTRIBUTING's tables that were measured."""
    reports = terminalreporter.getreports("passed") + terminalreporter.getreports("failed")
    for row in (value for report in reports for key, value in report.user_properties if key == "row of the table"):
        terminalreporter.write_line(row)


@pytest.fixture(scope="session")
def spins_tc():
    """200 000 perfect configurations at L = 10 and Tc, read-only."""
    from rbmrg import exact, sampling  # not above: the process that only hands out tests needs no numba

    spins = sampling.sample(10, exact.TC, 200_000, rng=11)
    spins.flags.writeable = False
    return spins


@pytest.fixture(scope="session")
def blocks_tc(spins_tc):
    """Their two-point functions, in 4000 blocks that a test may merge."""
    from rbmrg import correlators

    return correlators.measure(spins_tc, 4000)


@pytest.fixture(scope="session")
def measured_tc(blocks_tc):
    """The same, in as many blocks as usual."""
    from rbmrg import correlators

    return blocks_tc.coarsen(block=4000 // correlators.BLOCKS).mean()
