"""Temperatures are known by six decimals, however a study writes them."""

import math

import pytest

from rbmrg.study.temperatures import expanded, format_temperature


def test_ranges_include_both_ends():
    sixty = [f"{k // 10}.{k % 10}00000" for k in range(60)]
    assert expanded([{"from": 0.0, "to": 5.9, "step": 0.1}]) == sixty
    assert expanded([{"from": 1.0, "to": 1.0, "step": 0.1}]) == ["1.000000"]
    assert expanded([{"from": 1, "to": 2, "step": 0.3}]) == ["1.000000", "1.300000", "1.600000", "1.900000"]
    for step in (0.1, 0.01, 0.7, 1e-3, 1 / 3):
        names = expanded([{"from": 0.5, "to": 0.5 + 70 * step, "step": step}])
        assert len(names) == len(set(names)) == 71
        assert names[-1] == format_temperature(0.5 + 70 * step)


def test_temperatures_have_six_decimals():
    names = ["Tc", 0, 2.0, 1e-6, 2.2691853, 1000, math.nextafter(2.3, 3)]
    texts = ["2.269185", "0.000000", "2.000000", "0.000001", "2.269185", "1000.000000", "2.300000"]
    assert [format_temperature(T) for T in names] == texts
    assert expanded(names) == texts
    assert expanded([1, {"from": 0, "to": 1, "step": 1}, "Tc"]) == [
        "1.000000", "0.000000", "1.000000", "2.269185",
    ]  # fmt: skip


def test_zero_has_one_name():
    assert expanded([-0.0, {"from": -0.0, "to": 0, "step": 1}]) == ["0.000000", "0.000000"]


@pytest.mark.parametrize("wrong", [[], "Tc", [True], ["2.0"], [{"from": 0, "to": 1}], [math.nan], None])
def test_anything_else_is_refused(wrong):
    with pytest.raises(ValueError):
        expanded(wrong)


def test_a_range_of_a_billion_temperatures_is_refused_at_once():
    with pytest.raises(ValueError, match="a range of at most 10000 temperatures"):
        expanded([{"from": 0, "to": 1000, "step": 1e-6}])
