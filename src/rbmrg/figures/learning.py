"""Learning curves: exact distance of every machine from its data, against training step."""

import pandas as pd

from rbmrg.figures import style


def draw(machines):
    """`machines`: Datasets of all machines and seeds; the untrained machines of step 0 are in the numbers only."""
    figure, axes = style.panels(1, 1, style.COLUMN, 2.9)
    axis = axes[0, 0]
    rows = []
    names = list(dict.fromkeys(machine.attrs["machine"] for machine in machines))
    for machine in machines:
        name, seed = machine.attrs["machine"], int(machine.attrs["replica"])
        numbers = machine[["kl", "kl_error", "ess", "method"]].to_dataframe().reset_index()
        rows.append(numbers.assign(machine=name, seed=seed))
        trained, index = machine.isel(step=machine.step > 0), names.index(name) % len(style.COLOURS)
        if trained.sizes["step"]:
            axis.errorbar(
                trained.step, trained.kl, trained.kl_error, color=style.COLOURS[index], marker=style.MARKERS[index],
                markersize=2.5, linewidth=0.7, elinewidth=0.7, label=name if seed == 0 else None,
            )  # fmt: skip
    axis.set(xscale="log", yscale="log", xlabel="training step", ylabel="KL(data‖machine) / nat per spin")
    axis.legend()
    return figure, pd.concat(rows, ignore_index=True)
