"""Which jobs share one job of a batch system: chains of short ones, packed until there is work for a minute."""

from rbmrg.study import resources

# Minutes that jobs are estimated to take, as `resources` asks for them, which is two to four times what they take.
ENOUGH = 3
CHAIN = 0.3  # minutes for what is not estimated of the jobs of one seed, such as imports
READING = 0.2  # minutes for each seed of a machine, likewise
SPANNED = "pack"  # what `group-components` of a profile calls all packs


def packed(name, minutes):
    """Names of groups for chains of jobs that take `minutes` {key: minutes}, in their order → {key: name}.

    A group is full when it has ENOUGH minutes; what is left over joins the last full one.
    """
    numbers = {}
    number = 0
    total = 0
    for key, needed in minutes.items():
        numbers[key] = number
        total += needed
        if total >= ENOUGH:
            number += 1
            total = 0
    last = max(number - 1, 0)
    return {key: f"{name}-{min(number, last)}" for key, number in numbers.items()}


class Packs:
    """The groups of a `study` in a Snakemake `workflow`, as functions of wildcards for the directive `group`.

    They group nothing unless a profile says so by `group-components`: a dry run lists jobs, not groups.
    """

    def __init__(self, study, workflow):
        self._workflow = workflow
        followed = {machine.name: _following(study, machine.entry) for machine in study.machines}
        self._samples = packed(
            "samples",
            {
                (str(group.L), T): resources.drawing(group.n, group.L) / 3
                for group in study.samples
                for T in group.temperatures
            },
        )
        self._chains = packed(
            "machines",
            {
                (machine.name, str(seed)): CHAIN + resources.training(machine.entry) + followed[machine.name]
                for machine in study.machines
                for seed in range(machine.seeds)
            },
        )
        self._readings = packed(
            "readings",
            {machine.name: machine.seeds * (READING + followed[machine.name]) for machine in study.machines},
        )
        names = {name for packs in (self._samples, self._chains, self._readings) for name in packs.values()}
        workflow.parent_groupids.update(dict.fromkeys(names, SPANNED))

    def sample(self, wildcards):
        """Temperatures are drawn together until there is enough to do."""
        return self._if_wanted(self._samples[wildcards.L, wildcards.T])

    def chain(self, wildcards):
        """One seed of a machine is trained and followed; so are the next ones if that is not enough to do."""
        return self._if_wanted(self._chains[wildcards.machine, wildcards.seed])

    def reading(self, wildcards):
        """All seeds of a machine are read together, and the next machines if that is not enough to do."""
        return self._if_wanted(self._readings[wildcards.machine])

    def short(self, name, minutes=lambda wildcards: 0):
        """Jobs that take few `minutes`, a function of wildcards, make the group `name`; each long one is alone."""
        return lambda wildcards: self._if_wanted(name) if minutes(wildcards) < ENOUGH else None

    def _if_wanted(self, name):
        return name if SPANNED in self._workflow.group_settings.group_components else None


def _following(study, entry):
    """Minutes of the flows and the maps of one seed of a machine."""
    minutes = 0
    if study.flows and entry.L == study.thermometers.L:
        minutes += resources.flowing(study)
    if study.rg and entry.L == study.rg.L:
        minutes += resources.mapping(study, entry.L)
    return minutes
