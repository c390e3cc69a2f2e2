"""Temperatures as a study writes them, numbers, `Tc` and ranges, become texts of six decimals, which name files.

A job computes with exactly the number that its file is named by.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, Tag, TypeAdapter, model_validator

from rbmrg.lattice import TC
from rbmrg.study.values import Allowed, Section, not_allowed, number, several

HIGHEST = 1000
MOST = 10_000  # temperatures of a range, and of a list


def format_temperature(T):
    """The name of a temperature, a number in J/k_B or `Tc`: `2.269185` for Tc."""
    return f"{(TC if T == 'Tc' else T) + 0.0:.6f}"  # + 0.0: −0 is called 0


class Range(Section):
    """Temperatures at equal distances, both ends included."""

    first: number(0, HIGHEST) = Field(alias="from", description="first temperature")
    last: number(0, HIGHEST) = Field(alias="to", description="last temperature")
    step: number(1e-6, HIGHEST) = Field(description="distance of temperatures")

    @model_validator(mode="after")
    def _check(self):
        if not self.first <= self.last:
            raise not_allowed("a range with from ≤ to")
        if self._count() > MOST:
            raise not_allowed(f"a range of at most {MOST} temperatures")
        return self

    def _count(self):
        return int(round((self.last - self.first) / self.step + 1e-9, 6)) + 1

    def numbers(self):
        """The temperatures as floats."""
        return [self.first + k * self.step for k in range(self._count())]


def _formatted(items):
    """Texts with six decimals of numbers, `Tc` and ranges, in their order."""
    if sum(item._count() if isinstance(item, Range) else 1 for item in items) > MOST:
        raise not_allowed(f"a list of at most {MOST} temperatures")
    numbers = [T for item in items for T in (item.numbers() if isinstance(item, Range) else [item])]
    return [format_temperature(T) for T in numbers]


_Number = Annotated[float, Field(ge=0, le=HIGHEST, allow_inf_nan=False)] | Literal["Tc"]
_NUMBER, _RANGE = TAGS = "(number)", "(range)"  # never keys of a study; in the paths of pydantic's errors
_Item = Annotated[
    Annotated[_Number, Allowed(f"a number ≥ 0 and ≤ {HIGHEST}, Tc, or a range {{from, to, step}}"), Tag(_NUMBER)]
    | Annotated[Range, Tag(_RANGE)],
    Discriminator(lambda item: _RANGE if isinstance(item, dict) else _NUMBER),
]
Temperature = Annotated[_Number, Allowed(f"a number ≥ 0 and ≤ {HIGHEST}, or Tc"), AfterValidator(format_temperature)]
Temperatures = Annotated[
    several(
        _Item,
        f" of numbers ≥ 0 and ≤ {HIGHEST}, Tc, or ranges {{from, to, step}} with 0 ≤ from ≤ to ≤ {HIGHEST} and "
        "step ≥ 0.000001",
        MOST,
    ),
    AfterValidator(_formatted),
]
_ADAPTER = TypeAdapter(Temperatures, config=ConfigDict(strict=True))


def expanded(specification):
    """Texts with six decimals of a list of numbers, `Tc` and ranges {from, to, step}, in the order given.

    Raises pydantic.ValidationError, a ValueError, for anything else.
    """
    return _ADAPTER.validate_python(specification)
