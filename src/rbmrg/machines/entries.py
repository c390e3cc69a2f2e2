"""An entry: what a study says of one machine, and what follows from it before anything is trained."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

from rbmrg import rbm
from rbmrg.machines import kinds
from rbmrg.rbm import recipes

CLOSED_FORMS = {"exact": rbm.exact_machine, "checkerboard": rbm.checkerboard_machine}
NO_CONTROL = "none"


@dataclass(frozen=True)
class Entry:
    """All that defines a machine.  The number of its seeds belongs to the study and is not part of it.

    `L`: linear size of the lattices that it is trained on.  `training`: temperatures in J/k_B, as text with six
    decimals.  `hidden`: number of units of the layer, or of each layer of a stack; None where the recipe fixes it.
    `states`: whether the next layer of a stack sees hidden units as `sampled` or as `means`.  `sites`: how the sites of
    training configurations are rearranged (`controls.rearranged`).  `options`: fields of the recipe that are changed.
    """

    name: str
    L: int
    training: Sequence[str]
    recipe: str
    hidden: int | Sequence[int] | None = None
    states: str = "sampled"
    sites: str = "lattice"
    options: Mapping = field(default_factory=dict)

    @property
    def temperatures(self):
        """The temperatures of the training mixture as floats, in J/k_B."""
        return [float(T) for T in self.training]

    @property
    def is_closed_form(self):
        """Whether the weights follow from a formula, without training."""
        return self.recipe in CLOSED_FORMS

    @property
    def steps(self):
        """Number of training steps, 0 for a closed form."""
        return 0 if self.is_closed_form else self.resolved_recipe.steps

    @property
    def resolved_recipe(self):
        """The `rbm.Recipe` with the options applied.  Raises ValueError for a closed form or an unknown name."""
        return recipes.resolve(self.recipe, **self.options)

    @property
    def all_options(self):
        """All options of the training as a dict, those of the recipe included; none for a closed form."""
        return {} if self.is_closed_form else asdict(self.resolved_recipe)

    @property
    def changed_options(self):
        """The options that differ from those of the recipe, in the order of `Recipe`."""
        usual = {} if self.is_closed_form else asdict(recipes.resolve(self.recipe))
        return {name: value for name, value in self.all_options.items() if value != usual[name]}

    @property
    def filters(self):
        """Number of shared filters of a convolutional machine; 0 for all others."""
        return 0 if self.is_closed_form else self.resolved_recipe.filters

    @property
    def layer_sizes(self):
        """Number of hidden units of each layer, lowest first; [None] where the recipe fixes it."""
        return list(self.hidden) if isinstance(self.hidden, Sequence) else [self.hidden]

    @property
    def control(self):
        """The negative control that the machine is: `untrained`, `permuted`, `shuffled`, `independent`, or `none`."""
        if not self.is_closed_form and self.steps == 0:
            return kinds.UNTRAINED
        return NO_CONTROL if self.sites == "lattice" else self.sites

    @property
    def kind(self):
        """One of `kinds.KINDS`, or the negative control that the machine is."""
        if self.control != NO_CONTROL:
            return self.control
        if self.is_closed_form:
            return kinds.ISING
        if self.filters:
            return kinds.FILTERS
        if self.resolved_recipe.l1:
            return kinds.PENALTY
        return kinds.PAPER if self.recipe == "paper" else kinds.DENSE

    @property
    def mixture(self):
        """The training temperatures in words: `2.269185`, or `0 to 5.9, 60 temperatures`."""
        first = self.training[0]
        last = self.training[-1]
        count = len(self.training)
        return first if count == 1 else f"{float(first):g} to {float(last):g}, {count} temperatures"

    @property
    def columns(self):
        """The columns that name and describe the machine in every row of a table."""
        return {"machine": self.name, "recipe": self.recipe, "training": self.mixture, "control": self.control}
