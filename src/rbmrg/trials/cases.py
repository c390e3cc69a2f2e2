"""Ensembles whose truth is known: Monte Carlo data at and near Tc, and the same with their sites rearranged."""

from math import inf
from typing import NamedTuple

from rbmrg.lattice import TC


class Case(NamedTuple):
    """Configurations at temperature `T`; of a `share` of them the sites are rearranged as `sites` says."""

    T: float
    sites: str = "lattice"
    share: float = 1.0
    T_E: float | None = None  # of the energy, where it is not T: −2(N⟨m²⟩ − 1)/(N − 1) or −2⟨m²⟩ per spin at L = 10
    power: bool = False  # a distance for the table of power, no known answer: a fourth of the replicas will do

    def replicas(self, most):
        """How many of `most` replicas are judged."""
        return -(-most // 4) if self.power else most


PARTS = 4  # jobs of about as many replicas each
DISTANCES = (-0.12, -0.08, -0.05, -0.02, 0.02, 0.05, 0.08, 0.12)  # from Tc
CASES = {
    "monte-carlo-Tc": Case(TC),
    "coins": Case(inf),  # what an untrained machine flows to
    **{f"monte-carlo-{T:g}": Case(T) for T in (2.0, 2.2, 2.4, 2.6)},
    "shuffled": Case(TC, "shuffled", T_E=2.473),
    "independent": Case(TC, "independent", T_E=2.467),
    **{f"monte-carlo-Tc{d:+g}": Case(TC + d, power=True) for d in DISTANCES},
    **{f"shuffled-{share:g}": Case(TC, "shuffled", share, power=True) for share in (0.2, 0.4, 0.6)},
}


def part(number):
    """Names of the cases of one of the PARTS, from 0."""
    return list(CASES)[number::PARTS]
