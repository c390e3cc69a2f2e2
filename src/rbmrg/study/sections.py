"""What each section of a study may say: one model a section, every key with its meaning, bounds and default."""

from dataclasses import fields
from typing import Annotated, Any

from pydantic import ConfigDict, Field, PrivateAttr, WrapValidator

from rbmrg import sampling
from rbmrg.machines.entries import Entry
from rbmrg.study import ablation as ablations
from rbmrg.study import values
from rbmrg.study.temperatures import Temperature, Temperatures
from rbmrg.study.values import Section


def _optional(description):
    """A field that may be left out, and is None then, but may not be given as None."""
    return Field(default_factory=lambda: None, validate_default=False, description=description)


class Samples(Section):
    """Ising configurations of one lattice size."""

    L: values.Side = Field(description="linear size of the periodic square lattice")
    temperatures: Temperatures = Field(
        description="temperatures: numbers, `Tc`, or ranges `{from: 0.0, to: 5.9, step: 0.1}` (both ends included)"
    )
    n: values.integer(100, 10**9) = Field(
        20_000,
        description="independent configurations at each temperature; the last fifth is held out of training",
    )
    algorithm: values.one_of("auto", *sampling.ALGORITHMS) = Field(
        "auto",
        description="sampler; `auto` is the perfect transfer-matrix sampler up to L = 12, then the cheaper of "
        "multispin Metropolis (even L; at Tc below L ≈ 100) and Wolff; `coupling` is perfect at any L, `hybrid` is "
        "Wolff from perfect starts",
    )


class Machine(Section):
    """An entry, which says how machines are made, and the number of its seeds."""

    name: values.Word = Field(description="its name in paths and tables")
    L: values.Side = Field(description="linear size of the periodic square lattice")
    training: Temperatures = Field(description="temperatures of the training mixture, all sampled at this `L`")
    recipe: values.Text = Field(
        description="a recipe of `rbmrg.rbm.RECIPES`, or a closed form: `exact` (one hidden unit for each bond), "
        "`checkerboard` (one sublattice given the other)"
    )
    hidden: values.UnitsIfAny = Field(
        None,
        description="number of hidden units, or a list of them for a stack, whose layers are trained one after the "
        "other; not given where the recipe knows it (`exact`, `checkerboard`, `convolutional`)",
    )
    states: values.one_of("sampled", "means") = Field(
        "sampled", description="hidden units of a layer that the next layer of a stack is trained on"
    )
    sites: values.one_of("lattice", "permuted", "shuffled", "independent") = Field(
        "lattice",
        description="how the sites of the training configurations are rearranged for a control: `permuted` (all "
        "configurations in the same way; undone afterwards), `shuffled` (each in its own way), or `independent` coins "
        "of the same magnetisation",
    )
    options: values.Options = Field(
        {},
        description="options that differ from those of the recipe, such as `steps` (all: `Recipe` in "
        "`src/rbmrg/rbm/recipes.py`); `steps: 0` is a control",
    )
    seeds: values.Seeds = Field(1, description="number of independent machines; their scatter is the seed error")
    _variation: tuple[str, str] | None = PrivateAttr(None)

    @property
    def entry(self):
        """What makes the machine what it is: all but the number of seeds."""
        return Entry(**{field.name: getattr(self, field.name) for field in fields(Entry)})

    def canonical(self):
        """The same machine with the options that differ from those of its recipe only, in the order of `Recipe`."""
        return self.model_copy(update={"options": self.entry.changed_options})

    @property
    def variation(self):
        """(parameter, value as text) of a machine of the ablation, None for all others."""
        return self._variation

    def varied(self, parameter, text, **changes):
        """The machine that the ablation makes of this one, with `parameter` = `text` and other `changes` of fields."""
        machine = self.model_copy(update={"name": f"{self.name}-{parameter}-{text}"} | changes)
        machine._variation = (parameter, text)
        return machine


