"""What only a study as a whole shows: sections that need others, temperatures to be sampled, sizes that must fit."""

import math
from collections import Counter

import numpy as np

from rbmrg import rg, sampling
from rbmrg.lattice import TC
from rbmrg.study import trainable
from rbmrg.study.temperatures import format_temperature
from rbmrg.study.wording import suggestion

LONGEST_NAME = 200  # of a machine of the ablation; file systems have 255
_CHECKS = []


def problems(study, unsound):
    """Yield everything wrong between the sections of `study`, one text a problem.

    `unsound` names the sections whose problems are reported already.  To most checks they look absent; a check that
    would complain of the absence of one of them is left out.
    """
    for needed, check in _CHECKS:
        if not unsound.intersection(needed):
            yield from check(study)


def _unless_unsound(*sections):
    """Register a check that says nothing true if one of `sections` is unsound."""

    def register(check):
        _CHECKS.append((sections, check))
        return check

    return register


@_unless_unsound("name")
def _the_name_is_free(study):
    if study.name == "reference":
        yield "name = 'reference': must be another name: results/reference holds the released results"


@_unless_unsound("thermometers", "machines")
def _flows_need_thermometers_and_machines(study):
    if study.flows and not study.thermometers:
        yield "flows: must be given with `thermometers`, which read them"
    elif study.flows and study.thermometers.L < 4:
        yield f"thermometers.L = {study.thermometers.L}: must be at least 4 for `flows`"
    elif study.flows and all(machine.L != study.thermometers.L for machine in study.machines):
        yield f"machines: none has L = {study.thermometers.L}: must have one at thermometers.L, for the flows"


@_unless_unsound("machines")
def _names_of_machines_are_no_rules(study):
    for name in sorted({machine.name for machine in study.machines} & set(rg.RULES)):
        yield f"machines: name = {name!r}: must be another name: an RG rule has it, and tables name both"


@_unless_unsound("flows", "rg", "couplings", "exponents", "trials")
def _verdicts_need_something_to_judge(study):
    judged = study.flows or study.rg or study.couplings or study.exponents
    if study.trials and study.trials.verdicts and not judged:
        count = study.trials.verdicts
        yield f"trials.verdicts = {count}: must be given with `flows`, `rg`, `couplings` or `exponents`, or be 0"


@_unless_unsound("rg", "machines")
def _an_ablation_needs_rules_and_machines(study):
    if not study.ablation:
        return
    if not study.rg:
        yield "ablation: must be given with `rg`, whose rules its machines are compared with"
    names = [machine.name for machine in study.machines]
    if not names:
        yield "ablation: must be given with `machines`, one of which it varies"
    elif study.ablation.base not in names:
        hint = suggestion(study.ablation.base, names)
        yield f"ablation.base = {study.ablation.base!r}: must be the name of a machine{hint}"


@_unless_unsound()
def _temperatures_differ(study):
    drawn = [
        (f"samples[{index}].temperatures", group.L, group.temperatures) for index, group in enumerate(study.samples)
    ]
    for where, _, temperatures in [*drawn, *_used(study)]:
        repeated = sorted(T for T, times in Counter(temperatures).items() if times > 1)
        if repeated:
            yield f"{where}: {', '.join(repeated)} repeated (temperatures are rounded to six decimals): must differ"


@_unless_unsound()
def _claims_tell_temperatures_apart(study):
    """C7 writes six digits, and C9 takes whatever is within 0.00001 of Tc for it."""
    for section in ("rg", "couplings"):
        temperatures = getattr(getattr(study, section), "temperatures", [])
        names = {T: "Tc" if abs(float(T) - TC) <= 1e-5 else f"{float(T):g}" for T in temperatures}
        times = Counter(names.values())
        alike = [T for T, name in names.items() if times[name] > 1]
        if alike:
            yield (
                f"{section}.temperatures = {_first(alike)}: must differ in their first six digits, and one at most be "
                "within 0.00001 of Tc, or claims take them for one"
            )


@_unless_unsound()
def _samples_are_drawn_once(study):
    drawn = Counter((group.L, T) for group in study.samples for T in set(group.temperatures))
    for L, T in sorted(pair for pair, times in drawn.items() if times > 1):
        yield f"samples: L = {L}, T = {T} is asked for by more than one entry: must be drawn once"


