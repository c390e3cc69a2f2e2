"""How much a block tells of its environment, rule by rule: mutual information and its lower bound."""

from rbmrg.exponents.information_names import BEST_RULE, BOUND, EXACT
from rbmrg.figures import style

SHOWN = (0.30, 0.48)  # nats
ROW = 0.16  # inches
DODGE = 0.16  # of a row, between methods
METHODS = {EXACT: ("exact, given E", "o", style.COLOURS[0]),
           BOUND: ("lower bound", "s", style.COLOURS[1])}  # fmt: skip


def draw(information):
    """A row for each rule and each seed of a machine, the most information at the top; the table of that name.

    The best of all rules of 2 × 2 blocks is a dashed line.  Triangles lie beyond the panel.  Numbers: the rows of the
    table with their `label`, in the order of the figure.
    """
    numbers = ordered(information)
    best = numbers[numbers.source == BEST_RULE].iloc[0]
    rows = numbers[numbers.source != BEST_RULE]
    names = list(dict.fromkeys(rows.label))
    figure, axes = style.panels(1, 1, style.COLUMN, 0.9 + ROW * max(len(names), 4))
    axis = axes[0, 0]
    style.named_rows(axis, names)
    axis.axvline(best.information, label="best 2 × 2 rule", **style.EXACT)
    for place, (method, (label, marker, colour)) in enumerate(METHODS.items()):
        of = rows[rows.method == method]
        y = (of.label.map(names.index) + DODGE * (2 * place - 1)).to_numpy()
        seen = of.information.between(*SHOWN).to_numpy()
        look = style.DATA | {"marker": marker, "color": colour, "markersize": 4 - place, "label": label}
        axis.errorbar(of.information[seen], y[seen], xerr=of.error[seen], **look)
        style.at_edges(axis, of.information[~seen].to_numpy(), y[~seen], SHOWN, colour)
    axis.set(xlim=SHOWN, xlabel="mutual information $I(H:E)$ / nat")
    axis.tick_params(axis="y", labelsize=6.5)
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=3, columnspacing=1)
    return figure, numbers


def ordered(information):
    """The rows with a `label` for each rule and each seed of a machine, the most information first."""
    labelled = information.assign(label=information.source)
    machine = labelled.kind == "machine"
    labelled.loc[machine, "label"] += ", seed " + labelled.seed[machine].astype(str)
    exact = labelled[labelled.method == EXACT].set_index("label").information
    return labelled.sort_values("label", key=lambda label: -label.map(exact), kind="stable").reset_index(drop=True)
