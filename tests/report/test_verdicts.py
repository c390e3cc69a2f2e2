"""Verdicts: each branch of the rule, on evidence made up for it."""

import numpy as np
import pytest

from rbmrg.report.verdicts import Control, Reference, verdict

REFERENCE = Reference(2.0, "exact")
nan = np.nan
inf = np.inf


def negative(estimate, error, control, control_error):
    """Against a control for which the claim should fail; the reference is 2."""
    return verdict(estimate, error, REFERENCE, Control("untrained", control, control_error, "negative"))


def positive(estimate, error, control):
    """Against a control for which the claim holds by construction; the reference is 2."""
    return verdict(estimate, error, REFERENCE, Control("Monte Carlo", control, 0.01, "positive"))


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ((2.0, 0.1, 5.0, 0.1), "reproduced"),
        ((2.19, 0.1, 5.0, 0.1), "reproduced"),
        ((1.81, 0.1, 5.0, 0.1), "reproduced"),
        ((2.21, 0.1, 5.0, 0.1), "not reproduced"),  # beyond two standard errors, on either side
        ((1.79, 0.1, 5.0, 0.1), "not reproduced"),
        ((2.0, 0.1, 2.19, 0.1), "not diagnostic"),  # the untrained machine agrees, too
        ((9.0, 0.1, 2.0, 0.1), "not diagnostic"),
        ((2.0, 0.1, 2.21, 0.1), "reproduced"),  # the untrained machine just does not
        ((2.0, 0.19, 5.0, 0.1), "reproduced"),
        ((2.0, 0.21, 5.0, 0.1), "not diagnostic"),  # too imprecise: more than a tenth of the reference
        ((3.0, 0.21, 5.0, 0.1), "not reproduced"),  # imprecise, but too far away to agree
        ((2.0, nan, 5.0, 0.1), "not diagnostic"),
        ((2.0, 0.1, 2.0, nan), "not diagnostic"),  # the control is at the reference, its error is not known
        ((nan, nan, 5.0, 0.1), "not diagnostic"),
        ((2.0, 0.1, nan, nan), "not diagnostic"),  # there is no control
        ((0.0, 0.0, 5.0, 0.1), "not reproduced"),
    ],
)
def test_against_a_negative_control(evidence, expected):
    assert negative(*evidence) == expected


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ((2.0, 0.01, 2.0), "reproduced"),
        ((2.019, 0.01, 2.0), "reproduced"),
        ((2.021, 0.01, 2.0), "not reproduced"),
        ((2.2, 0.01, 2.1), "reproduced"),  # the miss of the control, 0.1, is an error of the method
        ((1.85, 0.01, 2.1), "reproduced"),
        ((2.21, 0.01, 2.1), "not reproduced"),  # 2 √(0.01² + 0.1²) = 0.201
        ((2.0, 0.01, 2.19), "reproduced"),
        ((2.0, 0.01, 2.21), "not diagnostic"),  # it misses by more than a tenth
        ((2.0, 0.01, 1.79), "not diagnostic"),
        ((2.0, 0.21, 2.0), "not diagnostic"),
        ((nan, nan, 2.0), "not diagnostic"),
        ((2.0, 0.01, nan), "not diagnostic"),
        ((2.0, 0.01, inf), "not diagnostic"),
    ],
)
def test_against_a_positive_control(evidence, expected):
    assert positive(*evidence) == expected


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ((2.0, 0.01, 3.0), "reproduced"),
        ((2.0, 0.01, 2.0), "not diagnostic"),  # it agrees with both
        ((2.01, 0.01, 2.025), "not diagnostic"),
        ((2.01, 0.01, 2.031), "reproduced"),
        ((2.5, 0.01, 2.0), "not reproduced"),  # with neither
        ((2.5, 0.01, 2.5), "not reproduced"),  # with the rival alone
        ((2.0, 0.21, 5.0), "not diagnostic"),
        ((inf, nan, 2.0), "not reproduced"),
        ((2.0, 0.01, nan), "not diagnostic"),
    ],
)
def test_against_a_rival(evidence, expected):
    """Known exactly; the reference is 2."""
    estimate, error, rival = evidence
    assert verdict(estimate, error, REFERENCE, Control("T_mix", rival, 0.0, "rival")) == expected


@pytest.mark.parametrize("reference", [-0.5, 0.125, 1.0, 40.0])
def test_the_rule_has_no_scale_and_no_preferred_sign(reference):
    for estimate, error, expected in ((1.15, 0.08, "reproduced"), (1.17, 0.08, "not reproduced")):
        control = Control("untrained", 3 * reference, abs(reference) / 2, "negative")
        estimate = reference * estimate
        error = abs(reference) * error
        assert verdict(estimate, error, Reference(reference, "exact"), control) == expected


@pytest.mark.parametrize("kind", ["negative", "positive", "rival"])
@pytest.mark.parametrize("reference", [nan, inf])
@pytest.mark.parametrize("control", [1.0, inf])
def test_without_a_finite_reference_nothing_is_told(reference, kind, control):
    for estimate in (1.0, inf):
        given = Reference(reference, "rule"), Control("control", control, 0.1, kind)
        assert verdict(estimate, 0.1, *given) == "not diagnostic"


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ((0.02, 0.01, 0.0), "reproduced"),  # a tenth of a reference of 0 would be 0
        ((0.021, 0.01, 0.0), "not reproduced"),
        ((0.021, 0.01, 0.01), "reproduced"),  # 2 √(0.01² + 0.01²) = 0.028
        ((0.2, 0.01, 0.02), "not reproduced"),
        ((0.2, 0.01, 0.031), "not diagnostic"),
        ((0.02, 0.031, 0.0), "not diagnostic"),
    ],
)
def test_another_tolerance_replaces_the_tenth(evidence, expected):
    estimate, error, control = evidence
    given = Reference(0.0, "exact"), Control("rule", control, 0.01, "positive")
    assert verdict(estimate, error, *given, tolerance=0.03) == expected


def test_infinite_temperatures_are_not_the_reference():
    assert negative(inf, nan, 5.0, 0.1) == "not reproduced"
    assert positive(inf, nan, 2.0) == "not reproduced"
    assert negative(2.0, 0.1, inf, nan) == "reproduced"  # the untrained machine went to T = ∞: the test can tell
    assert negative(2.5, 0.1, inf, nan) == "not reproduced"
