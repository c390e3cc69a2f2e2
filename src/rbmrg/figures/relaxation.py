"""How long the flow of every machine takes to forget a cold and a hot start."""

from rbmrg.figures import style

SHORTEST = 0.5  # a flow that overshoots may have any shorter time, and is marked at the edge


def draw(points):
    """`points`: a row for each machine and seed, of `fixed_points.fixed_point`.  Numbers: the same."""
    machines = list(points.machine.unique())
    figure, axes = style.panels(1, 1, style.PAGE, 0.9 + 0.2 * len(machines))
    axis = axes[0, 0]
    place = style.seed_rows(points)
    longest = 2.0 * points.length.max()
    for side, offset, marker, colour in (("cold", -0.1, "o", style.COLOURS[0]), ("hot", 0.1, "s", style.COLOURS[1])):
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
        label="not stationary after this length",
    )  # fmt: skip
    style.named_rows(axis, machines)
    axis.set(xscale="log", xlim=(SHORTEST, longest), xlabel="relaxation time of the energy / steps")
    figure.legend(*axis.get_legend_handles_labels(), loc="outside upper center", ncols=3)
    return figure, points
