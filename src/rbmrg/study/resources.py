"""What jobs ask of a batch system: memory and run time, from measured peaks; a job that fails asks for more."""

import re

# Rule: (MB, MB for each MB of configurations, minutes).  A configuration has a byte a spin; a rule that reads one file
# after the other counts the largest only, all others the sum.  These are at least 1.2 times what the default study and
# files of 20 and 200 MB used on a processor of 2 GHz.
ASKED = {
    "sample": (1000, 0, 30),
    "observe": (500, 4, 30),  # 2.9 MB a MB
    "train": (500, 9, 30),  # 4.4, and 7.1 where sites are rearranged
    "train_layer": (500, 9, 30),
    "train_thermometer": (500, 6, 60),  # 4.4
    "count_magnetisation": (500, 3, 30),  # 1.7
    "calibrate": (500, 3, 30),  # 1.1
    "read_machine": (500, 10, 60),  # 7
    "read_rule": (500, 10, 60),  # 7
    "correlate_samples": (500, 3, 30),  # a number for each configuration
    "group_samples": (500, 10, 30),
    "couple_rule": (500, 10, 60),
    "couple_machine": (500, 10, 60),  # 5.7 where a filter is a rule
    "draw_replicas": (1000, 0, 120),
}
OTHERS = (1000, 0, 60)
ONE_BY_ONE = ("observe", "read_rule", "couple_rule")
MINUTES = 0.05  # for each MB that is drawn: 0.017 at L = 64 and Tc
WEIGHTS = 2e8  # dense weights times steps in a minute: 3.6e8 with cd1-decay


def asking(study):
    """`ask(rule)`: the `resources` of the jobs of a rule in `study`, as keywords for Snakemake.

    `ask(rule, memory, minutes)`: what a job asks beyond the table, in MB and minutes, functions of its wildcards.
    Attempt k asks for k times as much.
    """
    sizes = {(str(group.L), T): group.n * group.L**2 / 1e6 for group in study.samples for T in group.temperatures}

    def ask(rule, memory=lambda wildcards: 0, minutes=lambda wildcards: 0):
        megabytes, slope, time = ASKED.get(rule, OTHERS)
        together = max if rule in ONE_BY_ONE else sum

        def mem_mb(wildcards, input, attempt):
            read = [0, *(sizes[found] for found in re.findall(r"/samples/L=(\d+)/T=([\d.]+)\.nc", " ".join(input)))]
            return attempt * round(megabytes + slope * together(read) + memory(wildcards))

        def runtime(wildcards, attempt):
            return attempt * round(time + minutes(wildcards))

        return {"mem_mb": mem_mb, "runtime": runtime}

    return ask


def drawing(group):
    """Minutes to draw the configurations of one temperature of a `group` of samples."""
    return MINUTES * group.n * group.L**2 / 1e6


def training(entry):
    """Minutes to train the largest layer of the machine of `entry`."""
    return entry.L**2 * (entry.layer_sizes[0] or entry.L) * entry.steps / WEIGHTS
