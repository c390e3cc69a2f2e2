"""The rule of verdicts: what an estimate says about a claim, given its error, a reference and a control."""

from typing import NamedTuple

import numpy as np

# The rule in words, for the page: a text and no docstring, for an edit of a docstring changes no page.
RULE = """\
A verdict is `reproduced` if the estimate lies within two standard errors of the reference, and `not reproduced` if it
does not.  It is `not diagnostic` if the test could not have told the difference:

* against a negative control (an untrained machine), when the control, too, lies within two of its errors of the
  reference;
* against a rival prediction, when the estimate agrees with both the reference and the rival;
* against a positive control (Monte Carlo data, for which the claim holds by construction), when the control misses the
  reference by more than 10 % of the reference.  A smaller miss is the systematic error of the method and is added in
  quadrature to the error of the estimate;
* when the estimate agrees, but its standard error exceeds 10 % of the reference: such an estimate would agree with
  almost anything;
* when there is no estimate, no control or no finite reference.

The standard error is the larger of the statistical error (within machines) and the seed error (the scatter of machines
divided by √seeds, which contains the statistical error).  If the reference is measured, its error is added in
quadrature to the errors of the estimate and of the control.

The fixed point of a machine (C1) is that of the seeds whose flows are stationary, if these are at least half of all
seeds; otherwise there is no estimate.  Its rival is T_mix, the temperature of the mean energy of the training data: a
machine that was trained at Tc and flows to Tc has learned its data, and says nothing about the renormalization group.

Exponents (C2, C3, C4) are estimated the paper's way (configurations grouped by the class that its network gives them,
plain power laws); Δσ and Δε also the careful way (the second half of stationary flows, torus function).  The positive
control is Monte Carlo data treated in the same way: grouped by the same network, or drawn in equilibrium at the
temperature where the flow ended.

Maps and receptive fields (C5) are those of the largest lattice.  The reference is the RG rule `average`, the negative
control an untrained machine, both at the same layer.

Whether a statistic tells RG from a machine (C6) is tested on single hidden units of the first layer: the errors are
standard deviations over units, written `units ±`.  The verdict is `reproduced` if a unit of the machine resembles an RG
block and a unit of an untrained machine does not.  (A machine whose units are all alike may be closer to the rule in
the mean, which is asked in C5, although none of its units resembles a block.)  The verdict is `not diagnostic` if a
unit of the untrained machine resembles a block as well, or if two standard deviations over the machine's units span
the distance from the reference to the untrained machine; this replaces the 10 % tolerance.  The statistic that sets the
untrained machine farthest apart from the rule comes first.

Changes of temperature from the bottom to a layer (C7) are compared with those of the RG rule `majority`, whose lattices
are spins; the control is an untrained machine.  For the directions, the share of changes that have the sign of the
rule's change is compared with 1.  Its error is the mean of √(p (1 − p)) over the changes, where p is the probability,
given their errors, that the two signs are equal; the true error is smaller unless all readings err together.
Thermometers of a layer in equilibrium agree: at Tc their largest difference is compared with 0, the positive control is
the rule, and 0.03 J/k_B replaces the 10 % tolerance.
"""

VERDICTS = ("reproduced", "not reproduced", "not diagnostic")
AGREEMENT = 2.0  # standard errors
TOLERANCE = 0.1  # of the reference
DISAGREEMENT = 0.03  # J/k_B, the tolerance for thermometers of one layer: the majority rule's agree this well at Tc


class Reference(NamedTuple):
    """What the estimate is compared with; `error` is 0 if it is known exactly."""

    value: float
    source: str
    error: float = 0.0


class Control(NamedTuple):
    """What shows whether the test can tell; `kind` is "positive", "negative" or "rival"."""

    name: str
    estimate: float
    error: float
    kind: str


def verdict(estimate, error, reference, control, tolerance=None):
    """One of VERDICTS by the rule above, for an `estimate` with its standard `error`.

    `reference`: a Reference; `control`: a Control, whose error counts as 0 if it is NaN.  `tolerance` bounds the error
    of the estimate and the miss of a positive control; None: TOLERANCE of the reference.  An estimate or control that
    is NaN is `not diagnostic`.  An infinite estimate is a temperature that differs from the reference.
    """
    if np.isnan(estimate) or np.isnan(control.estimate) or not np.isfinite(reference.value):
        return "not diagnostic"
    if np.isinf(estimate):
        return "not reproduced"
    tolerance = TOLERANCE * abs(reference.value) if tolerance is None else tolerance
    error = np.hypot(error, reference.error)
    control_error = np.hypot(np.nan_to_num(control.error), reference.error)
    miss = abs(control.estimate - reference.value)
    if control.kind == "positive" and miss > tolerance:
        return "not diagnostic"
    if control.kind == "negative" and miss <= AGREEMENT * np.nan_to_num(control_error):
        return "not diagnostic"
    scale = np.hypot(error, miss) if control.kind == "positive" else error
    if abs(estimate - reference.value) > AGREEMENT * scale:
        return "not reproduced"
    apart = abs(estimate - control.estimate)
    if control.kind == "rival" and apart <= AGREEMENT * np.hypot(error, control_error):
        return "not diagnostic"
    return "reproduced" if error <= tolerance else "not diagnostic"
