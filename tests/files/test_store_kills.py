"""Writers that are killed or interrupted: a file under its final name is whole, and no job hangs."""

import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pytest
import xarray as xr

from rbmrg import netcdf, store

WRITER = """
import itertools, os, sys
from pathlib import Path
import numpy as np, xarray as xr
from rbmrg import store
values = np.random.default_rng(1).integers(0, 2**15, 200_000).astype(np.int16)

def write(path, k, how):
    data = xr.Dataset({"a": ("x", values + np.int16(k))})
    if how == "atomic":
        store.save(data, path, schema="test", k=k)
    else:
        data.attrs["k"] = k
        data.to_netcdf(path, encoding={"a": {"zlib": True, "complevel": 1}})

for how in ("atomic", "plain"):
    write(Path(sys.argv[1]) / f"{how}.nc", 0, how)  # what a first file imports takes longer than what follows
for line in sys.stdin:
    how, folder = line.rstrip().split(" ", 1)
    if child := os.fork():
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
    else:
        for k in itertools.count():
            for name in ("same", k):
                write(Path(folder) / f"{name}.nc", k, how)
"""


@pytest.fixture
def killed_writer(tmp_path):
    """A function that has a process write `same.nc` again and again, and `0.nc`, `1.nc`, … in between, in a folder.

    The process is killed after some seconds; the files are returned.
    """
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writers:

        def write(folder, how, seconds):
            folder.mkdir()
            print(how, folder, file=writers.stdin, flush=True)
            writer = int(writers.stdout.readline())
            time.sleep(seconds)
            os.kill(writer, signal.SIGKILL)
            assert int(writers.stdout.readline()) == -signal.SIGKILL
            return sorted(folder.glob("*.nc"))

        yield write
        writers.stdin.close()


def is_whole(path, load):
    try:
        found = load(path)
        first = np.random.default_rng(1).integers(0, 2**15, 200_000).astype(np.int16)
        return np.array_equal(found["a"].values, first + np.int16(found.attrs["k"]))
    except (OSError, KeyError, RuntimeError, ValueError):
        return False


DELAYS = [0.11, 0.37, 0.71]


def test_a_killed_writer_leaves_whole_files_only(tmp_path, killed_writer, parts):
    """And the control: files written straight to their names are found broken after the same kills."""
    unfinished = broken = 0
    for index, seconds in enumerate(DELAYS):
        files = killed_writer(tmp_path / f"atomic{index}", "atomic", seconds)
        unfinished += len(parts(tmp_path / f"atomic{index}"))
        assert all(is_whole(path, store.load) for path in files if not path.name.startswith("."))
        files = killed_writer(tmp_path / f"plain{index}", "plain", seconds)
        broken += sum(not is_whole(path, xr.load_dataset) for path in files)
    assert unfinished > 0
    assert broken > 0


@pytest.mark.parametrize("moment", ["os.fsync", "os.replace"])
def test_a_writer_killed_before_the_file_has_its_name_leaves_what_was_there(file, moment, parts):
    """The two moments at which the new content is complete but not yet in its place."""
    before = file.read_bytes()
    code = f"""
        import os, signal
        from pathlib import Path
        from rbmrg import store
        {moment} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
        with store.atomic({str(file)!r}) as temporary:
            Path(temporary).write_text("new")
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], capture_output=True)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert file.read_bytes() == before
    assert len(parts(file.parent)) == 1


def test_what_a_killed_writer_left_does_not_disturb_the_next(file, dataset, parts):
    """Whatever process it was; what others are writing to the same folder stays."""
    for name in (f".file.{os.getpid()}.part.nc", ".file.1.part.nc", ".file.4194303.part.nc"):
        shutil.copy(file, file.with_name(name))
    others = [".file.1.part.csv", ".file.b.1.part.nc", ".files.1.part.nc"]
    for name in others:
        shutil.copy(file, file.with_name(name))
    store.save(dataset(2), file, schema="samples")
    assert store.load(file).W.equals(dataset(2).W)
    assert sorted(parts(file.parent)) == others


INTERRUPTED = """
import os, random, signal, sys, time
import numpy as np, xarray as xr
from rbmrg import store
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
path, random = sys.argv[1], random.Random(1)
spins = np.ones((20, 4, 4), np.int8)
dataset = xr.Dataset({f"a{k}": ("x", np.arange(50) + k) for k in range(8)})

def use(k):
    if k % 2:
        store.save(dataset, path, schema="test", k=k)
        store.load(path)
    else:
        store.save_spins(np.split(spins, 5), spins.shape, path, schema="test", k=k)
        store.load(path).spin[3:5].values

use(0)
begun = time.perf_counter()
use(1)
use(0)
duration = (time.perf_counter() - begun) / 2
interrupts = 0
for k in range(200):
    try:
        signal.setitimer(signal.ITIMER_REAL, 1e-5 + random.random() * duration)
        use(k)
        time.sleep(2 * duration)
    except KeyboardInterrupt:
        interrupts += 1
    signal.setitimer(signal.ITIMER_REAL, 0)
    store.load(path)
print(interrupts)
"""


def test_an_interrupt_ends_a_job_and_never_hangs_it(tmp_path, parts):
    """Ctrl-C at 200 moments.

    Once, it hit xarray taking its lock, which stayed taken: the job hung.  Once, it hit netCDF4 at `str(path)`.
    """
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path / "a.nc")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) == 200
    assert not parts(tmp_path)


def test_an_interrupt_that_netcdf4_swallows_is_heard(tmp_path):
    """netCDF4 ignores any error of `str(path)`, an interrupt too, and then says that the path is none."""

    class Interrupting(type(tmp_path)):
        def __str__(self):
            signal.raise_signal(signal.SIGINT)
            return super().__str__()

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            netcdf.Writer(Interrupting(tmp_path / "a.nc"))
    finally:
        signal.signal(signal.SIGINT, before)
