"""Two-point functions of the critical Ising model on the L × L torus, by conformal field theory.

They are no power laws.  Di Francesco, Saleur & Zuber, Nucl. Phys. B 290, 527 (1987), for the square torus, τ = i.
The site (y, x) is at z = (x + iy)/L; the scaling dimensions are Δσ = 1/8 and Δε = 1.
"""

import numpy as np

from rbmrg import arguments

_TERMS = np.arange(-6, 7)  # for |Im z| ≤ 1/2 the first omitted term is below 1e-40 of the sum


def _theta(nu, z):
    """Jacobi's θ_ν(z|i), ν = 1 … 4, complex in the shape of z: Σ_n (±1)^n q^{k²} e^{2πikz}, q = e^{−π}, k = n + ½ or n.

    θ₁ lacks its constant phase −i, as only moduli are used here.
    """
    k = _TERMS + 0.5 * (nu in (1, 2))
    signs = np.where(_TERMS % 2, -1.0, 1.0) if nu in (1, 4) else 1.0
    z = np.asarray(z, complex)[..., None]
    return (signs * np.exp(-np.pi * k**2 + 2j * np.pi * k * z)).sum(-1)


_THETA = {nu: abs(complex(_theta(nu, 0))) for nu in (2, 3, 4)}
_SUM = sum(_THETA.values())  # 2|η| times the partition function
_THETA1_PRIME = np.pi * _THETA[2] * _THETA[3] * _THETA[4]


def _displacements(L):
    """z = (x + iy)/L with |Re z|, |Im z| ≤ 1/2, complex [L, L], but 1/2 at the origin, where everything has a pole."""
    along = np.fft.fftfreq(arguments.integer("L", L, 2))
    z = along + 1j * along[:, None]
    z[0, 0] = 0.5
    return z


def _without_origin(correlation):
    correlation[0, 0] = np.nan
    return correlation


def spin_correlation(L):
    """⟨σ(0) σ(y, x)⟩ at Tc, float64 [L, L], NaN at the origin, scaled to approach r^{−1/4} at r ≪ L.

    The function of the lattice is 0.70338… times this one (Wu, McCoy, Tracy & Barouch 1976).  Raises ValueError for
    L < 2.
    """
    z = _displacements(L)
    sectors = sum(np.abs(_theta(nu, z / 2)) for nu in (1, 2, 3, 4)) / _SUM
    return _without_origin((_THETA1_PRIME / np.abs(_theta(1, z)) / L) ** 0.25 * sectors)


def energy_correlation(L):
    """⟨ε(0) ε(y, x)⟩ − ⟨ε⟩² at Tc, float64 [L, L], NaN at the origin, scaled to approach r^{−2} at r ≪ L.

    In this scale ⟨ε⟩ = θ₁'/(L Σ_ν θ_ν), and the energy per spin (two bonds) is −√2 − (2/π) ε.
    Raises ValueError for L < 2.
    """
    z = _displacements(L)
    propagators = (np.abs(_theta(nu, z) * _THETA1_PRIME / _theta(1, z)) ** 2 / _THETA[nu] for nu in (2, 3, 4))
    return _without_origin((sum(propagators) / _SUM - (_THETA1_PRIME / _SUM) ** 2) / L**2)