class Thermometers(Section):
    """The paper's thermometer, a classifier of configurations by temperature, beside the exact ones."""

    L: values.Side = Field(10, description="lattice size at which thermometers and flows are studied")
    temperatures: Temperatures = Field(
        [{"from": 0.0, "to": 5.9, "step": 0.1}], description="its classes, all sampled at this `L`, at least three"
    )
    hidden: values.integer(1, 100_000) = Field(80, description="hidden units of the network")
    epochs: values.integer(1, 100_000) = Field(20, description="passes through the training configurations")
    seeds: values.Seeds = Field(1, description="number of independent networks")


class Flows(Section):
    """Gibbs flows v → h → v through the machines of the thermometers' lattice size."""

    starts: Temperatures = Field(
        [0.0, 1.0, "Tc", 3.0, 5.9],
        description="temperatures of the configurations the flows start from, at least two",
    )
    length: values.integer(1, 1_000_000) = Field(
        1000, description="number of Gibbs steps; configurations are kept at steps 0, 1, 2, 3, 5, 7, 10, 15, …"
    )
    n: values.integer(40, 10**9) = Field(
        1000, description="configurations from each start, taken from the held-out fifth"
    )
    training_seeds: values.Seeds = Field(
        1,
        description="how many seeds of each machine also get flows at snapshots of their training (with a fifth of the "
        "configurations)",
    )


class RG(Section):
    """Coarse graining by RG rules, and by the machines of its lattice size."""

    L: values.Side = Field(32, description="lattice size of the finest layer")
    T: Temperature = Field("Tc", description="temperature of the maps")
    rules: values.Names = Field(
        ["average", "majority"],
        description="rules of `rbmrg.rg.RULES` to iterate; C5 and C6 need two that differ, which judge each other, "
        "and C7 needs `majority`",
    )
    layers: values.Steps = Field(2, description="number of coarse-graining steps; `L` must be divisible that often")
    temperatures: Temperatures = Field(
        ["Tc"],
        description="temperatures of the configurations whose layers are read by thermometers, all sampled at this `L`",
    )
    calibration: values.integer(100, 10**7) = Field(
        3000, description="configurations at each temperature at which the thermometers of layers are calibrated"
    )


class Vary(Section):
    """What is varied, one thing at a time: lists of values."""

    model_config = ConfigDict(extra="allow")
    __pydantic_extra__: dict[str, values.several(Any)]
    training: values.several(Temperatures) = _optional("training mixtures, each a list of temperatures")
    recipe: values.several(values.Text) = _optional("recipes")
    hidden: values.several(values.Units) = _optional(
        "numbers of hidden units; options of the recipe (`l1`, `steps`, …) are varied in the same way"
    )


def _as_written(varied, handler):
    """The mapping `varied` itself, checked and in its order, which is that of the machines."""
    handler(varied)
    if not varied:
        raise ValueError("nothing is varied")
    return varied


class Ablation(Section):
    """Machines that differ in one thing from one of `machines`, compared with the RG rules at its `L`."""

    base: Annotated[values.Text, values.Allowed("the name of a machine")] = Field(
        description="the machine that is varied; it must be trained at `rg.T`; so are its variations, except those "
        "that vary `training`"
    )
    vary: Annotated[
        Vary, WrapValidator(_as_written), values.Allowed("a mapping of what is varied to lists of values", whole=False)
    ] = Field(description="what is varied, one thing at a time")


class Couplings(Section):
    """Couplings of local operators: of machines, of the ends of flows, and of the blocks that RG rules make."""

    n: values.integer(100, 10**9) = Field(
        20_000, description="held-out configurations over which free energies of machines are fitted, at most"
    )
    L: values.Side = Field(64, description="lattice size of the configurations that RG rules coarse-grain")
    temperatures: Temperatures = Field(["Tc"], description="their temperatures, all sampled at this `L`")
    rules: values.Names = Field(
        ["majority", "decimation"],
        description="rules of `rbmrg.rg.RULES` whose blocks are ±1; machines of one filter follow",
    )
    layers: values.Steps = Field(3, description="number of coarse-graining steps; `L` must be divisible that often")


