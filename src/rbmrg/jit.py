"""The one way kernels are compiled: with plain IEEE arithmetic, cached, and never taken from a stale cache.

Numba's cache notices an edit in the kernel's own file but not in a file that the kernel calls into, and two machines
with different processors may overwrite each other's entries.  So the cache lives in a directory named by a hash of
every kernel file, of the processor and of numba's version: other code or another machine means another directory.
Where it cannot be written numba would fall back on the source folder; here a temporary folder replaces it.
"""

import atexit
import hashlib
import os
import shutil
import tempfile
import warnings
from pathlib import Path

import numba
import platformdirs
from numba.core.registry import cpu_target


def kernel_sources():
    """The source files of this package that contain kernels: those that import this module, and this module."""
    files = sorted(Path(__file__).parent.rglob("*.py"))
    return [file for file in files if b"from rbmrg.jit import" in file.read_bytes() or file == Path(__file__)]


def cache_directory():
    """The folder for compiled kernels of exactly this source, processor and numba."""
    processor = cpu_target.target_context.codegen().magic_tuple()  # or what NUMBA_CPU_NAME says
    key = hashlib.sha256(f"{numba.__version__} {processor}".encode())
    for file in kernel_sources():
        key.update(file.read_bytes())
    base = os.environ.get("NUMBA_CACHE_DIR") or platformdirs.user_cache_dir("rbmrg", appauthor=False)
    return str(Path(base) / key.hexdigest()[:16])


def usable_directory():
    """`cache_directory()`, made if need be; if it cannot be written, with a warning, a folder of this process only.

    The disk may be read-only or full, and some users, as in a container, have no home.
    """
    try:
        directory = Path(cache_directory()).expanduser()
        directory.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=directory).close()
    except (OSError, RuntimeError) as error:  # the latter if there is no home
        warnings.warn(
            f"compiled kernels cannot be kept ({error}): each process compiles its own; "
            "set NUMBA_CACHE_DIR to a folder that can be written",
            stacklevel=2,
        )
        directory = tempfile.mkdtemp(prefix="rbmrg-")
        atexit.register(shutil.rmtree, directory, ignore_errors=True)
    return str(directory)


_DIRECTORY = usable_directory()


def njit(function=None, **options):
    """`numba.njit` with this project's settings: cached as above, division as in numpy (or LLVM does not vectorise)."""
    if function is None:
        return lambda f: njit(f, **options)
    before = numba.config.CACHE_DIR
    numba.config.CACHE_DIR = _DIRECTORY
    try:
        return numba.njit(cache=True, error_model="numpy", **options)(function)
    finally:
        numba.config.CACHE_DIR = before
