"""The Hamiltonian inside a machine: −F(v) is known for every v, so couplings of local operators are a linear fit to it.

ln p(v) = −F(v) − ln Z = Σ_α K_α S_α(v) + const + what these operators leave unexplained, over the configurations given.
There is no noise but that of the configurations.  The marginal of the hidden units is closed, too, and is fitted alike.
"""

import math

import numpy as np
import pandas as pd

from rbmrg import arguments, operators
from rbmrg.exponents.coupling_names import EQUIVALENT, OPERATORS, OTHERS
from rbmrg.exponents.critical_line import WEIGHTS, equivalent
from rbmrg.rbm.closed_forms import joined, visible_units
from rbmrg.stats import jackknife_error

# A sublattice of a checkerboard is a square lattice turned by 45°, its operators these of the whole lattice.
DIAGONAL = {"nn": "nnn", "nnn": "third", "third": "fifth", "plaquette": "diamond", "field": "field"}
BLOCKS = 20  # of configurations, for the jackknife
COLUMNS = ["operator", "coupling", "error", "unexplained", "unexplained_error"]


def of(machine, spins, names=OPERATORS):
    """The couplings of `machine`, an RBM, over configurations `spins`, int8 ±1 [n, L, L]: a DataFrame of COLUMNS.

    One row for each of the operators `names`, one for EQUIVALENT and OTHERS each, with jackknife errors; `unexplained`
    is the share of the variance of −F that all operators together leave.  The visible units of a checkerboard machine
    are a lattice of their own, with the operators in DIAGONAL.  Raises ValueError if there are fewer configurations
    than BLOCKS, for spins that are not ±1, for unknown names, and if the machine is that of another lattice.
    """
    spins = arguments.spins(spins).astype(np.int8, copy=False)
    names = operators.known(names)
    visible = visible_units(machine, spins)
    if visible is spins:
        return _fit(machine, spins, spins, dict(zip(names, names, strict=True)))
    return _fit(machine, visible, joined(visible, np.zeros_like(visible)), DIAGONAL)


def of_hidden(machine, spins, rng, names=OPERATORS):
    """The couplings of the hidden units of `machine`, drawn given `spins`, in closed form: a DataFrame as that of `of`.

    Hidden units must be l² in the order of a square lattice, as those of a filter are, or those of a checkerboard.
    Raises ValueError for other numbers of units, and as `of` does.
    """
    spins = arguments.spins(spins).astype(np.int8, copy=False)
    names = operators.known(names)
    visible = visible_units(machine, spins)
    hidden = machine.sample_hidden(visible, rng)
    if visible is not spins:
        return _fit(machine.transposed, hidden, joined(np.zeros_like(hidden), hidden), DIAGONAL)
    l = math.isqrt(hidden.shape[1])
    if l * l != hidden.shape[1]:
        raise ValueError(f"{hidden.shape[1]} hidden units: must be l² to be a lattice")
    return _fit(machine.transposed, hidden, hidden.reshape(-1, l, l), dict(zip(names, names, strict=True)))


def _fit(machine, units, lattice, named):
    """`of` for visible `units` of a machine that lie on a `lattice`; `named`: {operator: its name on that lattice}."""
    couplings, unexplained = regression(-machine.free_energy(units), operators.add_up(lattice, list(named.values())))
    return table(list(named), couplings).assign(
        unexplained=unexplained[0], unexplained_error=jackknife_error(unexplained[1:])
    )


def table(names, couplings):
    """The rows of the operators `names`, nn the first, EQUIVALENT and OTHERS: DataFrame operator, coupling, error.

    `couplings` [1 + blocks, operators]: those of all configurations, then without each block.
    """
    total = equivalent(couplings, names)
    values = np.column_stack([couplings, total, (total - couplings[:, 0]) / WEIGHTS["nnn"]])
    rows = [*names, EQUIVALENT, OTHERS]
    return pd.DataFrame({"operator": rows, "coupling": values[0], "error": jackknife_error(values[1:])})


def regression(values, sums):
    """Least squares of `values` [n] on `sums` [n, operators] and a constant, (couplings, unexplained shares).

    Both [1 + BLOCKS, …]: of all configurations, then without each block of them.  Operators that no configuration tells
    apart share what they explain; the coupling of one that never changes is NaN.
    """
    rows = np.column_stack([sums, values]).astype(float)
    size = len(rows) // BLOCKS
    if size == 0:
        raise ValueError(f"{len(rows)} configurations: must be at least {BLOCKS}")
    rows = rows[: size * BLOCKS] - rows.mean(axis=0)
    scale = np.where((spread := rows.std(axis=0)) > 0, spread, 1.0)
    parts = (rows / scale).reshape(BLOCKS, size, -1)
    moments = np.einsum("bni,bnj->bij", parts, parts)
    means = parts.sum(axis=1)
    moments = np.concatenate([[moments.sum(axis=0)], moments.sum(axis=0) - moments])
    means = np.concatenate([[means.sum(axis=0)], means.sum(axis=0) - means])
    counts = size * np.array([BLOCKS] + [BLOCKS - 1] * BLOCKS)[:, None, None]
    covariances = (moments - means[:, :, None] * means[:, None, :] / counts) / counts
    along = covariances[:, :-1, -1:]
    slopes = np.linalg.pinv(covariances[:, :-1, :-1], rcond=1e-12, hermitian=True) @ along
    variance = covariances[:, -1, -1]
    explained = (slopes * along).sum(axis=(1, 2)) / np.where(variance > 0, variance, np.nan)
    unexplained = (1 - explained) * (counts / (counts - slopes.shape[1]))[:, 0, 0]  # the fit has so many parameters
    known = np.where(spread[:-1] > 0, 1.0, np.nan)
    return known * slopes[:, :, 0] * scale[-1] / scale[:-1], unexplained
