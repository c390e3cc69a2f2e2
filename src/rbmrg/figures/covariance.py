"""Spectra of the covariance between hidden units: whether a layer keeps critical fluctuations on all scales."""

import numpy as np
import pandas as pd

from rbmrg.figures import sources, style

TITLES = {"rule": "RG rules", "machine": "machines"}
POWER = -7 / 8  # S(k) ~ k^(η − 2), η = 1/4, and the rank grows as k² in two dimensions
GUIDE = {"color": "black", "linestyle": ":", "linewidth": 0.9, "zorder": 1}
LOWEST = 1e-5  # of the trace


def draw(maps):
    """RG rules above, machines below: sources whose first layer is on the largest lattice.

    `maps`: Datasets of all layers with `eigenvalue` of the hidden–hidden covariance (see `maps.layers`).  Numbers:
    eigenvalues in units of the trace by rank, means over seeds; errors are the larger of the statistical error and the
    scatter between seeds.
    """
    numbers = average(maps)
    described = pd.DataFrame([source.attrs for source in maps])
    described = described[described.source.isin(numbers.source)]
    looks = sources.looks(sources.of_machines(described))
    colours = {"rule": {}, "machine": {name: look["color"] for name, look in looks.items()}}
    for place, name in enumerate(numbers.source[numbers.kind == "rule"].unique()):
        colours["rule"][name] = style.COLOURS[place % 6]
    smallest = max(numbers.share[numbers.share > 0].min(), LOWEST)
    titles = {kind: title for kind, title in TITLES.items() if kind in set(numbers.kind)}
    figure, axes = style.panels(len(titles), 1, style.COLUMN, 0.5 + 2 * len(titles), sharex=True, sharey=True)
    for axis, (kind, title) in zip(axes[:, 0], titles.items(), strict=True):
        ends = _spectra(axis, numbers[numbers.kind == kind], colours[kind])
        axis.plot(*_guide(numbers), **GUIDE)
        axis.set(xscale="log", yscale="log", ylabel="eigenvalue / trace")
        axis.set_title(title, loc="left")
        axis.set(xlim=(0.9, 1.2 * numbers["rank"].max()), ylim=(0.6 * smallest, 3 * numbers.share.max()))
        style.end_labels(axis, ends)
    axes[-1, 0].set_xlabel("rank")
    handles = [
        axis.plot([], [], linestyle=style.LINES[(layer - 1) % 4], color="0.3", label=f"layer {layer}")[0]
        for layer in np.sort(numbers.layer.unique())
    ]
    handles += axis.plot([], [], label=r"$\propto$ rank$^{-7/8}$, critical", **GUIDE)
    figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))
    return figure, numbers


def average(maps):
    """kind, source, control, layer, seeds, rank, share, error, see `draw`."""
    largest = max(source.attrs["L"] for source in maps if source.attrs["layer"] == 1)
    groups = {}
    for source in maps:
        key = tuple(source.attrs[name] for name in ("kind", "source", "control", "layer"))
        groups.setdefault(key, []).append(source)
    wanted = {key[:2] for key, seeds in groups.items() if key[-1] == 1 and seeds[0].attrs["L"] == largest}
    parts = []
    for (*which, layer), seeds in groups.items():
        if tuple(which[:2]) in wanted:
            named = dict(zip(("kind", "source", "control"), which, strict=True))
            parts.append(_shares(seeds).assign(**named, layer=layer, seeds=len(seeds)))
    return pd.concat(parts, ignore_index=True)[
        ["kind", "source", "control", "layer", "seeds", "rank", "share", "error"]
    ]


def _shares(seeds):
    """rank, share, error of one layer."""
    traces = [source.eigenvalue.values.sum() for source in seeds]
    values = [source.eigenvalue.values / trace for source, trace in zip(seeds, traces, strict=True)]
    errors = [source.eigenvalue_error.values / trace for source, trace in zip(seeds, traces, strict=True)]
    share, error = style.over_seeds(values, errors)
    return pd.DataFrame({"rank": np.arange(1, len(share) + 1), "share": share, "error": error})


def _guide(numbers):
    """(rank, share) of the power law, above all spectra at rank 2: the first mode is the magnetisation."""
    start = min(2, numbers["rank"].max())
    rank = np.array([start, numbers["rank"].max()])
    return rank, 2 * numbers.share[numbers["rank"] == start].max() * (rank / start) ** POWER


def _spectra(axis, numbers, colours):
    """A line with its error band for each source of `colours` and layer; returns the ends of the first layers."""
    ends = []
    for name, color in colours.items():
        for layer, rows in numbers[numbers.source == name].groupby("layer"):
            axis.plot(rows["rank"], rows.share, color=color, linestyle=style.LINES[(layer - 1) % 4])
            if layer == 1:
                ends.append((rows["rank"].iloc[-1], max(rows.share.iloc[-1], LOWEST), name, color))
            low = np.maximum(rows.share - rows.error, LOWEST / 10)
            axis.fill_between(rows["rank"], low, rows.share + rows.error, color=color, alpha=0.25, linewidth=0)
    return ends