class Exponents(Section):
    """Exponents of RG rules at Tc, from their linearised matrices: rules by name, the dial, and single filters."""

    L: values.Side = Field(64, description="lattice size of the first step; the last one ends at 4 or above")
    n: values.integer(1000, 10**9) = Field(
        40_000, description="configurations at Tc, of chains that are measured every two autocorrelation times"
    )
    rules: values.Names = Field(
        ["majority", "decimation"],
        description="rules of `rbmrg.rg.RULES`; the claim C10 needs `majority`, which must pass, and `decimation`, "
        "which must not; each machine with one filter is a rule besides",
    )
    dial: values.Shares = Field(
        [], description="rules between majority (0) and decimation (1): how much the first spin of a block weighs more"
    )


class Trials(Section):
    """Data whose truth is known, judged and measured by the same code as machines."""

    verdicts: values.integer(0, 100_000) = Field(
        0,
        description="replicas of each case whose answer is known, for `known_answers.csv` and `power.csv`; C5 to C9 "
        "have a twentieth of them, power of the other claims a fourth",
    )
    majority: values.integer(1, 100_000) = Field(
        5,
        description="replicas of the majority rule under C10, at most `verdicts`; each takes 3 CPU-seconds",
    )
    errors: values.integer(0, 100_000) = Field(
        0, description="replicas of each analysis whose error bars are tried, for `coverage.csv`"
    )


class Limits(Section):
    """What a study may cost, by the estimate that is made before any job."""

    cpu_hours: values.number(0.001, 1e6) = Field(500, description="hours of one core, of all jobs together")
    disk_gb: values.number(0.001, 1e6) = Field(100, description="GB of all results together")
    memory_gb: values.number(0.001, 1e6) = Field(64, description="GB that the largest job may use")


class Study(Section):
    """A study: one YAML file, any part of the chain from configurations to exponents."""

    name: values.Name = _optional(
        "where the results are: `results/<name>/`; without it, the name of the configuration file"
    )
    seed: values.integer(0, 10**18) = Field(1, description="root of all random numbers of the study")
    samples: values.several(Samples) = Field(description="the Ising configurations to draw")
    machines: Annotated[
        list[Machine], Field(max_length=1000), values.Allowed("a list of at most 1000", whole=False)
    ] = Field([], description="the restricted Boltzmann machines to train")
    thermometers: Thermometers = _optional("thermometers that read temperatures off single configurations")
    flows: Flows = _optional("v → h → v through the machines of the thermometers' lattice size")
    rg: RG = _optional("coarse graining by RG rules and by the machines of its lattice size")
    ablation: Ablation = _optional("machines that differ in one thing from one of `machines`")
    couplings: Couplings = _optional("couplings of machines and of coarse-grained lattices")
    exponents: Exponents = _optional("exponents of RG rules and of filters, from their linearised matrices")
    trials: Trials = _optional("how often verdicts and error bars are right")

    limits: Limits = Field(Limits(), description="what it may cost: more is an error before any job")

    @property
    def ablations(self):
        """Rows [machine, parameter, value, base] of the ablation; none without one."""
        return ablations.rows(self.machines, self.ablation.base) if self.ablation else []

    def with_variations(self):
        """The study with the machines of its ablation after the others."""
        return self.model_copy(update={"machines": [*self.machines, *ablations.machines(self)]})

    def canonical(self):
        """The same study, written in the one way that all studies of the same jobs share."""
        update = {"machines": [machine.canonical() for machine in self.machines]}
        for section, key in (("thermometers", "temperatures"), ("flows", "starts")):
            if found := getattr(self, section):
                update[section] = found.model_copy(update={key: sorted(getattr(found, key), key=float)})
        return self.model_copy(update=update)

    def described(self):
        """The study as plain dicts and lists, with every default, without limits and sections that it does not have."""
        return {key: value for key, value in _plain(self).items() if value not in (None, []) and key != "limits"}


def _plain(value):
    """A section as a dict, a list of sections as a list of dicts, anything else as it is."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, Section):
        return value
    variation = {"variation": list(value.variation)} if isinstance(value, Machine) and value.variation else {}
    return {key: _plain(getattr(value, key)) for key in type(value).model_fields} | variation
