"""Whether the files of a study are what was written: arrays by their seals, tables and figures by their digests."""

from pathlib import Path

from rbmrg import store
from rbmrg.progress import Progress


def check(folder, log):
    """Read every file below `folder` that has a seal or a digest, with progress in the file `log`.

    Raises store.CorruptFile, which names the first that is damaged, edited, or made by something else.
    """
    kinds = {".nc", *store.DIGESTED}
    paths = [path for path in sorted(Path(folder).rglob("*")) if path.suffix in kinds and not path.name.startswith(".")]
    progress = Progress("files verified", len(paths), log)
    for done, path in enumerate(paths, 1):
        if path.suffix == ".nc":
            store.load(path)
        elif not path.with_name(f".{path.name}.sha256").exists():
            raise store.CorruptFile(f"{path}: rbmrg has not made it, or its digest is gone; delete it and run again")
        else:
            store.read_bytes(path)
        progress(done)
