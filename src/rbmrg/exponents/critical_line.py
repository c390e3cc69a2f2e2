"""The critical surface of Ising Hamiltonians near that of nearest neighbours alone, to first order in the couplings.

At Tc a weak coupling K_α acts as its share r_α of the energy: the model Σ_α K_α S_α is critical if Σ_α r_α K_α = K_c.
r_α is the ratio of the terms δ ln|δ|, δ ∝ K − K_c, in ⟨S_α⟩ and in ⟨S_nn⟩.  With g the amplitude of that term in
⟨σσ'⟩ in units of that of neighbours, and G = ⟨σσ'⟩ at Tc (McCoy & Wu, The Two-Dimensional Ising Model, 1973):

* G(0,1) = 1/√2, G(1,1) = 2/π, G(0,2) = 1 − 4/π², G(1,2) = G(1,1)²/G(0,1) = 4√2/π², G(2,2) = 16/(3π²);
* s [G(M,N) G(M+1,N+1) − G(M,N+1) G(M+1,N)], s = sinh 2K, is that of the dual lattice up to its sign (McCoy, Perk & Wu,
  Phys. Rev. Lett. 46, 757, 1981), where g is −g: the brackets have no such term.  So g(1,1) = √2 from (0,0), g(1,2) = 2
  from (0,1), g(2,2) = 16√2/3π from (1,1);
* row correlations are Toeplitz determinants of a_n, all of whose amplitudes are that of a_0 = G(0,1):
  g(0,2) = 2a_0 − a_1 − a_{−1} = 4√2/π;
* spins of one face of a planar lattice are Pfaffians: plaquette = 2G(0,1)² − G(1,1)²;
* ⟨σ s⟩ = ⟨tanh(K Σ s) s⟩ for a spin and its four neighbours s gives the product of these: 4√2 (4/π − 1).

`tests/exponents/test_critical_line.py` compares them with what finite lattices say.
"""

import numpy as np

from rbmrg.lattice import TC

KC = 1 / TC
# r_α: amplitudes times images of an operator, over those of the two neighbours of a site.
WEIGHTS = {
    "nn": 1.0,
    "nnn": np.sqrt(2),
    "third": 4 * np.sqrt(2) / np.pi,
    "knight": 4.0,
    "plaquette": np.sqrt(2) * (1 - 2 / np.pi),
    "fifth": 16 * np.sqrt(2) / (3 * np.pi),
    "diamond": 2 * np.sqrt(2) * (4 / np.pi - 1),
    "field": 0.0,  # odd
}


def equivalent(couplings, names):
    """The nearest-neighbour coupling Σ_α r_α K_α as far from criticality, of `couplings` [..., operators] → [...]."""
    return np.asarray(couplings) @ np.array([WEIGHTS[name] for name in names])
