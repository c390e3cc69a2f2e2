"""The matrix of answers: claims down, kinds of machines across, the verdict by colour and symbol, its number beside."""

import textwrap

import matplotlib.pyplot as plt
import numpy as np

from rbmrg.figures import style

# verdict: (symbol, colour of the cell, colour of the symbol); the symbols tell the verdicts apart without any colour.
LOOKS = {
    "reproduced": ("✓", "#BFE3D5", "#00563F"),
    "not reproduced": ("✗", "#F6CFB4", "#8A3606"),
    "undecided": ("?", "#F3E7B8", "#5F5200"),
    "not diagnostic": ("–", "#E6E6E6", "#555555"),
}
MOST = 3  # digits
SAYS = {
    "C1": "flows go to Tc", "C2": "|m| is Ising's at its T", "C3": "Δσ = 1/8", "C4": "Δε = 1, critical",
    "C5": "units read RG patches", "C6": "single units pass for RG blocks", "C7": "T moves as in RG",
    "C8": "it learned Kₙₙ alone", "C9": "hidden layer is near the critical line",
    "C10": "filters have Ising's yₜ and yₕ",
}  # fmt: skip


def draw(answers):
    """A claim as a heading above its row of cells; `answers`: the table of that name.  Numbers: the same table."""
    claims = [claim for claim in SAYS if claim in set(answers.claim)]
    kinds = list(dict.fromkeys(answers.kind))
    figure, axis = plt.subplots(figsize=(style.COLUMN, 0.85 + 0.41 * len(claims)))
    for row in answers.itertuples():
        x = kinds.index(row.kind)
        y = claims.index(row.claim)
        symbol, face, ink = LOOKS[row.verdict]
        axis.add_patch(plt.Rectangle((x - 0.48, y - 0.29), 0.96, 0.58, color=face, linewidth=0))
        axis.text(x - 0.385, y, symbol, ha="center", va="center", fontsize=8, fontweight="bold", color=ink)
        axis.text(x - 0.27, y, number(row), ha="left", va="center", fontsize=6, color="black", linespacing=1.05)
    for y, claim in enumerate(claims):
        axis.text(-0.48, y - 0.32, f"{claim}  {SAYS[claim]}", ha="left", va="bottom", fontsize=6.5)
    axis.set(xlim=(-0.5, max(len(kinds), 1) - 0.5), ylim=(max(len(claims), 1) - 0.7, -0.65))
    axis.set_xticks(range(len(kinds)), [textwrap.fill(kind, 9) for kind in kinds], fontsize=6.5)
    axis.set_yticks([])
    axis.tick_params(length=0, top=False, labeltop=True, labelbottom=False)
    axis.spines[:].set_visible(False)
    handles = [plt.Line2D([], [], marker="s", linestyle="", color=face, markersize=7, label=f"{symbol} {verdict}")
               for verdict, (symbol, face, _) in LOOKS.items()]  # fmt: skip
    figure.legend(handles=handles, loc="outside lower center", ncols=2, columnspacing=1)
    return figure, answers


def number(row):
    """The estimate that decides an answer, above half the width of its interval, as text; "" if there is none."""
    half = (row.high - row.low) / 2
    if np.isnan(row.estimate) or (np.isnan(half) and not np.isinf(row.estimate)):
        return ""
    if np.isinf(row.high):
        return "∞" if np.isinf(row.low) else f"> {row.low:.3g}"
    if half < 0.5 * 10.0**-MOST:
        return f"{round(row.estimate, MOST) + 0.0:.{MOST}f}"  # without the sign of −0
    digits = min(MOST, max(0, -int(np.floor(np.log10(half)))))
    return f"{row.estimate:.{digits}f}\n± {half:.{digits}f}"
