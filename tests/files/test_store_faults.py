"""Files under fire: killed writers, full disks, damaged bytes.  What is under a final name is whole or says not."""

import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import time

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import store


def dataset(seed=1, n=50):
    """Spins, weights and text, as the workflow's files hold them."""
    rng = np.random.default_rng(seed)
    return xr.Dataset(
        {
            "spin": (("sample", "y", "x"), rng.choice(np.array([-1, 1], np.int8), (n, 5, 5)), {"units": "1"}),
            "W": (("visible", "hidden"), rng.normal(size=(25, 4)), {"long_name": "weights"}),
            "method": ("step", ["annealed", "enumerated"]),
        },
        coords={"step": [0, 100]},
    )


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file.nc"
    store.save(dataset(), path, schema="samples", seed=1)
    return path


# ---------------------------------------------------------------------------------------------- damaged files


def test_a_missing_file_is_not_a_corrupt_one(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing\.nc"):
        store.load(tmp_path / "nothing.nc")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.3, 0.7, 0.99])
def test_a_truncated_file_is_corrupt(file, share):
    content = file.read_bytes()
    file.write_bytes(content[: int(share * len(content))])
    with pytest.raises(store.CorruptFile, match=r"file\.nc"):
        store.load(file)


@pytest.mark.parametrize("content", [b"", b"\0" * 5000, random.Random(1).randbytes(5000), b"energy,T\n1,2\n"])
def test_random_bytes_are_corrupt(tmp_path, content):
    path = tmp_path / "file.nc"
    path.write_bytes(content)
    with pytest.raises(store.CorruptFile, match=r"file\.nc"):
        store.load(path)


def test_a_directory_is_corrupt(tmp_path):
    (tmp_path / "file.nc").mkdir()
    with pytest.raises(store.CorruptFile, match=r"file\.nc"):
        store.load(tmp_path / "file.nc")


def test_a_netcdf_file_of_somebody_else_is_corrupt(tmp_path):
    dataset().to_netcdf(tmp_path / "file.nc")
    with pytest.raises(store.CorruptFile, match=r"file.nc.*schema None"):
        store.load(tmp_path / "file.nc")


def test_the_wrong_schema_is_corrupt(file):
    with pytest.raises(store.CorruptFile, match=r"file.nc.*'machine'.*'samples'"):
        store.load(file, "machine")


def test_another_version_of_the_schema_is_corrupt(file, monkeypatch):
    monkeypatch.setattr(store, "SCHEMA_VERSION", 2)
    with pytest.raises(store.CorruptFile, match=r"file.nc.*version 2.*version 1"):
        store.load(file)


@pytest.mark.parametrize("change", ["value", "attribute", "variable attribute", "dtype", "missing", "hash"])
def test_an_edited_file_is_corrupt(file, change):
    edited = xr.load_dataset(file)
    if change == "value":
        edited["W"][3, 2] += 1e-9
    elif change == "attribute":
        edited.attrs["seed"] = 2
    elif change == "variable attribute":
        edited["W"].attrs["long_name"] = "biases"
    elif change == "dtype":
        edited["W"] = edited.W.astype(np.float32)
    elif change == "missing":
        edited = edited.drop_vars("W")
    else:
        del edited.attrs["content"]
    edited.to_netcdf(file)
    with pytest.raises(store.CorruptFile, match=r"file.nc.*hash"):
        store.load(file)


FLIP = """
import sys
from rbmrg import store
path, *offsets = sys.argv[1:]
whole, content = store.load(path), open(path, "rb").read()
harmless = 0
for offset in map(int, offsets):
    with open(path, "rb+") as file:
        file.seek(offset)
        file.write(bytes([content[offset] ^ 1 << offset % 8]))
    try:
        harmless += store.load(path).identical(whole) or sys.exit(f"wrong data from a flipped bit in byte {offset}")
    except store.CorruptFile as error:
        path in str(error) or sys.exit(str(error))
    open(path, "wb").write(content)
print(harmless)
"""


