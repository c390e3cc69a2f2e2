"""The infinite lattice: Onsager's energy and Yang's spontaneous magnetisation."""

import numpy as np

from rbmrg import arguments
from rbmrg.lattice import TC


def onsager_energy(T):
    """Energy per spin of the infinite lattice at temperature(s) T, in units of J.  Onsager, Phys. Rev. 65, 117 (1944).

    Above T = 1e3, where the closed form loses digits, −2t − 4t³ with t = tanh K, whose next term is of order t⁵.
    Raises ValueError for T < 0 or NaN.
    """
    from scipy import special

    T = arguments.temperatures(T)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        t = np.tanh(1 / T)
        tanh = np.tanh(2 / T)
        k = 2 * tanh**2 - 1  # the complementary modulus: 0 at Tc
        energy = -(1 + np.where(k == 0, 0, 2 / np.pi * k * special.ellipkm1(k**2))) / tanh
    return np.where(T > 1e3, 0.0 - 2 * t - 4 * t**3, energy)[()]


def yang_magnetisation(T):
    """Spontaneous magnetisation of the infinite lattice at temperature(s) T.  Yang, Phys. Rev. 85, 808 (1952).

    Raises ValueError for T < 0 or NaN.
    """
    T = arguments.temperatures(T)
    cold = np.clip(T, 0.01, TC)  # below 0.01 it is 1 to the last bit, and sinh overflows
    return np.where(T < TC, np.maximum(1 - np.sinh(2 / cold) ** -4, 0) ** 0.125, 0.0)[()]
