"""What the jobs of a study cost, estimated before the first of them from what they were measured to cost.

CPU times are those of a processor of 2 GHz with kernels compiled; all estimates are good to a factor of 2 for a whole
study, not for each job.  Measured: `benchmarks/` of the studies default and smoke.
"""

import math
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from rbmrg.flows import snapshots
from rbmrg.machines import training

BYTES = 8  # of a number
MAPS = 3  # arrays of a map in its file, compressed


@dataclass(frozen=True)
class Job:
    """One job of a study: the stem of its script, its wildcards, MB of the configurations that it reads, and the study.

    `sizes`: those of all configurations of the study.
    """

    script: str
    wildcards: dict
    megabytes: float
    study: object
    sizes: dict

    @cached_property
    def entry(self):
        return next(one.entry for one in self.study.machines if one.name == self.wildcards["machine"])

    @cached_property
    def seeds(self):
        return next(one.seeds for one in self.study.machines if one.name == self.wildcards["machine"])

    @cached_property
    def drawn(self):
        """MB of configurations that it draws."""
        L = int(self.wildcards["L"])
        return self.sizes[L, self.wildcards["T"]] if "T" in self.wildcards else self.study.exponents.n * L**2 / 1e6

    @cached_property
    def layer(self):
        """The number of the layer that it trains."""
        return int(self.wildcards.get("layer", 1))

    @cached_property
    def weights(self):
        """MB of the weights of the layer that it trains, at one step."""
        return math.prod(shape(self.entry, self.layer)) * BYTES / 1e6

    @cached_property
    def flow(self):
        """Spins of a flow at one step."""
        return len(self.study.flows.starts) * self.study.flows.n * self.study.thermometers.L**2

    @cached_property
    def mapped(self):
        """(spins, units of all layers) of the maps of a rule or of a machine."""
        rule = "rg_rule" in self.wildcards
        L = int(self.wildcards["L"]) if rule else self.entry.L
        layers = range(1, 1 + (self.study.rg.layers if L == self.study.rg.L else 1))
        sizes = [] if rule or self.entry.filters == 1 else self.entry.layer_sizes
        return L**2, sum(units or 2 * L**2 for units in sizes) or sum(L**2 // 4**layer for layer in layers)


def shape(entry, layer):
    """(visible, hidden) units of a layer of the machine of `entry`; the lowest is 1."""
    sizes = [entry.L**2, *entry.layer_sizes]
    exact = 2 * entry.L**2 if entry.is_closed_form else entry.L**2 // 4 * entry.filters
    return sizes[layer - 1], sizes[layer] or exact


def learning(entry, layer):
    """Seconds of all steps that train a layer: products of weights and units.  A filter is as slow as 4 L units."""
    if not entry.steps:
        return 0
    recipe = entry.resolved_recipe
    visible, hidden = shape(entry, layer)
    hidden = 4 * entry.L * recipe.filters or hidden
    chains = recipe.chains if recipe.method == "pcd" else recipe.batch
    rows = 2 * recipe.batch + chains * (1 + 2 * recipe.gibbs_steps)
    return entry.steps * (1 / 5000 + rows * visible * hidden / 2.5e10)


def _mapping(job):
    """Seconds of all maps of a rule or machine: products of spins and units, 24 equations for fields, statistics."""
    spins, units = job.mapped
    products = job.megabytes * 1e6 * (units + spins) / 2e10
    return 2 + products + spins**2 * (spins + 6 * units) / 1.9e9 + spins * units / 7e4


# Seconds of a job by its script; all others take 1.
SECONDS = {
    "sample": lambda job: 0.3 + (0.6 if int(job.wildcards["L"]) > 12 else 0.03) * job.drawn,
    "train": lambda job: 1 + learning(job.entry, job.layer),
    "train_layer": lambda job: 1 + learning(job.entry, job.layer),
    "train_thermometer": lambda job: 1 + job.megabytes * job.study.thermometers.epochs * (
        20 + job.study.thermometers.hidden) / 3500,
    "observe": lambda job: 1 + job.megabytes / 50,
    "calibrate_lattice": lambda job: 1 + job.study.rg.calibration * int(job.wildcards["L"]) ** 2 / 1e6,
    "flow": lambda job: 0.5 + job.study.flows.length * job.flow / 1e8,
    "follow_training": lambda job: 0.5 + 2 * job.study.flows.length * job.flow / 1e8,
    "read_flow": lambda job: 1 + job.seeds * job.flow * len(snapshots.steps(job.study.flows.length)) / 2e6,
    "map_machine": _mapping,
    "map_rule": _mapping,
    "read_machine": lambda job: 1 + job.seeds * job.megabytes / 10,
    "read_rule": lambda job: 1 + job.megabytes / 10,
    "couple_rule": lambda job: 1 + job.megabytes / 4,
    "couple_machine": lambda job: 0.5 + job.seeds * (0.3 + job.megabytes / 15),
    "draw_replicas": lambda job: 1 + job.drawn / 10,
    "renormalise_rule": lambda job: 1 + job.study.exponents.n * job.study.exponents.L**2 / 3e7,
    "renormalise_dial": lambda job: 1 + job.study.exponents.n * job.study.exponents.L**2 / 3e7,
    "renormalise_machine": lambda job: 1 + job.seeds * job.study.exponents.n * job.study.exponents.L**2 / 5e7,
    "measure_information": lambda job: 1 + job.study.exponents.n / 1e4,
    "judge_flow_ends": lambda job: 1 + job.study.trials.verdicts * (
        0.1 + job.study.flows.n * len(job.study.flows.starts) / 9000),
    "judge_layers": lambda job: 1 + 0.5 * max(40, job.study.trials.verdicts),
    "judge_couplings": lambda job: 1 + 0.05 * max(40, job.study.trials.verdicts),
    "judge_exponents": lambda job: 1 + 3 * min(job.study.trials.majority, job.study.trials.verdicts),
    "try_errors": lambda job: 1 + job.study.trials.errors,
}  # fmt: skip

# MB of the results of a job by its script; all others write 0.05.
WRITTEN = {
    "sample": lambda job: job.drawn / 8,
    "draw_replicas": lambda job: job.drawn / 8,
    "train": lambda job: job.weights * len(training.snapshots(job.entry.steps)),
    "train_layer": lambda job: job.weights * len(training.snapshots(job.entry.steps)),
    "flow": lambda job: job.flow * len(snapshots.steps(job.study.flows.length)) / 8e6,
    "map_machine": lambda job: MAPS * job.mapped[0] * job.mapped[1] * BYTES / 1e6,
    "map_rule": lambda job: MAPS * job.mapped[0] * job.mapped[1] * BYTES / 1e6,
    "figure": lambda job: 0.3,
    "write_report": lambda job: 8,
}

# MB that a job holds for each MB of the configurations that it reads, by its script.
READ = {
    "observe": 0.3, "train": 6, "train_layer": 6, "train_thermometer": 5, "count_magnetisation": 2, "calibrate": 1.5,
    "read_machine": 6, "read_rule": 2, "correlate_samples": 2, "group_samples": 5, "couple_machine": 5,
    "couple_rule": 2, "map_machine": 11, "map_rule": 11,
}  # fmt: skip
# MB that it holds beside them.
HELD = {
    "train": lambda job: (len(training.snapshots(job.entry.steps)) + 6) * job.weights,
    "train_layer": lambda job: (len(training.snapshots(job.entry.steps)) + 6) * job.weights,
    "flow": lambda job: job.flow * len(snapshots.steps(job.study.flows.length)) / 1e6,
    "map_machine": lambda job: job.mapped[0] ** 2 / 4000,
    "map_rule": lambda job: job.mapped[0] ** 2 / 4000,
    "calibrate_lattice": lambda job: int(job.wildcards["L"]) ** 2 / 6,
    "draw_replicas": lambda job: job.drawn / 8,
}
LIBRARIES = 200  # MB


def cost(job):
    """(seconds, MB of results, MB of memory) of a `Job`."""
    return (
        SECONDS.get(job.script, _one)(job),
        0.05 + WRITTEN.get(job.script, _none)(job),
        LIBRARIES + READ.get(job.script, 0) * job.megabytes + HELD.get(job.script, _none)(job),
    )


def _one(job):
    return 1


def _none(job):
    return 0


def total(jobs):
    """(CPU hours, GB of results, GB of memory of the largest) of some `Job`s."""
    seconds, written, held = zip(*map(cost, jobs), strict=True)
    return sum(seconds) / 3600, sum(written) / 1000, max(held) / 1000


def in_words(count, hours, disk, memory):
    """One line: `394 jobs, about 12 CPU minutes, 0.4 GB, largest job 0.6 GB`."""
    time = f"{_rounded(60 * hours)} CPU minutes" if hours < 3 else f"{_rounded(hours)} CPU hours"
    return f"{count} jobs, about {time}, {_rounded(disk)} GB of results, largest job {_rounded(memory)} GB"


def _rounded(value):
    return f"{value:.2g}" if value < 10 else f"{value:,.0f}"


def excess(limits, found):
    """A line for each of the `limits` of a study that its (CPU hours, GB of results, GB of memory) exceed."""
    return [
        f"limits.{name} = {allowed:g}: must be at least {math.ceil(10 * needed) / 10:,g} for this study"
        for (name, allowed), needed in zip(limits, found, strict=True)
        if needed > allowed
    ]


def watch(workflow, study):
    """Have Snakemake say in one line what the jobs of `study` that it is about to run will cost, by `in_words`.

    It raises WorkflowError, before any job, if that exceeds the limits of the study.  Returns what is empty until then:
    {log file of a job: its seconds}.
    """
    from snakemake import workflow as engine  # which is the one that imports this
    from snakemake.exceptions import WorkflowError

    seconds = {}

    class Estimated(engine.DAG):
        async def init(self, progress=False):
            await super().init(progress)
            mb = sizes(study)
            jobs = {job: _job(job, study, mb) for job in self.needrun_jobs()}
            if not jobs:
                return
            found = total(jobs.values())
            line = in_words(len(jobs), *found)
            if problems := excess(study.limits, found):
                raise WorkflowError("\n".join([f"{line}, which is more than `limits` allow:", *problems]))
            seconds.update((str(*job.log[:1]), cost(known)[0]) for job, known in jobs.items())
            engine.logger.info(f"This takes {line}.")

    engine.DAG = Estimated
    return seconds


def sizes(study):
    """{(L, T): MB of the configurations of a `study`}, a byte a spin."""
    return {(group.L, T): group.n * group.L**2 / 1e6 for group in study.samples for T in group.temperatures}


def _job(job, study, sizes):
    """What is known of a job of Snakemake."""
    files = re.findall(r"/samples/L=(\d+)/T=([\d.]+)\.nc", " ".join(job.input))
    read = sum(sizes.get((int(L), T), 0) for L, T in files)
    return Job(Path(str(job.rule.script)).stem, dict(job.wildcards.items()), read, study, sizes)