def flipped(file, offsets):
    """Load `file` with one bit flipped at each of `offsets`, in another process, as HDF5 may crash.

    Returns how many flips did no harm.
    """
    command = [sys.executable, "-c", FLIP, str(file), *map(str, offsets)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    return int(done.stdout)


def test_a_flipped_bit_is_noticed_or_harmless(file):
    """Every bit of the stored numbers is covered by the hash; of HDF5's own bytes many mean nothing."""
    store.save(dataset(n=20_000), file, schema="samples")  # 80 kB of spins, 17 kB of everything else
    size = file.stat().st_size
    assert flipped(file, range(7, size, size // 250)) < 70


@pytest.mark.long
def test_any_flipped_bit_is_noticed_or_harmless(file):
    flipped(file, range(file.stat().st_size))


# ------------------------------------------------------------------------------------------ writers that fail


def parts(folder):
    return [path.name for path in folder.rglob(".*")]


def test_spins_that_are_not_spins_are_refused_and_nothing_is_written(tmp_path):
    for wrong in (0, 2, -128):
        spins = np.ones((3, 4, 4), np.int8)
        spins[1, 2, 3] = wrong
        with pytest.raises(ValueError, match="spin"):
            store.save(xr.Dataset({"spin": (("n", "y", "x"), spins)}), tmp_path / "a.nc", schema="samples")
        with pytest.raises(ValueError, match="spin"):
            store.save_spins([spins], spins.shape, tmp_path / "a.nc", schema="samples")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("lengths", [[], [3, 6], [3, 8], [10, 1]])
def test_spins_that_end_too_early_or_too_late_are_refused_and_nothing_is_lost(file, lengths):
    before = file.read_bytes()
    batches = (np.ones((n, 4, 4), np.int8) for n in lengths)
    with pytest.raises(ValueError, match=rf"{sum(lengths)} configurations instead of 10"):
        store.save_spins(batches, (10, 4, 4), file, schema="samples")
    assert file.read_bytes() == before
    assert not parts(file.parent)


def test_a_source_of_spins_that_fails_leaves_what_was_there(file):
    def failing(error):
        yield np.ones((5, 4, 4), np.int8)
        raise error

    before = file.read_bytes()
    for error in (RuntimeError, KeyboardInterrupt):
        with pytest.raises(error):
            store.save_spins(failing(error), (10, 4, 4), file, schema="samples")
    assert file.read_bytes() == before
    assert not parts(file.parent)


def test_a_failing_write_leaves_what_was_there_and_no_temporary_file(file):
    before = file.read_bytes()
    impossible = xr.Dataset({"a": ("x", [object(), object()])})
    with pytest.raises(Exception):  # noqa: B017  (xarray's complaint, whatever its type)
        store.save(impossible, file, schema="samples")
    with pytest.raises(RuntimeError, match="on purpose"), store.atomic(file) as temporary:  # noqa: PT012
        temporary.write_text("half")
        raise RuntimeError("on purpose")
    with pytest.raises(KeyboardInterrupt), store.atomic(file) as temporary:  # noqa: PT012
        temporary.write_text("half")
        raise KeyboardInterrupt
    assert file.read_bytes() == before
    assert not parts(file.parent)


def test_a_block_that_writes_nothing_is_an_error(file):
    before = file.read_bytes()
    with pytest.raises(FileNotFoundError), store.atomic(file):
        pass
    assert file.read_bytes() == before


def test_a_folder_that_cannot_be_made_is_an_error(file):
    before = file.read_bytes()
    for below in (file / "sub" / "a.nc", file / "a.csv"):
        with pytest.raises(OSError, match=r"file\.nc"):
            store.write_table(pd.DataFrame({"a": [1]}), below)
    assert file.read_bytes() == before


FULL = """
import resource, sys
import numpy as np, pandas as pd, xarray as xr
from rbmrg import store
path = sys.argv[1]
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
noise = np.random.default_rng(1).normal(size=100_000)
try:
    if path.endswith(".csv"):
        store.write_table(pd.DataFrame({"a": noise}), path)
    elif path.endswith("spins.nc"):
        spins = np.where(noise[:57600] > 0, 1, -1).astype(np.int8).reshape(10, 5760, 1, 1)
        store.save_spins(np.repeat(spins, 64, axis=2), (57600, 64, 1), path, schema="samples")
    else:
        store.save(xr.Dataset({"a": ("x", noise)}), path, schema="samples")
except (OSError, RuntimeError):
    sys.exit(3)
"""


@pytest.mark.parametrize("name", ["file.nc", "file.csv", "spins.nc"])
def test_a_full_disk_is_an_error_and_leaves_what_was_there(tmp_path, name):
    """The limit on the size of files stands for the full disk: writing ends with an error of the system."""
    path = tmp_path / name
    path.write_bytes(b"before")
    done = subprocess.run([sys.executable, "-c", FULL, str(path)], capture_output=True, text=True)
    assert done.returncode == 3, done.stderr[-2000:]
    assert [file.name for file in tmp_path.iterdir()] == [name]
    assert path.read_bytes() == b"before"


# ------------------------------------------------------------------------------------------ writers that are killed

WRITER = """
import itertools, sys
from pathlib import Path
import numpy as np, xarray as xr
from rbmrg import store
folder, how = Path(sys.argv[1]), sys.argv[2]
values = np.random.default_rng(1).integers(0, 2**15, 200_000).astype(np.int16)
print("ready", flush=True)
for k in itertools.count():
    for name in ("same", str(k)):
        data = xr.Dataset({"a": ("x", values + np.int16(k))})
        if how == "atomic":
            store.save(data, folder / f"{name}.nc", schema="test", k=k)
        else:
            data.attrs["k"] = k
            data.to_netcdf(folder / f"{name}.nc", encoding={"a": {"zlib": True, "complevel": 1}})
"""


def killed_writer(folder, how, seconds):
    """Kill, after `seconds`, a process that writes `same.nc` again and again, and `0.nc`, `1.nc`, … in between."""
    folder.mkdir()
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder), how], stdout=subprocess.PIPE, text=True)
    try:
        assert writer.stdout.readline() == "ready\n"
        time.sleep(seconds)
    finally:
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
    return sorted(folder.glob("*.nc"))


