"""Momentum space: which wavelengths the weights of a machine hold, and which its flow keeps (arXiv:2012.03531).

Momenta are k = 2π/L (ky, kx), in the order of numpy's FFT; k̂² = 4 − 2cos ky − 2cos kx, from 0 to 8, is their
eigenvalue of the lattice Laplacian.  Its mean over all k is 4, as for a vector of white noise.
"""

import numpy as np
import pandas as pd

from rbmrg.correlators import BLOCKS
from rbmrg.stats import block_means, jackknife_error, leave_one_out

ABSENT = 1e-9  # S(k) below this is rounding: one flipped spin in one of 10⁵ ordered configurations at L = 64 gives 1e-8


def squared_momentum(L):
    """k̂² of every momentum, float64 [L, L]."""
    one = 2 - 2 * np.cos(2 * np.pi * np.arange(L) / L)
    return one[:, None] + one[None, :]


def shells(L):
    """Momenta of equal k̂², to 9 digits: (increasing k̂² [m], number of momenta of each [m], shell of each k [L²])."""
    k2, index, count = np.unique(np.round(squared_momentum(L), 9), return_inverse=True, return_counts=True)
    return k2, count, index.ravel()


def by_shell(values):
    """Averages of `values` [..., L, L] over momenta of equal k̂² → [..., m], in the order of `shells`."""
    L = np.shape(values)[-1]
    k2, _, index = shells(L)
    flat = np.reshape(values, (*np.shape(values)[:-2], L * L))
    return np.stack([flat[..., index == shell].mean(axis=-1) for shell in range(len(k2))], axis=-1)


def weight_power(W, L):
    """|W(k)|² = (1/N) |Σ_x e^{−ikx} W_xa|², averaged over hidden units a: `W` [L², hidden] → float64 [L, L].

    Its sum over k is Σ W² / hidden (Parseval), so its mean over k is the mean square of a weight; independent weights
    have this value at every k.  Raises ValueError if W is not one weight for each site and hidden unit.
    """
    return np.mean(_power(_lattices(W, L)), axis=0)


def singular_values(W, L):
    """(singular values, k̂², participation), each [min(L², hidden)], of `W` [L², hidden], largest singular value first.

    k̂² is the mean squared momentum Σ_k |u(k)|² k̂² / Σ_k |u(k)|² of the left singular vector u(x); the participation
    1/Σ_x u⁴ is the number of sites over which it spreads.  Equal singular values fix only the subspace of their
    vectors: the k̂² and the participation of a single vector then depend on the basis LAPACK chose (the sum of k̂² over
    the subspace does not).  Raises ValueError as `weight_power` does.
    """
    u, values, _ = np.linalg.svd(_lattices(W, L).reshape(-1, L * L).T, full_matrices=False)
    power = _power(u.T.reshape(-1, L, L))
    k2 = np.sum(power * squared_momentum(L), axis=(-2, -1)) / power.sum(axis=(-2, -1))
    return values, k2, 1 / np.sum(u**4, axis=0)


def structure_factor(spins, blocks=BLOCKS):
    """Block means of S(k) = (1/N) |Σ_x e^{−ikx} s_x|²: `spins` [n, L, L] → float64 [blocks, L, L].

    Nothing is subtracted: S(0) = N m².  Σ_k S(k) = N in every configuration, and ⟨S⟩ = 1 at T = ∞.
    """
    return block_means(_power(spins), blocks)


def momentum_table(W, flow_spins, data_spins):
    """Spectra of weights `W` [L², hidden], flowed and true configurations [n, L, L], by shells of equal k̂²: DataFrame.

    Columns: k2; count, the number of momenta in the shell; the means over them weight_power, S_flow and S_data; the
    ratio S_flow/S_data; and jackknife errors over blocks of at least four configurations.  The two sets are
    independent, so their contributions to the error of the ratio add in quadrature.  Where the data lack a momentum
    (T = 0) the ratio is NaN.  Raises ValueError if shapes do not fit or a set has fewer than eight configurations.
    """
    L = np.shape(data_spins)[-1]
    flow, data = (by_shell(structure_factor(spins, min(BLOCKS, len(spins) // 4))) for spins in (flow_spins, data_spins))
    S_flow = flow.mean(axis=0)
    S_data = data.mean(axis=0)
    if S_flow.shape != S_data.shape:
        shapes = f"{np.shape(flow_spins)} and {np.shape(data_spins)}"
        raise ValueError(f"flow and data of shapes {shapes}: must have the same lattice size")
    k2, count, _ = shells(L)
    return pd.DataFrame(
        {
            "k2": k2,
            "count": count,
            "weight_power": by_shell(weight_power(W, L)),
            "S_flow": S_flow,
            "S_flow_error": jackknife_error(leave_one_out(flow)),
            "S_data": S_data,
            "S_data_error": jackknife_error(leave_one_out(data)),
            "ratio": _ratio(S_flow, S_data),
            "ratio_error": np.hypot(
                jackknife_error(_ratio(leave_one_out(flow), S_data)),
                jackknife_error(_ratio(S_flow, leave_one_out(data))),
            ),
        }
    )


def singular_table(W, L):
    """`singular_values` of `W` [L², hidden] as a DataFrame: rank (from 1), singular_value, k2, participation."""
    values, k2, participation = singular_values(W, L)
    rank = np.arange(1, len(values) + 1)
    return pd.DataFrame({"rank": rank, "singular_value": values, "k2": k2, "participation": participation})


def _power(fields):
    """(1/N) |Σ_x e^{−ikx} f(x)|² of each field [..., L, L]."""
    return np.abs(np.fft.fft2(fields)) ** 2 / np.prod(np.shape(fields)[-2:])


def _lattices(W, L):
    """The weights of each hidden unit on the lattice, float64 [hidden, L, L]."""
    W = np.asarray(W, dtype=np.float64)
    if W.ndim != 2 or len(W) != L * L:
        raise ValueError(f"W of shape {W.shape} on the {L} × {L} lattice: must be [{L * L}, hidden] to have momenta")
    return W.T.reshape(-1, L, L)


def _ratio(numerator, denominator):
    """Their ratio, NaN where the denominator is zero up to rounding."""
    return numerator / np.where(denominator > ABSENT, denominator, np.nan)
