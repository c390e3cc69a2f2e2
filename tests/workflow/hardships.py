"""Other hands, other machines and failures that a study meets: each is tried, and what came of it is said in words."""

import json
import os
import shutil
import subprocess
import sys

import numpy as np
import pytest
import xarray as xr
import yaml
from changes import module
from files import stages
from workflow_project import ROOT, Project

import rbmrg
from rbmrg import processor, store
from rbmrg.rg import RULES
from rbmrg.study import locks, reading, resources

SAMPLE = "results/tiny/samples/L=4/T=1.000000.nc"
SUFFIXES = (".nc", ".csv", ".png", ".pdf", ".html")  # logs tell how many seconds are left
SAME = "the same bytes"


def python(code, *arguments, environment=os.environ, **options):
    """What a new process does that runs `code`."""
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, **options)


# --- other hands ------------------------------------------------------------------------------------------------------

ALONE = "import sys\nsys.modules['rbmrg'] = None  # cannot be imported\n"
ANYBODY = """
import json, netCDF4, xarray
spin = xarray.open_dataset(sys.argv[1]).spin
assert (netCDF4.Dataset(sys.argv[1])["spin"][:] == spin.values).all()
print(json.dumps([spin.dims, str(spin.dtype), spin.attrs, float(spin["T"]), spin.values.tolist()]))
"""


def elsewhere(trial):
    """`xarray` and `netCDF4` read samples, without this package"""
    done = python(ALONE + ANYBODY, trial.study / SAMPLE)
    dims, *rest, spins = json.loads(done.stdout)
    assert rest == ["int8", {"long_name": "Ising spin", "units": "1"}, 1.0]
    np.testing.assert_array_equal(spins, store.load(trial.study / SAMPLE).spin)
    assert python(ALONE + "import rbmrg").returncode == 1  # the control
    return f"`spin({', '.join(dims)})` = " + {(-1, 1): "±1"}[tuple(np.unique(spins).tolist())]


def joined(trial):
    """`xarray` joins samples along their temperature"""
    files = {T: trial.study / SAMPLE.replace("1.000000", f"{T:.6f}") for T in (1.0, 2.269185, 4.0)}
    spin = xr.concat(map(xr.open_dataset, files.values()), "T", data_vars="all").spin
    assert spin["T"].values.tolist() == list(files)
    np.testing.assert_array_equal(spin.sel(T=4.0), store.load(files[4.0]).spin)
    return f"`spin({', '.join(spin.dims)})`"


def as_a_module(trial):
    """a part of the study is run by another workflow, of which this is a module"""
    module(trial, names=" as rbmrg_*", prefix=True)
    done = trial.project.run(trial.folder, "below/results/tiny/tables/machines.csv", snakefile=trial.snakefile)
    rules = [rule for rule, _ in trial.project.jobs(done)]
    assert rules == ["rbmrg_sample", "rbmrg_summarise_machines", "rbmrg_train"]
    made = trial.project.content(trial.folder / "below", ".nc", ".csv")
    assert len(made) == 3
    return SAME if made.items() <= trial.project.content(trial.study).items() else "other bytes"


def wheel(trial):
    """a wheel, installed elsewhere, in a clone without `src/`"""
    clone = Project(trial.folder)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy2(ROOT / name, clone.root / name)
    pip = [sys.executable, "-m", "pip", "--quiet"]
    # setuptools builds it, so that an index must be in reach
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", trial.folder, clone.root], check=True)
    [built] = trial.folder.glob("*.whl")
    for made in ("src", "build"):
        shutil.rmtree(clone.root / made, ignore_errors=True)
    installed = trial.folder / "installed"
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", installed, built], check=True)
    clone.environment["PYTHONPATH"] = str(installed)
    found = python("import rbmrg; print(rbmrg.__file__)", environment=clone.environment, cwd=clone.root)
    assert found.stdout.strip() == str(installed / "rbmrg" / "__init__.py")
    done = clone.run(trial.folder / "study", config=trial.project.config())
    assert done.returncode == 0, done.stdout[-3000:]
    study, other = (clone.content(folder, *SUFFIXES) for folder in (trial.study, trial.folder / "study"))
    return SAME if study == other else "other bytes"


# --- other machines ---------------------------------------------------------------------------------------------------

KERNEL = """
import sys
from rbmrg import jit
from rbmrg.jit import njit
@njit
def double(x):
    return 2 * x
print(double(1), jit._DIRECTORY, double.stats.cache_path)
"""


