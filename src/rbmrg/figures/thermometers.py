"""What each thermometer says of configurations of known temperature: network, exact Bayes and |m|; with T_E beside."""

import matplotlib.pyplot as plt

from rbmrg.figures import style
from rbmrg.thermometers import calibration as calibrations

CONFUSION = {"network 0": "network", "bayes": "Bayes, exact", "magnetisation": "$|m|$ only"}
NETWORK = {"color": style.COLOURS[0], "linewidth": 0.8}
LOOKS = {
    "bayes": {"label": "Bayes", "color": style.COLOURS[1], "linewidth": 1.1, "linestyle": "--", "zorder": 2.5},
    # Bayes lies on |m| below T = 1.8.
    "magnetisation": {"label": "$|m|$", "color": style.COLOURS[2], "linewidth": 1.8, "elinewidth": 0.8},
    "energy": {"label": "$T_E$ of all of one $T$", "color": style.COLOURS[6], **style.DATA},
}


def draw(calibration):
    """Above: mean posteriors of `network 0`, `bayes`, `magnetisation`; below: mean reading less the true temperature.

    `calibration` is the Dataset of `calibration.calibrate`.  T_E = 0, of ground states only, is not drawn.  Numbers:
    the readings.
    """
    figure, axes = plt.subplot_mosaic([[*CONFUSION], ["bias"] * 3], figsize=(style.COLUMN, 4.2), height_ratios=[1, 1.7])
    T = calibration["T"].values
    top = float(calibration.posterior.sel(thermometer=list(CONFUSION)).max())
    for name, title in CONFUSION.items():
        axis = axes[name]
        chosen = calibration.sel(thermometer=name)
        image = axis.pcolormesh(T, T, chosen.posterior.T, cmap="cividis", vmin=0, vmax=top, rasterized=True)
        axis.plot(T, T, color="white", linewidth=0.5)
        axis.set(xlabel="true $T$", aspect="equal")
        axis.set_title(f"{title}\n{float(chosen.cross_entropy.mean()):.3f} nat", fontsize=7)
        axis.locator_params(nbins=4)  # the same of both axes
        axis.tick_params(labelsize=6)
    axes["network 0"].set_ylabel("class $T'$")
    confusion = [axes[name] for name in CONFUSION]
    figure.colorbar(image, ax=confusion, label="mean posterior", orientation="horizontal", shrink=0.7, aspect=40)
    readings = calibrations.readings(calibration)
    _bias(axes["bias"], readings)
    axes["bias"].set_xlim(T[0] - 0.05, T[-1] + 0.05)
    figure.legend(*axes["bias"].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return figure, readings


def _bias(axis, readings):
    """Mean readings less the true temperature; all networks look alike, and one of them has the label."""
    for name, here in readings.groupby("thermometer", sort=False):
        shown = here[here.reading > 0] if name == "energy" else here
        look = LOOKS.get(name, NETWORK | {"label": "network (a line each)" if name == "network 0" else None})
        axis.errorbar(shown["T"], shown.reading - shown["T"], shown.reading_error, **look)
    axis.axhline(0, **style.EXACT)
    style.mark_tc(axis)
    axis.set(xlabel=f"true $T$ / {style.T_UNIT}", ylabel=f"(reading − true $T$) / {style.T_UNIT}")
