"""An entry: what a study says of one machine, and what follows from it before anything is trained."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rbmrg import rbm
from rbmrg.rbm import recipes

CLOSED_FORMS = {"exact": rbm.exact_machine, "checkerboard": rbm.checkerboard_machine}
NO_CONTROL = "none"


@dataclass(frozen=True)
class Entry:
    """All that makes a machine what it is; how many seeds there are of it is the study's business.

    `training`: temperatures as six-digit strings; `hidden`: units of the layer, or of each layer of a stack, None where
    the recipe knows; `states`: the hidden units that the next layer of a stack sees; `sites`: how the sites of training
    configurations are rearranged; `options`: those of the recipe that differ from its own.
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
        """Those of the training mixture, floats in J/k_B."""
        return [float(T) for T in self.training]

    @property
    def is_closed_form(self):
        """Whether the machine is written down, not trained."""
        return self.recipe in CLOSED_FORMS

    @property
    def steps(self):
        """Number of training steps, 0 for a closed form."""
        return 0 if self.is_closed_form else self.resolved_recipe.steps

    @property
    def resolved_recipe(self):
        """The `rbm.Recipe` with the options put in.  Raises ValueError for a closed form, as for any unknown name."""
        return recipes.resolve(self.recipe, **self.options)

    @property
    def filters(self):
        """Number of shared filters of a convolutional machine, 0 for others."""
        return 0 if self.is_closed_form else self.resolved_recipe.filters

    @property
    def layer_sizes(self):
        """Numbers of hidden units, one for each layer, lowest first; [None] where the recipe knows it."""
        return list(self.hidden) if isinstance(self.hidden, Sequence) else [self.hidden]

    @property
    def control(self):
        """Which negative control the machine is: `untrained`, `permuted`, `shuffled`, `independent`; else `none`."""
        if not self.is_closed_form and self.steps == 0:
            return "untrained"
        return NO_CONTROL if self.sites == "lattice" else self.sites

    @property
    def mixture(self):
        """The training temperatures as one text: `2.269185`, or `0 to 5.9, 60 temperatures`."""
        lowest, *others = self.training
        count = len(self.training)
        return f"{float(lowest):g} to {float(others[-1]):g}, {count} temperatures" if others else lowest

    @property
    def columns(self):
        """What a table says of the machine in each of its rows."""
        return {"machine": self.name, "recipe": self.recipe, "training": self.mixture, "control": self.control}


def course(entry, layer, units, rng, at, progress=None):
    """Yield (step, RBM) at the increasing steps `at` of the training of `layer` (1 is the lowest) on `units` [n, …].

    A closed form is there at step 0.  Raises as `rbm.trajectory` does.
    """
    if entry.is_closed_form:
        [T] = entry.temperatures
        return iter([(0, CLOSED_FORMS[entry.recipe](entry.L, T))])
    hidden = entry.layer_sizes[layer - 1]
    means = layer > 1 and entry.states == "means"
    return rbm.trajectory(units, entry.recipe, hidden, rng, at, means, progress, **entry.options)
