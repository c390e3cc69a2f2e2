"""Why no machine can be made by an entry: its recipe, options, units, lattice and temperatures must fit each other."""

from rbmrg.machines.entries import CLOSED_FORMS
from rbmrg.rbm import recipes
from rbmrg.study.wording import number_hint


def problems(entry, lattices):
    """Everything wrong with an `Entry`, as texts that begin with the key.

    `lattices`: {section: L of the last lattice that a machine with one filter coarse-grains in this section}.
    """
    if entry.is_closed_form:
        yield from _closed_form_problems(entry)
        return
    found = recipes.problems(entry.recipe, entry.options, known=[*recipes.RECIPES, *CLOSED_FORMS])
    yield from (_hinted(problem, entry.options) for problem in found)
    if not found:
        yield from _trained_problems(entry, lattices)


def _hinted(problem, options):
    name = problem.removeprefix("options.").partition(" = ")[0]
    return problem + number_hint(options.get(name))


def _trained_problems(entry, lattices):
    """What is wrong although recipe and options are right."""
    size = entry.resolved_recipe.size
    filters = entry.filters
    if not filters and entry.hidden is None:
        yield f"hidden: missing: must be an integer ≥ 1 for the recipe {entry.recipe}, or a list of them for a stack"
    if filters and entry.hidden is not None:
        yield f"hidden = {entry.hidden}: must not be given, it follows from L and filters"
    if filters and entry.L % 2:
        yield f"L = {entry.L}: must be even for a convolutional machine"
    if len(entry.layer_sizes) > 1 and entry.sites != "lattice":
        yield f"sites = {entry.sites!r}: must be lattice for a stack"
    if filters and entry.sites == "permuted":
        yield "sites = 'permuted': must be another for a convolutional machine, whose filter covers neighbouring sites"
    if filters and size > entry.L:
        yield f"options.size = {size}: must be an integer ≤ L = {entry.L}"
    elif filters == 1:  # an RG rule
        for section, L in lattices.items():
            if size > L:
                yield f"options.size = {size}: must be an integer ≤ L = {L}, that of the last lattice of {section}"


def _closed_form_problems(entry):
    reason = f"nothing is trained in the recipe {entry.recipe}"
    for key in ("hidden", "options"):
        if value := getattr(entry, key):
            yield f"{key} = {value}: must not be given, {reason}"
    if entry.sites != "lattice":
        yield f"sites = {entry.sites!r}: must be lattice, {reason}"
    if entry.recipe == "checkerboard" and entry.L % 2:
        yield f"L = {entry.L}: must be even for the recipe {entry.recipe}"
    if len(entry.training) != 1 or entry.temperatures[0] == 0:
        yield f"training = {', '.join(entry.training)}: must be one temperature > 0 for the recipe {entry.recipe}"
