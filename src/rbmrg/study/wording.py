"""Problems in words: pydantic's errors become lines `key = value: must be …` that hint at what was meant."""

import difflib
import math
import re
from typing import get_args

from rbmrg.rbm.recipes import written
from rbmrg.study.sections import Study
from rbmrg.study.temperatures import TAGS
from rbmrg.study.values import Allowed, Section, inline


def problem(detail):
    """The line of one of the errors of a pydantic.ValidationError of a `Study`."""
    *parents, last = [part for part in detail["loc"] if part not in TAGS] or [None]
    if last is None:
        return f"the configuration = {written(detail['input'])}: must be a mapping"
    where = path([*parents, last])
    if detail["type"] == "extra_forbidden":
        known = fields(_section(parents))
        return f"{where}: unknown key; allowed: {', '.join(known)}{suggestion(last, known)}"
    if detail["type"] == "missing":
        return f"{where}: missing: must be {allowed(fields(_section(parents))[last])}"
    value = detail["input"]
    shown = written(value, inline if isinstance(value, dict) else repr)
    return f"{where} = {shown}: must be {_needed(detail)}{number_hint(value)}"


def allowed(field):
    """What a field of a section allows, in words."""
    return next((item.text for item in reversed(field.metadata) if isinstance(item, Allowed)), "a mapping")


def suggestion(name, known):
    """The nearest of the names `known`, as the end of a problem; empty if none is near."""
    close = difflib.get_close_matches(str(name), list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def number_hint(value):
    """What is wrong with a text that looks like a number, as the end of a problem; empty for any other value."""
    if not isinstance(value, str):
        return ""
    if re.fullmatch(r"[-+]?\d+,\d+", value):
        return " (decimals are written with a point)"
    if re.fullmatch(r"[-+]?[\d.]+[eE][-+]?\d+", value):
        return " (YAML reads this as text: write 1.0e-3, with a point and a signed exponent)"
    return ""


def path(parts):
    """The keys and indices of a value as one writes them: `samples[0].n`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts).removeprefix(".")


def fields(section):
    """{key: field} of a section."""
    return {field.alias or name: field for name, field in section.model_fields.items()}


def inner_section(annotation):
    """The section that a type is or has in it, as the type of its items; None if there is none."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation
    return next(filter(None, map(inner_section, get_args(annotation))), None)


def _needed(detail):
    """What the value should have been; only its own type knows more than that a section is a mapping."""
    text = detail["msg"] if detail["type"] == "allowed" else "a mapping"
    value = detail["input"]
    return text.replace("a number", "a finite number", 1) if isinstance(value, float) and math.isnan(value) else text


def _section(parents):
    """The section at a path."""
    section = Study
    for part in parents:
        if not isinstance(part, int):
            section = inner_section(section.model_fields[part].annotation)
    return section
