"""The rule of verdicts: an interval against a region."""

from typing import NamedTuple

from rbmrg.lattice import TC

# The rule in words, for the page: a text and no docstring, for an edit of a docstring changes no page.
RULE = """\
A claim is a *region* of one quantity, the same for all machines.  An estimate is a *95 % interval*: Student's t over
machines where there are three or more of a kind, otherwise the interval of a single machine, which then speaks of
"this machine" only.  Where all machines read the same configurations (C5, C7 to C9), the statistical error of these,
which is not in the scatter, is added in quadrature.  The verdict is

* `reproduced` if the interval lies inside the region;
* `not reproduced` if it lies outside;
* `undecided` if it crosses an edge of the region: more data would tell;
* `not diagnostic` if the test cannot tell: the method fails on data whose answer is known, or the interval lies inside
  but a rival explanation predicts the same region.  The reason is given.

A claim about several quantities is reproduced if every interval lies inside its region, and not reproduced as soon as
one lies outside.  The same holds for the answer to a claim from several rows, which is therefore wrong up to as many
times as often as one row, 2.5 % at worst.

The regions:

* C1, where flows end: T_E within 0.1 J/k_B of Tc, the width of a class of the paper's thermometer; at L = 10 the
  maximum of the specific heat, 2.345, lies inside.  Energies are averaged, not temperatures.  If the ends from the
  coldest and the hottest start differ, or still move, each end is a row, its interval extended by the drift of the
  second half of the flow, which is enough after three relaxation times; in C2 to C4 the start nearest Tc speaks for
  such a flow.  Rival: a machine whose training data have a mean energy inside the region may only have learned its
  data.
* C2: the ratio of the mean magnetisation, without sign, of the flow to that of the Ising model at T_E, 1 ± 10 %.
  Rival: independent spins with the same energy.  The paper's exponent is not testable at L = 10.
* C3: Δσ = 1/8 ± 10 % *and*, with the known amplitude, at most twice 1/8: noise without correlation has any Δσ.
  C4: Δε = 1 ± 10 % *and* what C3 asks, for Δε alone does not see criticality.  All methods must find Monte Carlo data
  at Tc inside the region.  With the amplitude, two-point functions are averaged, not dimensions, which may be ∞.
* C5 and C6: the band that genuine RG rules span, widened by a tenth of its distance from the untrained machine.  A
  statistic tells only if each rule lies in the band of the other rules and the untrained machine does not.  C5 asks for
  the mean over the hidden units that can be measured, which are to be 0.9 of all or more; C6 for the share of single
  units that lie inside, which is to be 0.9 or more; each rule must pass that by the band of the others.
* C7: the change of 1/T from the bottom to a layer, read by thermometers that no relabelling of hidden units changes,
  has the sign of the majority rule's change and half to twice its size.  (Decimation leaves the magnetisation as it is,
  so below Tc these thermometers do not see that it is an RG step; averages are no spins.)
* C8: −F(v) of a machine of one temperature, fitted by local operators over configurations of that temperature: K_nn is
  1/T ± 2 % *and* every other coupling is within 0.01 of 0 *and* 0.2 % of the variance of −F, or less, is left
  unexplained.
* C9: Σ r K, the nearest-neighbour coupling that is as far from criticality to first order in all couplings, is K_c
  ± 5 % (that of decimation by √2, which is critical, is 2 % more), for hidden units of a machine trained at Tc, *and*
  their field is within 0.01 of 0 *and* 1 % of the variance, or less, is left unexplained.  Hidden units of a dense
  machine are placed where their weights are; if less than half of these lie there, they have no places, and nothing can
  be told.  RG rules, and filters that are used as rules, are judged by the blocks that they make of data at Tc, their
  interval extended by what two more operators change.
* C10: y_t = 1 ± 0.02 *and* y_h = 15/8 ± 0.003, each at the first step of Monte Carlo RG that agrees
  with the step before to within these 0.02 and 0.003, or at the last step.  All sources read the same configurations,
  so each seed speaks for itself.  The method tells only if the majority rule is inside and decimation is not.  A dense
  machine whose units are placed makes one step: it tells if the units have places, as in C9, and if the method tells by
  the first step.
"""

VERDICTS = ("reproduced", "not reproduced", "undecided", "not diagnostic")


class Region(NamedTuple):
    """Where a quantity lies if a claim holds."""

    low: float
    high: float

    def holds(self, value):
        """Whether `value` lies inside, ends included."""
        return bool(self.low <= value <= self.high)


REGIONS = {
    "temperature": Region(TC - 0.1, TC + 0.1),
    "magnetisation": Region(0.9, 1.1),
    "spin": Region(0.9 / 8, 1.1 / 8),
    "energy": Region(0.9, 1.1),
    "correlated": Region(-float("inf"), 0.25),
    "share": Region(0.9, float("inf")),
    "change": Region(0.5, 2.0),
    "nearest": Region(0.98, 1.02),
    "other": Region(-0.01, 0.01),
    "unexplained": Region(-float("inf"), 0.002),
    "equivalent": Region(0.95, 1.05),
    "field": Region(-0.01, 0.01),
    "local": Region(-float("inf"), 0.01),
    "y_t": Region(0.98, 1.02),
    "y_h": Region(1.872, 1.878),
}


def verdict(tests, fault="", rival=""):
    """One of VERDICTS for `tests`, a list of (`stats.Interval`, Region), which must all be passed.

    `fault`: why the method cannot tell; `rival`: what else predicts the region.  Both are "" if there is none.  Without
    a test, or with an interval of NaN, all is undecided.
    """
    if fault:
        return "not diagnostic"
    if tests and all(region.low <= found.low and found.high <= region.high for found, region in tests):
        return "not diagnostic" if rival else "reproduced"
    if any(found.high < region.low or found.low > region.high for found, region in tests):
        return "not reproduced"
    return "undecided"


def together(verdicts):
    """The verdict of several rows: reproduced if all are, not reproduced if one is not; what cannot tell is left out.

    It is `not diagnostic` if no row can tell.
    """
    telling = [one for one in verdicts if one != "not diagnostic"]
    if not telling:
        return "not diagnostic"
    if "not reproduced" in telling:
        return "not reproduced"
    return "undecided" if "undecided" in telling else "reproduced"
