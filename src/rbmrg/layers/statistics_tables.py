"""Statistics of all units of a layer, means over them and the errors of these means."""

import numpy as np
import pandas as pd

from rbmrg.layers.maps import PARTS, jackknife_of_parts
from rbmrg.layers.statistics import STATISTICS, Pattern, choices, measure, part, ratio

LINEAR = ("average", "contrast")  # in x, but for what is chosen: no product of two noises
SEEN = 4.0  # standard errors by which the denominator of a ratio must differ from 0


def over_units(parts, replicas, pattern, factor):
    """(DataFrame statistic, units, mean, error, spread; values [statistics, units]), in the order of STATISTICS.

    `parts` [4, units, L, L]: maps or receptive fields from four parts of the samples; `replicas` [4, blocks, units, L,
    L]: of each part without each of its blocks; `pattern` [L, L]: the map of an RG rule whose blocks have `factor` ×
    `factor` sites.

    values: NaN where the denominator is not SEEN above its error, as for a unit that sees nothing; the `units` that are
    left count.  mean: over these units; where they are not all, it is that of units with the larger maps.  error: the
    jackknife over samples of that mean, `jackknife_of_products` unless the statistic is LINEAR.  spread: the standard
    deviation over units, noise included (NaN for a single unit).  Raises ValueError if the number of blocks of a part
    is even.
    """
    pattern = Pattern(pattern, factor)
    whole = [part(x, pattern) for x in parts]
    less = [[part(x, pattern) for x in blocks] for blocks in replicas]
    chosen = choices(whole, factor)

    def without(blocks):
        """Numerators and denominators, [statistics, 2, units], without a block of some parts, {part: block}."""
        left = [less[p][blocks[p]] if p in blocks else each for p, each in enumerate(whole)]
        return _array(measure(left, pattern, choices(left, factor, chosen, blocks)))

    full = _array(measure(whole, pattern, chosen))
    alone = np.array([[without({p: block}) for block in range(len(blocks))] for p, blocks in enumerate(less)])
    joint = np.array([without(dict(enumerate(row))) for row in pairings(replicas.shape[1])])
    seen = full[:, 1] > SEEN * jackknife_of_parts(alone[:, :, :, 1])
    values = _values(full, seen)
    rows = []
    for k, statistic in enumerate(STATISTICS):
        known, *others = (_values(found[..., k, :, :], seen[k])[..., seen[k]] for found in (full, alone, joint))
        mean = known.mean() if len(known) else np.nan
        error = _error(statistic, mean, *(each.mean(axis=-1) for each in others)) if len(known) else np.nan
        spread = known.std(ddof=1) if len(known) > 1 else np.nan
        rows.append((statistic, len(known), mean, error, spread))
    return pd.DataFrame(rows, columns=["statistic", "units", "mean", "error", "spread"]), values


def _error(statistic, mean, alone, joint):
    """The error of the mean over units from those without single blocks, and without one block of each part."""
    return jackknife_of_parts(alone) if statistic in LINEAR else jackknife_of_products(mean, alone, joint)


def _array(measured):
    return np.array(list(measured.values()))


def _values(ratios, seen):
    """Numerator / denominator of `ratios` [..., 2, units]; NaN for units that are not `seen`."""
    return np.where(seen, ratio(ratios[..., 0, :], ratios[..., 1, :]), np.nan)


def pairings(blocks):
    """Rows [blocks², PARTS] of one block of each part, in which each two parts have every pair of blocks once.

    An orthogonal array of strength 2: Rao, Suppl. J. R. Stat. Soc. 9, 128 (1947).  Raises ValueError for an even number
    of blocks.
    """
    if blocks % 2 == 0:
        raise ValueError(f"{blocks} blocks in a part: must be odd")
    i, j = np.divmod(np.arange(blocks**2), blocks)
    return np.stack([i, j, (i + j) % blocks, (i + 2 * j) % blocks], axis=1)


def jackknife_of_products(value, replicas, joint):
    """The jackknife error of a function of products of two noisy parts, from its `value` with all samples.

    `replicas` [parts, blocks] are as in `jackknife_of_parts`, whose variance counts what two parts cause together, the
    product of their noises, for each of them.  So the part of `joint` [blocks²], the values without the blocks of each
    row of `pairings`, that is not the sum of what the single blocks change, is subtracted: Efron & Stein, Ann. Stat. 9,
    586 (1981).  It is half of that variance at most.
    """
    variance = jackknife_of_parts(replicas) ** 2
    blocks = replicas.shape[1]
    alone = (replicas - value)[np.arange(PARTS), pairings(blocks)].sum(axis=1)
    together = (blocks - 1) ** 2 * ((joint - value - alone) ** 2).mean()
    return np.sqrt(variance - min(together, variance / 2))
