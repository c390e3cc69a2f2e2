"""What jobs ask of a batch system: memory and run time, from measured peaks; a job that fails asks for more."""

import re
from math import ceil
from pathlib import Path

from rbmrg.study import estimate

MEGABYTES = 1000  # two Snakemakes and the libraries of a job use about 500 MB before anything is read
# Rule: (MB for each MB of configurations, minutes, minutes for each MB).  Each spin is a byte.  A rule that
# reads one file after the other counts the memory of the largest only, all others the sum.  The memory is at least 1.2
# times what the default study and files of 20 and 200 MB used on a processor of 2 GHz, the time twice.  On a busy node
# two starts of Snakemake take a minute, and kernels that nobody has compiled yet one and a half.
ASKED = {
    "sample": (0, 1, 0),
    "observe": (4, 3, 0.02),  # 2.9 MB a MB
    "train": (9, 3, 0),  # 4.4, and 7.1 where sites are rearranged
    "train_layer": (9, 3, 0),
    "train_thermometer": (6, 3, 0.05),  # 4.4
    "count_magnetisation": (3, 3, 0.02),  # 1.7
    "calibrate": (3, 3, 0.02),  # 1.1
    "read_machine": (10, 3, 0.02),  # 7
    "read_rule": (10, 3, 0.02),  # 7
    "correlate_samples": (3, 3, 0.02),  # a number for each configuration
    "group_samples": (10, 3, 0.02),
    "map_rule": (13, 3, 0),  # 11 beside the matrices, at L = 32
    "map_machine": (13, 3, 0),
    "couple_rule": (10, 3, 0.1),
    "couple_machine": (10, 3, 0.1),  # 5.7 where a filter is a rule
    "figure": (0, 1, 0),
    "try_errors": (0, 60, 0),
}
OTHERS = (0, 3, 0)
ONE_BY_ONE = ("observe", "read_rule", "couple_rule")


def asking(study):
    """`ask(rule)`: the `resources` of the jobs of a rule in `study`, as keywords for Snakemake.

    `ask(rule, memory, minutes)`: what a job asks beyond the table, in MB and minutes, functions of its wildcards.
    Attempt k asks for k times as much.
    """
    sizes = {(str(group.L), T): group.n * group.L**2 / 1e6 for group in study.samples for T in group.temperatures}

    def ask(rule, memory=lambda wildcards: 0, minutes=lambda wildcards: 0):
        slope, time, pace = ASKED.get(rule, OTHERS)
        together = max if rule in ONE_BY_ONE else sum

        def read(input):
            return [0, *(sizes[found] for found in re.findall(r"/samples/L=(\d+)/T=([\d.]+)\.nc", " ".join(input)))]

        def mem_mb(wildcards, input, attempt):
            return attempt * round(MEGABYTES + slope * together(read(input)) + memory(wildcards))

        def runtime(wildcards, input, attempt):
            return attempt * ceil(time + pace * sum(read(input)) + minutes(wildcards))

        return {"mem_mb": mem_mb, "runtime": runtime}

    return ask


def drawing(n, L):
    """Minutes to draw `n` configurations of L × L spins: three times what those at L = 64 and Tc took."""
    return 0.05 * n * L**2 / 1e6


def training(entry):
    """Minutes to train the largest layer of the machine of `entry`: six times the estimate.

    The slowest of the default study took 4.7 times as long, beside other work.
    """
    return max(estimate.learning(entry, layer) for layer, _ in enumerate(entry.layer_sizes, 1)) / 10


def flowing(study):
    """Minutes of the flows of one seed of a machine: 2.4 s in the default study, of which some are for imports."""
    return study.flows.n * study.flows.length * len(study.flows.starts) * study.thermometers.L**2 / 1e9


def renormalising(study):
    """Minutes of the renormalisation group of one rule: 0.2 in the default study."""
    return study.exponents.n * study.exponents.L**2 / 2e8


def mapping(study, L):
    """Minutes of a map of L²/4 units of the configurations at the temperature of the maps: 3 at L = 64, n = 20 000."""
    [n] = [group.n for group in study.samples if group.L == L and study.rg.T in group.temperatures]
    return n * L**4 / 4 / 7e9


def calibrating(study, L):
    """Minutes to calibrate the thermometers of layers of L × L units: 0.5 in the default study, kernels compiled."""
    return study.rg.calibration * L**2 / 2e6


def judging(study):
    """Minutes of a part of the verdicts on known ends of flows: 2 in the default study."""
    return study.trials.verdicts * study.flows.n * len(study.flows.starts) / 4e4


# What Slurm writes into the log of a job that it ends, with cgroups and without.
LIMITS = {"time": "DUE TO TIME LIMIT", "memory": "emory limit|oom[-_ ]kill|Out Of Memory"}


def advice(logs):
    """One line on jobs that Slurm ended for their time or memory, from the log files that Snakemake wrote.

    They name those of Slurm.  Snakemake itself does not tell why a group failed.  Empty if there are no such jobs.
    """
    said = "".join(Path(log).read_text() for log in logs)
    files = map(Path, dict.fromkeys(re.findall(r"log: (\S+/slurm_logs/\S+\.log)", said)))
    told = "".join(file.read_text() for file in files if file.exists())
    lacking = " and ".join(what for what, sign in LIMITS.items() if re.search(sign, told))
    if not lacking:
        return ""
    return f"Jobs ran out of {lacking}.  Each attempt asks for more: add --retries 5 to your command.\n"
