"""How long the flow of every machine takes to forget a cold and a hot start."""

from rbmrg.figures import sources, style

SHORTEST = 0.5  # a flow that overshoots may have any shorter time, and is marked at the edge
ROW = 0.125  # inches
SIDES = (("cold", -0.1, "o", style.COLOURS[0]), ("hot", 0.1, "s", style.COLOURS[1]))


def draw(points):
    """A row for each machine, two symbols for each seed.

    `points`: a row for each machine and seed, of `fixed_points.fixed_point`.  Numbers: the same.
    """
    machines = sources.machines(points)
    rows = len(machines) + machines.group.nunique()
    figure, axes = style.panels(1, 1, style.COLUMN, 0.8 + ROW * rows)
    axis = axes[0, 0]
    place = sources.seed_rows(points, sources.rows(axis, machines))
    longest = 2.0 * points.length.max()
    for side, offset, marker, colour in SIDES:
        time, error = points[[f"time_{side}", f"time_{side}_error"]].to_numpy(float).T
        shown = time >= SHORTEST
        short = time < SHORTEST
        axis.errorbar(
            time[shown], place[shown] + offset, xerr=error[shown], color=colour, label=f"{side} start",
            **style.DATA | {"marker": marker},
        )  # fmt: skip
        style.at_edges(axis, time[short], place[short] + offset, (SHORTEST, longest), colour)
    moving = ~points.stationary.to_numpy(bool)
    axis.plot(
        points.length[moving], place[moving], ">", color="0.4", markerfacecolor="white", markersize=4,
        label="not stationary",
    )  # fmt: skip
    axis.set(xscale="log", xlim=(SHORTEST, longest), xlabel="relaxation time of the energy / steps")
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return figure, points
