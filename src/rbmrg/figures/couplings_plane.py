"""The plane of couplings: what machines have learned (above), and what RG rules and hidden layers are (below)."""

import numpy as np
import pandas as pd

from rbmrg.exponents.coupling_names import BLOCKS, HIDDEN, OTHERS, VISIBLE, trained
from rbmrg.exponents.critical_line import KC, WEIGHTS
from rbmrg.figures import sources, style

KEYS = ["kind", "source", "control", "recipe", "training", "seed", "step", "of", "layer", "L", "T"]
LEARNED = ([VISIBLE], (-0.1, 0.5), (-0.05, 0.85))  # whose couplings; limits of the axes
LAYERS = ([BLOCKS, HIDDEN], (-0.05, 0.8), (-0.1, 0.3))
ISING = {"marker": "+", "color": "black", "markersize": 11, "linestyle": "none", "markeredgewidth": 1.4, "zorder": 5}


def draw(couplings):
    """`couplings`: the table of that name.  Numbers: a row for each point, the couplings in two columns.

    Across: K_nn.  Upwards: all other couplings, as the one coupling K_nnn that is as far from criticality.
    """
    points = in_plane(couplings[couplings.of.isin([*LEARNED[0], *LAYERS[0]])])
    figure, axes = style.panels(2, 1, style.COLUMN, 6.2)
    for axis, (_, x, y) in zip(axes[:, 0], (LEARNED, LAYERS), strict=True):
        across = np.array([-1.0, 1.0])
        axis.plot(across, (KC - across) / WEIGHTS["nnn"], label="critical, to first order", **style.EXACT)
        axis.plot([KC], [0], label="Ising model at $T_c$", **ISING)
        axis.set(xlim=x, ylim=y, xlabel=r"coupling of nearest neighbours $K_{\rm nn}$")
    shown = learned(points)
    _machines(axes[0, 0], shown)
    _flows(axes[1, 0], points[points.of.isin(LAYERS[0])])
    axes[0, 0].legend(loc="upper right")
    handles, labels = axes[1, 0].get_legend_handles_labels()
    figure.legend(handles[2:], labels[2:], loc="outside lower center", ncols=2, fontsize=6, columnspacing=1)
    size = f", $L={shown.L.iloc[0]}$" if len(shown) else ""
    axes[0, 0].set_title(f"machines trained at $T_c${size}", loc="left")
    axes[1, 0].set_title("blocks layer by layer, and hidden layers", loc="left")
    figure.supylabel(r"all other couplings, as $K_{\rm nnn}$", fontsize=8)
    return figure, points


def learned(points):
    """Visible Hamiltonians of machines trained at Tc on the lattice of most families, with `family`."""
    critical = points[(points.of == VISIBLE) & points.training.map(style.is_critical)]
    critical = critical.assign(family=sources.family(critical), machine=critical.source)
    families = critical.groupby("L").family.nunique()
    return critical[families.idxmax() == critical.L] if len(families) else critical


def in_plane(couplings):
    """A row for each Hamiltonian of the table: KEYS, K_nn and the others, with their errors."""
    table = trained_last(couplings)
    parts = []
    for operator, name in (("nn", "nn"), (OTHERS, "others")):
        part = table[table.operator == operator].set_index([*KEYS, "last"])[["coupling", "error"]]
        parts.append(part.rename(columns={"coupling": name, "error": f"{name}_error"}))
    return pd.concat(parts, axis=1).reset_index()


def trained_last(couplings):
    """`couplings` with the column `last`: whether a row is of the end of a training, or of what is not trained."""
    table = couplings.assign(last=False, **couplings[KEYS[:5]].fillna(""))
    table.loc[trained(couplings).index, "last"] = True
    return table.astype({"step": object}).fillna({"step": ""})


def _flows(axis, points):
    """Blocks of each source, a line from the Ising model of each temperature, and hidden Hamiltonians, unfilled.

    Filters have lines from Tc only, where they can be told from one another.
    """
    for place, (source, mine) in enumerate(points.groupby("source", sort=False)):
        look = {"color": style.COLOURS[place % len(style.COLOURS)], "marker": style.MARKERS[place % len(style.MARKERS)]}
        is_rule = mine.kind.iloc[0] == "rule"
        blocks = mine[(mine.of == BLOCKS) & (is_rule | mine["T"].map(style.is_critical))]
        for (_, T), rows in blocks.groupby(["seed", "T"], sort=False):
            rows = rows[rows.layer > 0].sort_values("layer")
            begin = 1 / T if T > 0 else np.nan  # out of sight
            axis.plot([begin, *rows.nn], [0, *rows.others], linewidth=0.8, color=look["color"])
            if is_rule:
                end = rows.iloc[-1]
                axis.annotate(f"$T$ = {style.temperature(T)}", (end.nn, end.others), (3, 3), fontsize=6,
                              textcoords="offset points", color=look["color"], annotation_clip=True)  # fmt: skip
        if len(blocks):
            own = "blocks" if is_rule else "filter as a rule"
            _bars(axis, blocks, look, f"{source}, {own}")
        hidden = mine[mine.of == HIDDEN]
        if len(hidden):
            open_look = look | {"markerfacecolor": "white", "markersize": 6}
            _bars(axis, hidden, open_look, f"{source}, hidden layer")


def _machines(axis, points):
    """A symbol for each seed, colours and symbols by recipe or control.

    A line is the way of the first seed of a machine during its training; triangles at an edge are machines beyond it.
    """
    looks = sources.looks(points)
    named = set()
    for machine in sources.machines(points).itertuples():
        mine = points[points.source == machine.machine]
        look = looks[machine.machine]
        first = mine[mine.seed == mine.seed.iloc[0]]
        axis.plot(first.nn, first.others, linewidth=0.6, alpha=0.7, color=look["color"], linestyle=look["linestyle"])
        last = mine[mine["last"]]
        inside = last.nn.between(*LEARNED[1]) & last.others.between(*LEARNED[2])
        symbol = {"color": look["color"], "marker": look["marker"]}
        _bars(axis, last[inside], symbol, None if machine.family in named else machine.family)
        across = last.nn[~inside].clip(*LEARNED[1]).to_numpy()
        style.at_edges(axis, last.others[~inside].to_numpy(), across, LEARNED[2], look["color"], vertical=True)
        named.add(machine.family)


def _bars(axis, rows, look, label):
    """The Hamiltonians of `rows` with their errors."""
    style_of = style.DATA | {"markersize": 3} | look
    axis.errorbar(rows.nn, rows.others, xerr=rows.nn_error, yerr=rows.others_error, label=label, **style_of)
