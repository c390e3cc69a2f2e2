"""How to train an RBM: named sets of options, each of which can be overridden by name."""

import difflib
import math
import numbers
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class Recipe:
    """Options of a training run; the defaults are the paper's (arXiv:1906.05212)."""

    method: str = "pcd"  # persistent contrastive divergence, or "cd": chains restarted at each batch
    steps: int = 10_000
    batch: int = 100
    chains: int = 1  # persistent chains; "cd" has one per row of the batch
    gibbs_steps: int = 1
    learning_rate: float = 1e-3
    decay_from: float = 1.0  # fraction of the steps after which the learning rate falls linearly to zero
    epsilon: float = 1e-2  # Adam's, in TensorFlow's convention
    initial_scale: float = 0.05  # standard deviation of the weights at step 0
    tanh_means: bool = False  # ⟨h|v⟩ for h in the gradient
    zero_biases: bool = False  # keep P(v) = P(−v)
    flips: bool = False  # flip each row of data by a fair coin: only learned biases can tell
    averaging: float = 0.0  # > 0: machines are averages of the weights over about this fraction of the steps
    l1: float = 0.0  # penalty l1·Σ|W|
    filters: int = 0  # > 0: convolutional (see there), hidden units being a lattice for each filter,
    size: int = 4  # of size × size sites


# Of data with P(v) = P(−v): without biases persistent chains caught in one of two ordered phases do no harm.
_SYMMETRIC = Recipe(steps=30_000, initial_scale=0.01, tanh_means=True, zero_biases=True)
_CD1 = replace(_SYMMETRIC, method="cd", learning_rate=3e-3, decay_from=1 / 3)

RECIPES = {
    "paper": Recipe(),
    "pcd": replace(_SYMMETRIC, chains=100, gibbs_steps=5, decay_from=0.0),
    "cd1-decay": _CD1,
    "cd-k": replace(_CD1, gibbs_steps=10),  # from data of many temperatures one step learns little of their proportions
    "convolutional": replace(_CD1, filters=1),
    # What separates cd1-decay from its data is mostly noise of the gradient: more rows, and an average of late weights.
    "best": replace(_CD1, gibbs_steps=2, batch=200, epsilon=1e-3, averaging=1 / 6),
}

_AT_LEAST = {
    "steps": 0,
    "batch": 1,
    "chains": 1,
    "gibbs_steps": 1,
    "initial_scale": 0,
    "l1": 0,
    "filters": 0,
    "size": 1,
}
_POSITIVE = ("learning_rate", "epsilon")
_FRACTIONS = ("decay_from", "averaging")


def resolve(recipe, **options):
    """The `Recipe` called `recipe` (or itself one) with `options` put in.

    Raises ValueError for an unknown recipe or option, naming the nearest one, and for values out of range.
    """
    if not isinstance(recipe, Recipe):
        recipe = RECIPES[_known("recipe", recipe, list(RECIPES))]
    names = [field.name for field in fields(Recipe)]
    for name in options:
        _known("option", name, names)
    recipe = replace(recipe, **options)
    _check(recipe)
    return recipe


def _known(kind, name, names):
    """`name`, if it is one of `names`."""
    if name not in names:
        nearest = difflib.get_close_matches(str(name), names, n=1)
        hint = f"did you mean {nearest[0]!r}?" if nearest else f"there are {', '.join(names)}"
        raise ValueError(f"no {kind} {name!r} for training an RBM: {hint}")
    return name


def _check(recipe):
    """ValueError for values of the wrong type or out of range."""
    for field in fields(Recipe):
        _check_type(field.name, getattr(recipe, field.name), type(field.default))
    if recipe.method not in ("pcd", "cd"):
        raise ValueError(f"method = {recipe.method!r}: 'pcd' or 'cd' is needed")
    for name, low in _AT_LEAST.items():
        if not getattr(recipe, name) >= low:
            raise ValueError(f"{name} = {getattr(recipe, name)}: at least {low} is needed")
    for name in _POSITIVE:
        if not getattr(recipe, name) > 0:
            raise ValueError(f"{name} = {getattr(recipe, name)}: a positive number is needed")
    for name in _FRACTIONS:
        if not 0 <= getattr(recipe, name) <= 1:
            raise ValueError(f"{name} = {getattr(recipe, name)}: a fraction from 0 to 1 is needed")


def _check_type(name, value, kind):
    """ValueError unless `value` is of the type `kind` of its default; a float is any finite number."""
    types = {bool: bool, str: str, int: numbers.Integral, float: numbers.Real}
    right = isinstance(value, types[kind]) and isinstance(value, bool) == (kind is bool)
    if not right or (kind is float and not math.isfinite(value)):
        needed = {bool: "true or false", str: "a text", int: "a whole number", float: "a finite number"}
        raise ValueError(f"{name} = {value!r}: {needed[kind]} is needed")


def problems(recipe, options, known=RECIPES):
    """Everything wrong with a recipe's name and options, as texts; `known` are the names to choose from."""
    if recipe not in RECIPES:
        nearest = difflib.get_close_matches(str(recipe), known, n=1)
        hint = f"; did you mean {nearest[0]}?" if nearest else ""
        return [f"recipe = {recipe!r}: must be one of {', '.join(known)}{hint}"]
    found = []
    for name, value in options.items():
        try:
            resolve(recipe, **{name: value})
        except ValueError as error:
            found.append(f"options.{name}: {error}")
    return found
