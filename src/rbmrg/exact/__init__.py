"""What is known exactly of the Ising model on the L × L torus and on the infinite lattice, behind one door.

J = k_B = 1, N = L², K = 1/T, energies E = −2N + 2j with j broken bonds, 0 ≤ j ≤ 2N.
"""

from rbmrg.exact.configurations import (
    LARGEST_ENUMERATED,
    energy_distribution,
    enumerate_states,
    log_mixture,
    log_probability,
    mixture_entropy,
)
from rbmrg.exact.counting import LARGEST_COUNTED, density_of_states
from rbmrg.exact.infinite import onsager_energy, yang_magnetisation
from rbmrg.exact.thermodynamics import (
    energy_per_spin,
    entropy,
    log_partition,
    specific_heat,
    specific_heat_maximum,
    temperature_of_energy,
)
from rbmrg.lattice import TC

__all__ = [
    "LARGEST_COUNTED",
    "LARGEST_ENUMERATED",
    "TC",
    "density_of_states",
    "energy_distribution",
    "energy_per_spin",
    "entropy",
    "enumerate_states",
    "log_mixture",
    "log_partition",
    "log_probability",
    "mixture_entropy",
    "onsager_energy",
    "specific_heat",
    "specific_heat_maximum",
    "temperature_of_energy",
    "yang_magnetisation",
]
