"""The statistical error of y_t and y_h against CPU time, on logarithmic axes."""

import numpy as np

from rbmrg.figures import style

LOOKS = {"y_t": ("$y_t$", style.COLOURS[0], "o"), "y_h": ("$y_h$", style.COLOURS[1], "s")}

TICKS = [digit * 10.0**power for power in range(-2, 5) for digit in (1, 2, 5)]  # s


def draw(table):
    """(figure, its numbers) of `table`, a DataFrame of rows of `rbmrg.benchmarks.exponents.measure`.

    Lines fall as one over the square root of the time, through the geometric mean of the errors.
    """
    figure, axes = style.panels(1, 1, style.COLUMN, 2.8)
    axis = axes[0, 0]
    for name, (symbol, colour, marker) in LOOKS.items():
        error = table[f"{name}_error"]
        scale = np.exp(np.mean(np.log(error * np.sqrt(table.cpu_s))))
        axis.plot(table.cpu_s, error, color=colour, marker=marker, markersize=4, linestyle="none")
        axis.plot(table.cpu_s, scale / np.sqrt(table.cpu_s), color=colour, linewidth=0.7)
        label = rf"{symbol}: ${scale:.2g}\,/\sqrt{{t/\mathrm{{s}}}}$"
        axis.plot([], [], color=colour, marker=marker, markersize=4, linewidth=0.7, label=label)
    axis.set(xscale="log", yscale="log", xlabel="CPU time / s, sampling included", ylabel="standard error")
    ticks = [tick for tick in TICKS if table.cpu_s.min() / 2 < tick < 2 * table.cpu_s.max()]
    axis.set_xticks([], minor=True)
    axis.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.legend(title=f"majority, {table.L.iloc[0]} → …, step {table.step.iloc[0]}")
    return figure, table
