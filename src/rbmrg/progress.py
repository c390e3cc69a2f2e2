"""Progress of long work: its current step and the time left, in the log of its job or else on the terminal."""

import sys
import time
from pathlib import Path


class Progress:
    """Call it with the number of finished units and a remark: it writes a line to `log`, or else to standard error.

    The log gets every line, of which Snakemake shows the last, see `study.terminal`; standard error gets one at most
    every `every` seconds, and the last one.
    """

    def __init__(self, label, total, log=None, every=5.0):
        self.label = label
        self.total = total
        self.every = every
        self.started = self.shown = time.monotonic()
        self.log = Path(log) if log else None
        if self.log:
            self.log.parent.mkdir(parents=True, exist_ok=True)
            self.log.write_text("")

    def over(self, batches, remark=""):
        """Yield the `batches` and count their lengths."""
        done = 0
        for batch in batches:
            yield batch
            done += len(batch)
            self(done, remark)

    def __call__(self, done, remark=""):
        now = time.monotonic()
        left = (now - self.started) * (self.total - done) / done if done else float("nan")
        time_left = "" if done in (0, self.total) else f", {left:.0f} s left"
        line = f"{self.label}: {done}/{self.total}{time_left}{'  ' + remark if remark else ''}"
        if self.log:
            with self.log.open("a") as file:
                print(line, file=file)
        elif now - self.shown >= self.every or done == self.total:
            print(line, file=sys.stderr, flush=True)
            self.shown = now
