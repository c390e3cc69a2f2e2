"""The values a study is written with: each type checks strictly and carries the words for what it allows."""

import io
import math
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError, core_schema

from rbmrg.rbm.recipes import bounds

# Words that a table holds for a number, a truth value or nothing, in small letters.
MEANINGS = ("false", "inf", "infinity", "na", "nan", "none", "null", "true")


class Section(BaseModel):
    """A mapping of known keys only, whose values are never converted: 1.0 is not an integer."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, validate_default=True)


@dataclass(frozen=True)
class Allowed:
    """An annotation of a type: a value that it refuses gives one error, of type `allowed`, whose message is `text`.

    If not `whole`, errors inside the value (of the items of a list) are reported by themselves.
    """

    text: str
    whole: bool = True

    def __get_pydantic_core_schema__(self, source, handler):
        return core_schema.no_info_wrap_validator_function(self._check, handler(source))

    def _check(self, value, handler):
        try:
            return handler(value)
        except ValidationError as error:
            if self.whole or any(not detail["loc"] for detail in error.errors()):
                raise not_allowed(self.text) from None
            raise


def not_allowed(text):
    """The error of a value that must be `text`."""
    return PydanticCustomError("allowed", text)


def integer(low, high):
    """The type of an int from `low` to `high`; True and 1.0 are not."""
    return Annotated[int, Field(strict=True, ge=low, le=high), Allowed(f"an integer {bounds(low, high)}")]


def number(low, high):
    """The type of a finite number from `low` to `high`."""
    return Annotated[float, Field(ge=low, le=high, allow_inf_nan=False), Allowed(f"a number {bounds(low, high)}")]


def one_of(*names):
    """The type of one of `names`."""
    return Annotated[Literal[*names], Allowed(f"one of {', '.join(names)}")]


def several(item, of="", most=1000):
    """The type of a list of 1 to `most` items of type `item`; `of` adds in words what they are: ` of temperatures`."""

    def at_most(items):
        if len(items) > most:
            raise not_allowed(f"a list of at most {most} items")
        return items

    listed = Annotated[list[item], Field(min_length=1), Allowed(f"a non-empty list{of}", whole=False)]
    return Annotated[listed, AfterValidator(at_most)]


def inline(value):
    """A value as YAML on one line."""
    return yaml.safe_dump(value, default_flow_style=True, width=math.inf).strip().removesuffix("...").strip()


def _without_repetition(items):
    if len(set(items)) < len(items):
        raise not_allowed("a non-empty list without repetition")
    return items


def _read_from_a_table(name):
    """The `name`, unless it comes back from a table as a number (`1e3`, `007`, `inf`), a truth value or nothing."""
    if name[0].isdigit() or name.lower() in MEANINGS:
        import pandas as pd  # which takes a third of a second

        [read] = pd.read_csv(io.StringIO(f"name\n{name}\n"))["name"]
        if read != name:
            raise not_allowed(f"another name: from a table it would be read as {read!r}")
    return name


Text = Annotated[str, Allowed("a text")]
Name = Annotated[
    str,
    Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$", max_length=100),
    Allowed("at most 100 letters, digits, dots, dashes and underscores, beginning with a letter or digit"),
]
Word = Annotated[Name, AfterValidator(_read_from_a_table)]
Seeds = integer(1, 1000)
Steps = integer(1, 9)  # of coarse graining: the largest lattice has 2¹⁰ × 2¹⁰ sites
Side = integer(2, 1024)
Unit = integer(1, 1024**2)
_UNITS = Allowed(f"an integer {bounds(1, 1024**2)}, or a list of 1 to 10 of them")
Units = Annotated[Unit | Annotated[list[Unit], Field(min_length=1, max_length=10)], _UNITS]
UnitsIfAny = Annotated[Units | None, _UNITS]
Names = Annotated[
    list[Text],
    Field(min_length=1, json_schema_extra={"uniqueItems": True}),
    AfterValidator(_without_repetition),
    Allowed("a non-empty list without repetition", whole=False),
]
Shares = Annotated[
    list[Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]],
    Field(json_schema_extra={"uniqueItems": True}),
    AfterValidator(_without_repetition),
    Allowed("a list of numbers from 0 to 1 without repetition"),
]
Options = Annotated[dict[str, Any], Field(json_schema_extra={"additionalProperties": True}), Allowed("a mapping")]
