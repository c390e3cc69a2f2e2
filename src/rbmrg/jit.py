"""The one way kernels are compiled: with plain IEEE arithmetic, cached, and never taken from a stale or damaged cache.

Numba's cache notices an edit in the kernel's own file but not in a file that the kernel calls into, and two machines
with different processors may overwrite each other's entries.  So the cache lives in a directory named by a hash of
every kernel file, of the processor and of numba's version: other code or another machine means another directory.
Where it cannot be written numba would fall back on the source folder; here a temporary folder replaces it.

Numba also believes what it reads: a file that a full disk or a crash has left damaged would end each process that wants
it, and two processes that compile at once overwrite each other's index.  Here each signature of a kernel has a file of
its own, with a checksum; what is damaged is compiled anew, and of two processes the second waits for the first.
"""

import atexit
import fcntl
import hashlib
import os
import pickle
import shutil
import tempfile
import warnings
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import numba
import platformdirs
from numba.core import caching
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import cpu_target
from numba.core.serialize import dumps


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


class _Locator(caching._SourceFileBackedLocatorMixin):
    """Has numba file the kernels of all folders in one, so that copies of this package share them."""

    def __init__(self, function, file):
        self._py_file = file
        self._lineno = function.__code__.co_firstlineno

    def get_cache_path(self):
        return _DIRECTORY

    def ensure_cache_path(self):
        pass  # what cannot be written is not kept


class _Files:
    """The compiled forms of one kernel, each in a file that begins with a checksum of its name and its content."""

    def __init__(self, stem, stamp):
        self.stem = stem
        self.stamp = stamp

    def load(self, key):
        path = self._path(key)
        try:
            content = path.read_bytes()
        except OSError:
            return None
        return pickle.loads(content[32:]) if content[:32] == self._checksum(path, content[32:]) else None

    def save(self, key, compiled):
        path = self._path(key)
        content = dumps(compiled)
        temporary = path.with_name(f"{path.name}.{os.getpid()}.part")
        with suppress(OSError):  # the disk may be full: then the next process compiles anew
            try:
                temporary.write_bytes(self._checksum(path, content) + content)
                temporary.replace(path)
            finally:
                temporary.unlink(missing_ok=True)

    def _path(self, key):
        return Path(f"{self.stem}.{hashlib.sha256(repr((self.stamp, key)).encode()).hexdigest()[:16]}.nbc")

    @staticmethod
    def _checksum(path, content):
        return hashlib.sha256(path.name.encode() + content).digest()


class _Results(caching.CompileResultCacheImpl):
    _locator_classes = (_Locator, *caching.CacheImpl._locator_classes)


class _Cache(caching.FunctionCache):
    """Numba's cache of one kernel, kept in `_Files`."""

    _impl_class = _Results

    def __init__(self, function):
        super().__init__(function)
        self._stem = os.path.join(self.cache_path, self._impl.filename_base)
        self._cache_file = _Files(self._stem, self._impl.locator.get_source_stamp())
        self._is_alone = False

    @contextmanager
    def alone(self):
        """Meanwhile no other process compiles this kernel, where files can be locked."""
        if self._is_alone:  # the kernel calls itself
            yield
            return
        with global_compiler_lock, ExitStack() as stack:
            with suppress(OSError):
                fcntl.flock(stack.enter_context(open(f"{self._stem}.lock", "a")), fcntl.LOCK_EX)
            self._is_alone = True
            try:
                yield
            finally:
                self._is_alone = False


def njit(function=None, **options):
    """`numba.njit` with this project's settings: cached as above, division as in numpy (or LLVM does not vectorise)."""
    if function is None:
        return lambda f: njit(f, **options)
    kernel = numba.njit(error_model="numpy", **options)(function)
    kernel._cache = _Cache(function)
    kernel.compile = kernel._cache.alone()(kernel.compile)
    return kernel
