"""The ablation of a study: machines that differ in one thing from a base, and the rows that compare them."""

import re

from rbmrg.study.temperatures import expanded
from rbmrg.study.values import inline


def machines(study):
    """The variations of the base machine, for each parameter in the order of the study; none if the base is unknown."""
    base = next((machine for machine in study.machines if study.ablation and machine.name == study.ablation.base), None)
    if base is None:
        return []
    vary = study.ablation.vary.items()
    return [_variation(base, parameter, value) for parameter, values in vary for value in values]


def rows(machines, base):
    """Rows [machine, parameter, value, base], values as text: for each parameter the machine called `base` and those
    that vary it, in the order of numbers if all values are numbers.
    """
    varied = {machine.name: machine.variation for machine in machines if machine.variation}
    [base_entry] = [machine.entry for machine in machines if machine.name == base]
    found = []
    for parameter in dict.fromkeys(parameter for parameter, _ in varied.values()):
        mine = [(name, value) for name, (varies, value) in varied.items() if varies == parameter]
        ordered = [(base, _setting(base_entry, parameter)), *mine]
        if all(_is_number(value) for _, value in ordered):
            ordered.sort(key=lambda item: float(item[1]))
        found += [[name, parameter, value, base] for name, value in ordered]
    return found


def _variation(base, parameter, value):
    """The machine `base` with another `value` of one of its fields, or of one of the options of its recipe."""
    text = re.sub(r"[^\w.-]+", "-", inline(value)).strip("-")
    if parameter == "training":
        return base.varied(parameter, text, training=expanded(value))
    if parameter in ("recipe", "hidden"):
        return base.varied(parameter, text, **{parameter: value})
    return base.varied(parameter, text, options=base.options | {parameter: value})


def _setting(entry, parameter):
    """The value of `parameter` of an entry, as text."""
    if parameter == "training":
        return "-".join(f"{T:.4g}" for T in entry.temperatures)
    value = getattr(entry, parameter) if parameter in ("recipe", "hidden") else None
    if value is None:
        value = getattr(entry.resolved_recipe, parameter)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _is_number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True