@_unless_unsound()
def _samplers_serve_the_lattice_sizes(study):
    for index, group in enumerate(study.samples):
        if problem := sampling.size_problem(group.L, group.algorithm):
            yield f"samples[{index}].algorithm: L = {group.L} {problem}"


@_unless_unsound()
def _names_of_machines_differ(study):
    names = Counter(machine.name for machine in study.machines)
    for name in sorted(name for name, times in names.items() if times > 1):
        yield f"machines: the name {name!r} is used more than once: must differ"
    for where, machine in _machines(study):
        if len(machine.name) > LONGEST_NAME:
            yield f"{where}names files by {len(machine.name)} letters: must be at most {LONGEST_NAME} (write ranges)"


@_unless_unsound()
def _machines_can_be_made(study):
    lattices = _last_lattices(study)
    found = {machine.name: list(trainable.problems(machine.entry, lattices)) for machine in study.machines}
    for where, machine in _machines(study):
        told = found[study.ablation.base] if machine.variation else []
        yield from (f"{where}{problem}" for problem in found[machine.name] if problem not in told)


@_unless_unsound("samples")
def _what_is_used_is_sampled(study):
    sampled = _numbers(study)
    for where, L, temperatures in _used(study):
        missing = [T for T in dict.fromkeys(temperatures) if (L, T) not in sampled]
        if missing:
            yield f"{where} = {_first(missing)}: must be in `samples` at L = {L} ({_sampled(study, L)})"


@_unless_unsound("samples")
def _the_critical_point_is_sampled(study):
    """The two-point functions of flows are compared with those at Tc."""
    if not (study.flows and study.thermometers):
        return
    L = study.thermometers.L
    T = format_temperature("Tc")
    if (L, T) not in _numbers(study):
        yield f"thermometers.L = {L}: must be a size at which Tc = {T} is in `samples` ({_sampled(study, L)})"


@_unless_unsound()
def _there_are_enough_temperatures(study):
    classes = study.thermometers.temperatures if study.thermometers else []
    starts = study.flows.starts if study.flows else []
    if 0 < len(classes) < 3:  # of two classes, scikit-learn's network has a single output
        yield f"thermometers.temperatures = {', '.join(classes)}: must be at least 3 temperatures"
    if len(starts) == 1:
        yield f"flows.starts = {starts[0]}: must be at least 2 temperatures, a fixed point is where flows meet"


@_unless_unsound("samples")
def _flows_start_from_held_out_configurations(study):
    if not (study.flows and study.thermometers):
        return
    L = study.thermometers.L
    n = study.flows.n
    for T in study.flows.starts:
        drawn = _numbers(study).get((L, T), math.inf)
        if drawn // 5 < n:
            yield f"flows.n = {n}: must be at most a fifth of samples.n = {drawn} at L = {L}, T = {T}"


@_unless_unsound()
def _rules_divide_the_lattice(study):
    if not study.rg:
        return
    known = [name for name in study.rg.rules if name in rg.RULES]
    for index, name in enumerate(study.rg.rules):
        if name not in known:
            hint = suggestion(name, rg.RULES)
            yield f"rg.rules[{index}] = {name!r}: must be one of {', '.join(rg.RULES)}{hint}"
    factor = math.lcm(*(rg.RULES[name].FACTOR for name in known))
    yield from _coarse_grained("rg.L", study.rg.L, factor**study.rg.layers, study.rg.layers)
    base = next((one for one in study.machines if study.ablation and one.name == study.ablation.base), None)
    if base and base.L > study.rg.L:  # C5 and C6 judge the largest lattice
        yield f"ablation.base = {base.name!r}: L = {base.L}: must be at most rg.L = {study.rg.L}"
    elif base and base.L < study.rg.L:  # its rules make one step there
        yield from _coarse_grained(f"ablation.base = {base.name!r}: L", base.L, factor, 1)


