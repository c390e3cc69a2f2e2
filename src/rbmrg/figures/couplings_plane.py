"""The plane of couplings: what RG rules and hidden layers are (left), and what machines have learned (right)."""

import numpy as np
import pandas as pd

from rbmrg.exponents.coupling_names import BLOCKS, HIDDEN, OTHERS, VISIBLE, trained
from rbmrg.exponents.critical_line import KC, WEIGHTS
from rbmrg.figures import sources, style

KEYS = ["kind", "source", "control", "recipe", "training", "seed", "step", "of", "layer", "L", "T"]
LEFT = ([BLOCKS, HIDDEN], (-0.05, 0.8), (-0.1, 0.3))  # whose couplings; limits of the axes
RIGHT = ([VISIBLE], (-0.1, 0.5), (-0.05, 0.85))
ISING = {"marker": "+", "color": "black", "markersize": 11, "linestyle": "none", "markeredgewidth": 1.4, "zorder": 5}


def draw(couplings):
    """`couplings`: the table of that name.  Numbers: a row for each point, the couplings in two columns.

    Across: K_nn.  Upwards: all other couplings, as the one coupling K_nnn that is as far from criticality.
    """
    points = in_plane(couplings[couplings.of.isin([*LEFT[0], *RIGHT[0]])])
    figure, axes = style.panels(1, 2, style.PAGE, 4.1)
    for axis, (_, x, y) in zip(axes[0], (LEFT, RIGHT), strict=True):
        across = np.array([-1.0, 1.0])
        axis.plot(across, (KC - across) / WEIGHTS["nnn"], label="critical, to first order", **style.EXACT)
        axis.plot([KC], [0], label="critical Ising model", **ISING)
        axis.set(xlim=x, ylim=y, xlabel=r"$K_{\rm nn}$")
    _flows(axes[0, 0], points[points.of.isin(LEFT[0])])
    _machines(axes[0, 1], points)
    for axis in axes[0]:
        axis.legend(loc="upper right", fontsize=5.5)
    axes[0, 0].set(title="rules: layer by layer; hidden layers", ylabel=r"all other couplings, as $K_{\rm nnn}$")
    axes[0, 1].set_title("machines trained at $T_c$")
    return figure, points


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
    """Blocks of each source, a line from the Ising model of each temperature, and hidden Hamiltonians, unfilled."""
    for place, (source, mine) in enumerate(points.groupby("source", sort=False)):
        look = {"color": style.COLOURS[place % len(style.COLOURS)], "marker": style.MARKERS[place % len(style.MARKERS)]}
        blocks = mine[mine.of == BLOCKS]
        for (_, T), rows in blocks.groupby(["seed", "T"], sort=False):
            rows = rows[rows.layer > 0].sort_values("layer")
            axis.plot([1 / T, *rows.nn], [0, *rows.others], linewidth=0.8, color=look["color"])
            if mine.kind.iloc[0] == "rule":
                end = rows.iloc[-1]
                axis.annotate(f"$T$ = {style.temperature(T)}", (end.nn, end.others), (3, 3), fontsize=5.5,
                              textcoords="offset points", color=look["color"], annotation_clip=True)  # fmt: skip
        if len(blocks):
            own = "its blocks" if mine.kind.iloc[0] == "rule" else "its filter as a rule"
            _bars(axis, blocks, look, f"{source}, {own}")
        hidden = mine[mine.of == HIDDEN]
        if len(hidden):
            open_look = look | {"markerfacecolor": "white", "markersize": 6}
            _bars(axis, hidden, open_look, f"{source}, its hidden layer")


def _machines(axis, points):
    """Visible Hamiltonians of machines trained at Tc, colours by recipe or control, markers by L.

    A line is the way of the first seed of a machine during its training, on the lattice of most recipes; triangles at
    an edge are machines beyond it.
    """
    critical = points[(points.of == VISIBLE) & points.training.map(style.is_critical)]
    families = sources.family(critical)
    names = list(dict.fromkeys(families))
    sizes = sorted(set(critical.L))
    followed = max(sizes, key=lambda L: families[critical.L == L].nunique(), default=None)
    labels = set()
    for _, mine in critical.groupby("source", sort=False):
        name = families[mine.index[0]]
        L = mine.L.iloc[0]
        look = {"color": style.COLOURS[names.index(name) % len(style.COLOURS)], "marker": style.MARKERS[sizes.index(L)]}
        first = mine[mine.seed == mine.seed.iloc[0]]
        if followed == L:
            axis.plot(first.nn, first.others, linewidth=0.6, alpha=0.7, color=look["color"])
        label = f"{name}, $L = {L}$"
        last = mine[mine["last"]]
        inside = last.nn.between(*RIGHT[1]) & last.others.between(*RIGHT[2])
        _bars(axis, last[inside], look, None if label in labels else label)
        across = last.nn[~inside].clip(*RIGHT[1]).to_numpy()
        style.at_edges(axis, last.others[~inside].to_numpy(), across, RIGHT[2], look["color"], vertical=True)
        labels.add(label)


def _bars(axis, rows, look, label):
    """The Hamiltonians of `rows` with their errors."""
    style_of = style.DATA | {"markersize": 3} | look
    axis.errorbar(rows.nn, rows.others, xerr=rows.nn_error, yerr=rows.others_error, label=label, **style_of)
