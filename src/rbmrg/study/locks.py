"""A folder that a killed run has left locked is free; where a run may be at work, it is said what to type.

Snakemake locks a folder by files, which say nothing of who wrote them.  A run that forks its jobs keeps its files
locked as long as it lives: the system frees them when it dies, however it dies.
"""

import fcntl
import socket
from contextlib import suppress
from pathlib import Path

ADVICE = "\nIf no run is at work here, type `.venv/bin/snakemake --unlock`, then your command."
HOST = f"host {socket.gethostname()}"  # locks of files may be unknown to other hosts
_held = []


class Locks:
    """What Snakemake's records of files, with which this class is combined, do about locks."""

    @property
    def locked(self):
        return super().locked and not all(map(_is_left_behind, Path(self._lockdir).glob("*.lock")))

    def _write_locks(self, lock_type, keys):
        super()._write_locks(lock_type, keys)
        if lock_type in self._lockfile and self.dag.workflow.local_exec:  # jobs of a cluster outlive a killed run
            file = open(self._lockfile[lock_type], "a")  # noqa: SIM115  (until this process ends)
            with suppress(OSError):  # this file system may have no locks
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                print(HOST, file=file, flush=True)
            _held.append(file)


def _is_left_behind(path):
    with suppress(OSError), open(path, "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return file.read().endswith(f"{HOST}\n")
    return False


def advise(logger):
    """Let the `logger` of Snakemake append ADVICE to its message that a folder is locked."""
    logger.addFilter(_followed)


def _followed(record):
    if "with the --unlock argument" in str(record.msg) and ADVICE not in record.msg:
        record.msg += ADVICE
    return True
