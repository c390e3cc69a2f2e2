"""Machines as the configuration describes them: what can be wrong with one, and how it comes about.

A description is an entry of `machines` in the configuration: name, L, training, recipe, hidden, states, sites, options.
"""

from rbmrg import rbm
from rbmrg.rbm import recipes

CLOSED_FORMS = {"exact": rbm.exact_machine, "checkerboard": rbm.checkerboard_machine}


def steps(machine):
    """Number of training steps; 0 for a closed form."""
    return 0 if machine["recipe"] in CLOSED_FORMS else recipes.resolve(machine["recipe"], **machine["options"]).steps


def layer_sizes(machine):
    """Numbers of hidden units, one for each layer, lowest first; [None] where the recipe knows it."""
    return machine["hidden"] if isinstance(machine["hidden"], list) else [machine["hidden"]]


def filters(machine):
    """Number of shared filters of a convolutional machine, 0 for others."""
    closed = machine["recipe"] in CLOSED_FORMS
    return 0 if closed else recipes.resolve(machine["recipe"], **machine["options"]).filters


def course(machine, layer, units, rng, at, progress=None):
    """Yield (step, RBM) at the increasing steps `at` of the training of `layer` (1 is the lowest) on `units` [n, ...].

    A closed form is there at step 0.  Raises as `rbm.trajectory` does.
    """
    if machine["recipe"] in CLOSED_FORMS:
        [T] = map(float, machine["training"])
        return iter([(0, CLOSED_FORMS[machine["recipe"]](machine["L"], T))])
    hidden, means = layer_sizes(machine)[layer - 1], layer > 1 and machine["states"] == "means"
    return rbm.trajectory(units, machine["recipe"], hidden, rng, at, means, progress, **machine["options"])


def variations(described, base):
    """Rows [machine, parameter, value, base] of an ablation, values as text: for each parameter the machine called
    `base` and those that vary it, in the order of numbers if all values are such.  `described`: {name: description}.
    """
    varied = {name: machine["variation"] for name, machine in described.items() if "variation" in machine}
    rows = []
    for parameter in dict.fromkeys(parameter for parameter, _ in varied.values()):
        mine = [(name, value) for name, (varies, value) in varied.items() if varies == parameter]
        ordered = [(base, _setting(described[base], parameter)), *mine]
        if all(_is_number(value) for _, value in ordered):
            ordered.sort(key=lambda item: float(item[1]))
        rows += [[name, parameter, value, base] for name, value in ordered]
    return rows


def _setting(machine, parameter):
    """The value of `parameter` of a machine, as text."""
    if parameter == "training":
        return "-".join(f"{float(T):.4g}" for T in machine["training"])
    value = machine[parameter] if parameter in ("recipe", "hidden") else None
    if value is None:
        value = getattr(recipes.resolve(machine["recipe"], **machine["options"]), parameter)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


def problems(machine):
    """Everything wrong with a description beyond what the schema can say, as texts that begin with the key."""
    recipe, options = machine["recipe"], machine["options"]
    if recipe in CLOSED_FORMS:
        yield from _closed_form_problems(machine)
        return
    found = recipes.problems(recipe, options, known=[*recipes.RECIPES, *CLOSED_FORMS])
    yield from found
    if found:
        return
    recipe, hidden, L = recipes.resolve(recipe, **options), machine["hidden"], machine["L"]
    if not recipe.filters and hidden is None:
        yield f"hidden: missing, the recipe {machine['recipe']} needs a number of units, or a list of them for a stack"
    if recipe.filters and hidden is not None:
        yield f"hidden = {hidden}: must not be given, it follows from L and filters"
    if recipe.filters and L % 2:
        yield f"L = {L}: must be even for a convolutional machine"
    if isinstance(hidden, list) and len(hidden) > 1 and machine["sites"] != "lattice":
        yield f"sites = {machine['sites']}: must be lattice for a stack"
    if recipe.filters and recipe.size > L:
        yield f"options.size = {recipe.size}: must be at most L = {L}"


def _closed_form_problems(machine):
    recipe, L, training = machine["recipe"], machine["L"], machine["training"]
    for key in ("hidden", "options"):
        if machine[key]:
            yield f"{key} = {machine[key]}: must not be given, nothing is trained in the recipe {recipe}"
    if machine["sites"] != "lattice":
        yield f"sites = {machine['sites']}: must be lattice, nothing is trained in the recipe {recipe}"
    if recipe == "checkerboard" and L % 2:
        yield f"L = {L}: must be even for the recipe {recipe}"
    if len(training) != 1 or float(training[0]) == 0:
        yield f"training = {', '.join(training)}: must be one temperature > 0 for the recipe {recipe}"