def compiled_elsewhere(folder, **variables):
    """What is said where a process compiles kernels for a user without a home, with these variables of the environment.

    Nothing is written into the folder of the source, and the temporary folder is gone with the process.
    """
    package = shutil.copytree(
        os.path.dirname(rbmrg.__file__), folder / "source" / "rbmrg", ignore=shutil.ignore_patterns("__pycache__")
    )
    (package.parent / "kernel.py").write_text(KERNEL)
    (folder / "cache").write_text("this is no folder")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA_CACHE", "XDG", "HOME"))}
    command = "import pwd; pwd.getpwuid = {}.__getitem__; import kernel, rbmrg.rbm.kernels"
    done = subprocess.run(
        [sys.executable, "-B", "-c", command], cwd=folder, capture_output=True, text=True, check=True,
        env=kept | {"PYTHONPATH": str(package.parent), "TMPDIR": str(folder)} | variables,
    )  # fmt: skip
    value, directory, used = done.stdout.split()
    assert (value, used, os.path.dirname(directory)) == ("2", directory, str(folder))
    assert sorted(path.name for path in folder.iterdir()) == ["cache", "source"]
    assert not list(package.parent.rglob("*.nb?"))
    assert done.stderr.count("set NUMBA_CACHE_DIR to a folder that can be written") == 1
    warnings = done.stderr.count("UserWarning: compiled kernels cannot be kept (")
    return "one warning, a temporary folder" if warnings == 1 else done.stderr


def no_home(trial):
    """no home"""
    return compiled_elsewhere(trial.folder)


def no_cache(trial):
    """no folder for compiled kernels that can be written"""
    return compiled_elsewhere(trial.folder, NUMBA_CACHE_DIR=str(trial.folder / "cache"))


def old_processor(_):
    """libraries and compiler for a processor of 2008"""
    if processor.environment() == processor.ONE_THREAD:
        pytest.skip(stages.NO_AVX2)
    here = stages.exact_arithmetic(["transfer"], 1)
    there = stages.run(stages.OLD_LIBRARIES | stages.OLD_COMPILER, "exact_arithmetic", ["transfer"], 1)
    other = stages.exact_arithmetic(["transfer"], 2)
    assert all(here[stage] != other[stage] for stage in here)  # the control: another seed
    assert {f"blocks, {name}" for name in RULES} | {"samples, transfer"} <= here.keys()
    return "the same bytes of samples and of blocks of RG rules" if here == there else "other bytes"


# As on a file system without locks: the kernel answers flock and the lock commands of fcntl with ENOLCK.
NO_LOCKS = """
import ctypes, errno, fcntl, os, platform, struct, sys

NUMBERS = {"x86_64": (73, 72), "aarch64": (32, 25)}  # of flock and fcntl
LOAD = 0x20
EQUAL = 0x15
RETURN = 0x06
ALLOW = 0x7FFF0000
REFUSE = 0x00050000 | errno.ENOLCK
flock, fcntl_ = NUMBERS[platform.machine()]
program = [  # code, jump if true, jump if false, operand
    (LOAD, 0, 0, 0), (EQUAL, 4, 0, flock), (EQUAL, 0, 4, fcntl_),
    (LOAD, 0, 0, 24), (EQUAL, 1, 0, fcntl.F_SETLK), (EQUAL, 0, 1, fcntl.F_SETLKW),
    (RETURN, 0, 0, REFUSE), (RETURN, 0, 0, ALLOW),
]
code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *line) for line in program))
filter_ = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program), ctypes.addressof(code)))
libc = ctypes.CDLL(None)
if libc.prctl(38, 1, 0, 0, 0) or libc.prctl(22, 2, filter_, 0, 0):  # no new privileges; a filter of system calls
    sys.exit(77)
for lock in (fcntl.flock, fcntl.lockf):
    try:
        with open(sys.argv[1], "rb+") as file:
            lock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        sys.exit("a file was locked")
    except OSError as error:
        assert error.errno == errno.ENOLCK, error
"""
SAVE_AND_LOAD = """
from rbmrg import store
read = store.load(sys.argv[1])
store.save_spins([read.spin.values], read.spin.shape, sys.argv[2], schema="samples", T=1.0)
store.save(read, sys.argv[2], schema="samples")
assert store.load(sys.argv[2]).equals(read)
"""


def without_locks(trial, code, **variables):
    """What a process does that runs `code` on a copy of samples, where no file can be locked."""
    sample = shutil.copy(trial.study / SAMPLE, trial.folder / "sample.nc")
    # `rbmrg.netcdf` has set the variable in this process, as it must in that one
    environment = {name: value for name, value in os.environ.items() if name != "HDF5_USE_FILE_LOCKING"} | variables
    done = python(NO_LOCKS + code, sample, trial.folder / "copy.nc", environment=environment)
    if done.returncode == 77:
        pytest.skip("this kernel lets no process filter its system calls")
    return done


