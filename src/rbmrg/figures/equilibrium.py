"""Are the ends of flows Ising configurations?  z of every observable: at T_E, and against the training mixture."""

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import BoundaryNorm, ListedColormap

from rbmrg.figures import sources, style
from rbmrg.flows.comparison import PASSED

BOUNDS = [-1000, -300, -100, -30, -10, -PASSED, PASSED, 10, 30, 100, 300, 1000]
TITLES = {
    "equilibrium": "end of the flow $-$ equilibrium at $T_E$",
    "mixture": "end of the flow $-$ equilibria of the training data",
}
SYMBOLS = {
    "energy": "$E$", "energy_variance": r"var $E$", "abs_magnetisation": "$|m|$", "magnetisation": "$m$",
    "binder": "Binder", "nearest": "G(0,1)",
}  # fmt: skip
# Blue to red in the bins of `BOUNDS` and beyond, white in the middle one; grey where there is nothing to test.
SHADES = colormaps["RdBu_r"](np.linspace(0, 1, len(BOUNDS) + 1))
SHADES[len(BOUNDS) // 2] = 1
PALETTE = ListedColormap(SHADES).with_extremes(bad="0.85")
ROW = 0.135  # inches


def draw(tests):
    """A panel for each reference, a cell for each machine of `sources.in_rows` and observable.

    `tests`: tables of `equilibrium.assess` with the columns machine, seed, stationary.  Numbers: those of all machines,
    see `median`, how many seeds are stationary, and whether they are `shown`.
    """
    machines = list(sources.in_rows(tests).machine)
    numbers = median(tests)
    numbers["shown"] = numbers.machine.isin(machines)
    shown = numbers[numbers.shown].sort_values("machine", key=lambda name: name.map(machines.index), kind="stable")
    references = [name for name in TITLES if (shown.reference == name).any()]
    rows = [shown.machine[shown.reference == name].nunique() for name in references]
    height = 0.6 + 0.7 * len(rows) + ROW * sum(rows)
    figure, axes = style.panels(len(references), 1, style.COLUMN, height, height_ratios=rows)
    norm = BoundaryNorm(BOUNDS, PALETTE.N, extend="both")
    for axis, name in zip(axes[:, 0], references, strict=True):
        image = _cells(axis, shown[shown.reference == name], norm)
        axis.set_title(TITLES[name], fontsize=7.5, pad=4, loc="right")
    bar = figure.colorbar(
        image,
        ax=axes,
        location="bottom",
        shrink=0.8,
        aspect=50,
        ticks=[-1000, -100, -10, 10, 100, 1000],
        spacing="uniform",
    )
    bar.ax.tick_params(labelsize=6)
    bar.set_label(rf"difference in $\sigma$; white: $|z|<{PASSED:g}$, passed")
    return figure, numbers


def median(tests):
    """For each machine, reference and observable the row of the seed with the median |z|, the upper one of two.

    So |z| < PASSED says that more than half of the seeds have passed; a z that is not a number has not.  Columns
    `seeds` and `seeds_stationary` count them.
    """
    cell = ["machine", "reference", "observable"]
    order = tests[cell].drop_duplicates()
    ordered = tests.assign(size=tests.z.abs().fillna(np.inf)).sort_values("size", kind="stable")
    groups = ordered.groupby(cell)
    middle = order.merge(ordered[groups.cumcount() == groups["size"].transform("size") // 2], on=cell)
    seeds = tests.drop_duplicates(["machine", "seed"]).groupby("machine").stationary
    counts = {"seeds": middle.machine.map(seeds.size()), "seeds_stationary": middle.machine.map(seeds.sum())}
    return middle.drop(columns=["size", "stationary"]).assign(**counts)


def _cells(axis, numbers, norm):
    """The heat map of one reference, with the numbers."""
    machines = list(numbers.machine.unique())
    # Stable, with the energy first, which is tested at T_E only where this is 0 or infinite.
    observables = sorted(numbers.observable.unique(), key=lambda name: name != "energy")
    z = numbers.pivot(index="machine", columns="observable", values="z").reindex(index=machines, columns=observables)
    tested = numbers.pivot(index="machine", columns="observable", values="seed").reindex_like(z).notna().to_numpy()
    z = z.to_numpy(float)
    shown = np.clip(z, 2 * BOUNDS[0], 2 * BOUNDS[-1])  # ±∞ too
    image = axis.imshow(shown, cmap=PALETTE, norm=norm, aspect="auto")
    for row, column in np.argwhere(tested):
        color = "white" if abs(z[row, column]) >= 100 else "black"
        axis.text(column, row, _written(z[row, column]), ha="center", va="center", fontsize=5.5, color=color)
    one = numbers.drop_duplicates("machine")
    marks = np.where(one.seeds_stationary < one.seeds, " *", "")
    axis.set_yticks(range(len(machines)), [f"{name}{mark}" for name, mark in zip(one.machine, marks, strict=True)])
    axis.set_xticks(range(len(observables)), [SYMBOLS.get(name, name) for name in observables], rotation=90)
    axis.tick_params(length=0, labelsize=6)
    axis.set_xticks(np.arange(len(observables) - 1) + 0.5, minor=True)
    axis.set_yticks(np.arange(len(machines) - 1) + 0.5, minor=True)
    axis.grid(which="minor", color="0.9", linewidth=0.4)
    axis.tick_params(which="minor", length=0)
    return image


def _written(z):
    """z without decimals; `–` if it is not a number."""
    if not np.isfinite(z):
        return "–" if np.isnan(z) else "∞" if z > 0 else "−∞"
    return f"{z:z.0f}".replace("-", "−")  # without a sign of zero
