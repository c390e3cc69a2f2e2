"""How to train an RBM: named sets of options, each of which can be overridden by name."""

import difflib
import numbers
from dataclasses import asdict, dataclass, fields, replace

LONGEST = 100  # letters of a value that an error shows


@dataclass(frozen=True)
class Recipe:
    """Options of a training run; the defaults are the paper's (arXiv:1906.05212), with the fewest steps it uses."""

    method: str = "pcd"  # persistent contrastive divergence, or "cd": chains restart at each batch
    steps: int = 10_000  # the paper uses 10 000 to 50 000
    batch: int = 100
    chains: int = 1  # persistent chains; "cd" has one for each row of the batch
    gibbs_steps: int = 1
    learning_rate: float = 1e-3
    decay_from: float = 1.0  # fraction of the steps after which the learning rate falls linearly to zero
    epsilon: float = 1e-2  # Adam's, in TensorFlow's convention
    initial_scale: float = 0.05  # standard deviation of the weights at step 0
    tanh_means: bool = False  # use ⟨h|v⟩ in place of h in the gradient
    zero_biases: bool = False  # keep P(v) = P(−v)
    flips: bool = False  # flip each row of data by a fair coin; without biases this changes nothing on average
    averaging: float = 0.0  # > 0: the machine is an average of the weights over about this fraction of the steps
    l1: float = 0.0  # penalty l1·Σ|W|
    filters: int = 0  # > 0: a convolutional machine, whose hidden units form one lattice for each filter
    size: int = 4  # a filter covers size × size sites


# For data with P(v) = P(−v): without biases it does no harm if a persistent chain stays in one of two ordered phases.
_SYMMETRIC = Recipe(steps=30_000, initial_scale=0.01, tanh_means=True, zero_biases=True)
# cd1-decay; cd-k, convolutional and best are built on it: a change here changes all four.
_CD1 = replace(_SYMMETRIC, method="cd", learning_rate=3e-3, decay_from=1 / 3)

RECIPES = {
    "paper": Recipe(),
    "pcd": replace(_SYMMETRIC, chains=100, gibbs_steps=5, decay_from=0.0),
    "cd1-decay": _CD1,
    "cd-k": replace(_CD1, gibbs_steps=10),  # one step learns little about the proportions of many temperatures
    "convolutional": replace(_CD1, filters=1),
    # The distance of cd1-decay from its data is mostly gradient noise: more rows and an average of late weights help.
    "best": replace(_CD1, gibbs_steps=2, batch=200, epsilon=1e-3, averaging=1 / 6),
}

METHODS = ("pcd", "cd")
LARGEST = 1000  # weight or bias: a machine that exceeds it has run away


def bounds(low, high):
    """Bounds in words: ≥ 1e-12 and ≤ 10 000."""
    return f"≥ {_plain(low)} and ≤ {_plain(high)}"


def _plain(bound):
    return f"{bound:g}" if bound < 10_000 else f"{bound:,}".replace(",", " ")


def _within(kind, low, high):
    """What an option that is of `kind`, Integral or Real, and from `low` to `high` must be, and whether a value is."""

    def fits(value):  # NaN is not
        return isinstance(value, kind) and not isinstance(value, bool) and bool(low <= value <= high)

    return f"{'an integer' if kind is numbers.Integral else 'a number'} {bounds(low, high)}", fits


_BOOLEAN = ("true or false", lambda value: isinstance(value, bool))
_FRACTION = ("a number from 0 to 1", _within(numbers.Real, 0, 1)[1])

# What each option must be: in words, and as a test of a value.  Bounds are far beyond what makes sense.
_ALLOWED = {
    "method": (f"one of {', '.join(METHODS)}", lambda value: isinstance(value, str) and value in METHODS),
    "steps": _within(numbers.Integral, 0, 100_000_000),
    "batch": _within(numbers.Integral, 1, 1_000_000),
    "chains": _within(numbers.Integral, 1, 1_000_000),
    "gibbs_steps": _within(numbers.Integral, 1, 100_000),
    "learning_rate": _within(numbers.Real, 1e-12, 1000),
    "decay_from": _FRACTION,
    "epsilon": _within(numbers.Real, 1e-12, 1000),
    "initial_scale": _within(numbers.Real, 0, 1000),
    "tanh_means": _BOOLEAN,
    "zero_biases": _BOOLEAN,
    "flips": _BOOLEAN,
    "averaging": _FRACTION,
    "l1": _within(numbers.Real, 0, 1000),
    "filters": _within(numbers.Integral, 0, 1024),
    "size": _within(numbers.Integral, 1, 1024),
}


def resolve(recipe, **options):
    """The `Recipe` named `recipe` (or `recipe` itself, if it is one) with `options` in place of its own.

    Raises ValueError with all problems, separated by "; ": unknown recipes and options, with the nearest known name,
    and values that are not allowed.
    """
    if isinstance(recipe, Recipe):
        found = _option_problems(asdict(recipe) | options)
    else:
        found = _recipe_problems(recipe, RECIPES) + _option_problems(options)
    if found:
        raise ValueError("; ".join(found))
    return replace(recipe if isinstance(recipe, Recipe) else RECIPES[recipe], **options)


def problems(recipe, options, known=RECIPES):
    """All problems of a recipe's name and its `options` (a mapping) as a list of texts, empty if there are none.

    `known`: the names that a message suggests, if there are more than those of `RECIPES`.
    """
    return _recipe_problems(recipe, known) + [f"options.{text}" for text in _option_problems(options)]


def _recipe_problems(recipe, known):
    if isinstance(recipe, str) and recipe in RECIPES:
        return []
    return [f"recipe = {recipe!r}: must be one of {', '.join(known)}{_suggestion(recipe, known)}"]


def _option_problems(options):
    found = []
    names = [field.name for field in fields(Recipe)]
    for name, value in options.items():
        if name not in names:
            found.append(f"{name}: unknown option; allowed: {', '.join(names)}{_suggestion(name, names)}")
            continue
        needed, fits = _ALLOWED[name]
        if not fits(value):
            found.append(f"{name} = {written(value)}: must be {needed}")
    return found


def written(value, write=repr):
    """A value as an error shows it, by the function `write`, cut if it is long."""
    try:
        text = write(value)
    except ValueError:  # Python writes no integer of more than 4300 digits
        return "a number of thousands of digits"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"


def _suggestion(name, names):
    """The nearest of `names` as the end of a message, empty if none is near."""
    nearest = difflib.get_close_matches(str(name), names, n=1)
    return f"; did you mean {nearest[0]}?" if nearest else ""