def no_locks(trial):
    """a file system without locks"""
    plain = without_locks(trial, "import netCDF4\nnetCDF4.Dataset(sys.argv[1])", HDF5_USE_FILE_LOCKING="TRUE")
    assert plain.returncode == 1  # the control: HDF5 as it is
    done = without_locks(trial, SAVE_AND_LOAD)
    return done.stderr or "files are written and read"


def locks_wanted(trial):
    """the same, and somebody has asked HDF5 for locks"""
    done = without_locks(trial, SAVE_AND_LOAD, HDF5_USE_FILE_LOCKING="TRUE")
    assert done.returncode == 1
    advice = "start Python with HDF5_USE_FILE_LOCKING=FALSE"
    assert done.stderr.splitlines()[-1].endswith(advice)
    return f"an error that ends with `{advice}`"


def too_small(trial):
    """a job over its memory or time, on a batch system"""
    retries = {
        yaml.safe_load((ROOT / "workflow" / "profiles" / name / "config.yaml").read_text())["retries"]
        for name in ("slurm", "cluster-generic")
    }
    study = reading.read(yaml.safe_load(trial.project.tiny), [trial.project.tiny], "tiny")
    ask = resources.asking(study)("train")
    asked = [[ask[what](None, [SAMPLE], attempt) for attempt in (1, 2, 3)] for what in ("mem_mb", "runtime")]
    assert all(np.diff(values).min() > 0 for values in asked), asked
    [more] = retries
    return f"up to {more} more attempts, which ask for more"


# --- failures ---------------------------------------------------------------------------------------------------------


def damaged(trial):
    """a flipped bit, a cut, edited or old file"""
    whole = (trial.study / SAMPLE).read_bytes()
    file = trial.folder / "file.nc"

    def old():
        attributes = {"schema": "samples", "schema_version": 1, "content": "0" * 64}
        xr.Dataset({"spin": (("sample", "byte"), np.zeros((5, 2), np.uint8))}, attrs=attributes).to_netcdf(file)

    damages = [
        lambda: file.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:]),
        lambda: file.write_bytes(whole[:-100]),
        lambda: xr.load_dataset(trial.study / SAMPLE).assign_attrs(seed=2).to_netcdf(file),
        old,
    ]
    file.write_bytes(whole)
    store.load(file, "samples")  # the control
    for damage in damages:
        damage()
        with pytest.raises(store.CorruptFile, match=r"file\.nc: damaged, edited.*; delete it.*and run again$"):
            store.load(file, "samples")
    return "refused, with what to do"


def left_locked(folder):
    """A folder as a killed run leaves it."""
    lock = folder / ".snakemake" / "locks" / "0.output.lock"
    lock.parent.mkdir(parents=True)
    lock.write_text(f"{SAMPLE}\n")
    return folder


def locked(trial):
    """a folder that a killed run left locked"""
    folder = left_locked(trial.folder)
    done = trial.project.run(folder, SAMPLE)
    assert done.returncode == 1
    assert f"with the --unlock argument.{locks.ADVICE}\n" in done.stdout
    assert done.stdout.count(locks.ADVICE) == 1
    for arguments in (["--unlock"], [SAMPLE, "--rerun-incomplete"]):
        done = trial.project.run(folder, *arguments)
        assert done.returncode == 0
        assert locks.ADVICE not in done.stdout
    assert (folder / SAMPLE).exists()
    return "refused, with what to type, which helps"


def runs_away(trial):
    """`learning_rate: 1000.0`"""
    trial.copy_study()
    trial.configure(trial.project.tiny.replace("{steps: 100}", "{steps: 100, learning_rate: 1000.0}"))
    done = trial.project.run(trial.study, "results/tiny/machines/trained/seed=0.nc", config=trial.config)
    assert (done.returncode, "onerror" in done.stdout) == (1, False)  # the workflow has no word of its own on it
    parts = ("machine trained, seed 0: ", " at step ", "; lower learning_rate")
    assert any(all(part in line for part in parts) for line in done.stdout.splitlines()), done.stdout[-3000:]
    return "an error that names machine, step and what to lower"


HARDSHIPS = [elsewhere, joined, as_a_module, no_home, no_cache, old_processor, no_locks, locks_wanted, too_small,
             damaged, locked, runs_away, pytest.param(wheel, marks=pytest.mark.long)]  # fmt: skip
