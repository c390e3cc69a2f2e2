"""What each thermometer says of configurations of known temperature: the paper's network beside Bayes."""

from rbmrg.figures import style


def draw(calibration):
    names = [calibration.thermometer.values[0], "bayes"]
    titles = [f"network, {calibration.sizes['class']} classes", "Bayes, exact"]
    figure, axes = style.panels(1, 3, style.PAGE, 2.5, width_ratios=[1, 1, 1.05])
    T = calibration["T"].values
    top = float(calibration.posterior.max())
    for axis, name, title in zip(axes[0], names, titles, strict=False):
        posterior = calibration.posterior.sel(thermometer=name)
        image = axis.pcolormesh(T, T, posterior.T, cmap="cividis", vmin=0, vmax=min(top, 0.3), rasterized=True)
        loss = float(calibration.cross_entropy.sel(thermometer=name).mean())
        axis.set(title=f"{title}: {loss:.3f} nat", xlabel="true $T$", aspect="equal")
        axis.plot(T, T, color="white", linewidth=0.5)
    axes[0, 0].set_ylabel("class $T'$")
    figure.colorbar(image, ax=axes[0, :2], label="$p(T'\\,|\\,T)$", shrink=0.8, pad=0.01, extend="max")
    bias = axes[0, 2]
    for name, title, colour in zip(names, titles, style.COLOURS, strict=False):
        chosen = calibration.sel(thermometer=name)
        bias.errorbar(T, chosen.reading - T, chosen.reading_error, color=colour, label=title, **style.DATA)
    bias.axhline(0, **style.EXACT)
    style.mark_tc(bias)
    bias.set(xlabel="true $T$", ylabel="mean reading − true $T$")
    bias.legend()
    return figure, calibration.drop_vars("posterior").drop_dims("class", errors="ignore").to_dataframe().reset_index()