def is_whole(path, load):
    try:
        found = load(path)
        first = np.random.default_rng(1).integers(0, 2**15, 200_000).astype(np.int16)
        return np.array_equal(found["a"].values, first + np.int16(found.attrs["k"]))
    except (OSError, KeyError, RuntimeError, ValueError):
        return False


DELAYS = [0.11, 0.37, 0.71]


def test_a_killed_writer_leaves_whole_files_only(tmp_path):
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
def test_a_writer_killed_before_the_file_has_its_name_leaves_what_was_there(file, moment):
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


def test_what_a_killed_writer_left_does_not_disturb_the_next(file):
    shutil.copy(file, file.with_name(f".file.{os.getpid()}.part.nc"))
    store.save(dataset(2), file, schema="samples")
    assert store.load(file).W.equals(dataset(2).W)
    assert not parts(file.parent)


INTERRUPTED = """
import os, random, signal, sys, time
import numpy as np, xarray as xr
from rbmrg import store
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
path, random = sys.argv[1], random.Random(1)
dataset = xr.Dataset({f"a{k}": ("x", np.arange(50) + k) for k in range(8)})
store.save(dataset, path, schema="test")
begun = time.perf_counter()
store.save(dataset, path, schema="test")
store.load(path)
duration = time.perf_counter() - begun
interrupts = 0
for k in range(200):
    try:
        signal.setitimer(signal.ITIMER_REAL, 1e-5 + random.random() * duration)
        store.save(dataset, path, schema="test", k=k)
        store.load(path)
        time.sleep(duration)
    except KeyboardInterrupt:
        interrupts += 1
    signal.setitimer(signal.ITIMER_REAL, 0)
    store.load(path)
print(interrupts)
"""


def test_an_interrupt_ends_a_job_and_never_hangs_it(tmp_path):
    """Ctrl-C at 200 moments.  One that met xarray while it took its lock left it taken, and the job waited for ever."""
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path / "a.nc")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) == 200
    assert not parts(tmp_path)