@_unless_unsound()
def _rules_make_spins_that_have_couplings(study):
    if not study.couplings:
        return
    allowed = [name for name, rule in rg.RULES.items() if makes_spins(rule)]
    for index, name in enumerate(study.couplings.rules):
        if name not in allowed:
            hint = suggestion(name, allowed)
            yield f"couplings.rules[{index}] = {name!r}: must be one of {', '.join(allowed)}, whose blocks are ±1{hint}"
    factors = [rg.RULES[name].FACTOR for name in study.couplings.rules if name in allowed]
    factor = math.lcm(*factors) ** study.couplings.layers
    yield from _coarse_grained("couplings.L", study.couplings.L, factor, study.couplings.layers)


def _coarse_grained(where, L, factor, steps):
    """A problem unless `steps` divide a lattice of size L by `factor` and leave more than one site."""
    left, remainder = divmod(L, factor)
    if remainder or left < 2:
        times = "once" if steps == 1 else f"{steps} times"
        least = f", at least {2 * factor}," if left < 2 else ""
        yield f"{where} = {L}: must be a multiple of {factor}{least} to be coarse-grained {times}"


def makes_spins(rule):
    """Whether the blocks of an RG rule are ±1."""
    spins = np.ones((1, rule.FACTOR, rule.FACTOR), np.int8)
    return np.issubdtype(rule.apply(spins, np.random.default_rng(1)).dtype, np.integer)


@_unless_unsound()
def _exponents_have_rules_and_steps(study):
    if not study.exponents:
        return
    L = study.exponents.L
    allowed = [name for name, rule in rg.RULES.items() if rule.FACTOR == 2]  # two lattices of L and L/2 are matched
    for index, name in enumerate(study.exponents.rules):
        if name not in allowed:
            hint = suggestion(name, allowed)
            names = ", ".join(allowed)
            yield f"exponents.rules[{index}] = {name!r}: must be one of {names}, which halve lattices{hint}"
    if len({f"{x:g}" for x in study.exponents.dial}) < len(study.exponents.dial):
        yield f"exponents.dial = {study.exponents.dial}: must differ in their first six digits, which name files"
    if L % 2 or L < 8 or (L > 64 and L % 64):
        yield f"exponents.L = {L}: must be even and from 8 to 64, or a multiple of 64"


def _machines(study):
    """(the beginning of problems, machine) of all machines."""
    for index, machine in enumerate(study.machines):
        if machine.variation:
            yield "ablation.vary.{} = {}: ".format(*machine.variation), machine
        else:
            yield f"machines[{index}].", machine


def _used(study):
    """(where, L, temperatures) of all that must be sampled."""
    for where, machine in _machines(study):
        if not machine.variation or machine.variation[0] == "training":
            yield f"{where}training", machine.L, machine.training
    if study.thermometers:
        yield "thermometers.temperatures", study.thermometers.L, study.thermometers.temperatures
    if study.thermometers and study.flows:
        yield "flows.starts", study.thermometers.L, study.flows.starts
    if study.rg:
        base = study.ablation and study.ablation.base
        for L in {study.rg.L: None} | {machine.L: None for machine in study.machines if machine.name == base}:
            yield "rg.T", L, [study.rg.T]
        yield "rg.temperatures", study.rg.L, study.rg.temperatures
    if study.couplings:
        yield "couplings.temperatures", study.couplings.L, study.couplings.temperatures


def _last_lattices(study):
    """{section: L of the last lattice that a filter coarse-grains as a rule}; in a sound study at least 4, or 8."""
    found = {}
    if study.couplings:
        found["couplings"] = max(4, study.couplings.L // 2 ** (study.couplings.layers - 1))
    if study.exponents:
        from rbmrg.exponents import mcrg  # which takes a third of a second

        found["exponents"] = max(8, study.exponents.L // 2 ** max(0, mcrg.depth(study.exponents.L) - 1))
    return found


def _first(temperatures):
    """The first of `temperatures`, in words."""
    return ", ".join(temperatures[:5]) + " …" * (len(temperatures) > 5)


def _numbers(study):
    """{(L, T): number of configurations} of all samples."""
    return {(group.L, T): group.n for group in study.samples for T in group.temperatures}


def _sampled(study, L):
    """What is sampled at L, in words."""
    have = sorted((T for size, T in _numbers(study) if size == L), key=float)
    return f"sampled there: {have[0]} … {have[-1]}, {len(have)} temperatures" if have else "nothing is sampled there"
