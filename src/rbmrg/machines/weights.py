"""The weights of a machine along its training as a Dataset, and the machine of a Dataset."""

import numpy as np
import xarray as xr

from rbmrg.rbm.model import RBM


def dataset(course, measured):
    """Weights along the `course` [(step, machine)], and what was `measured`: {name: (values, long name, units)}."""
    steps, trained = zip(*course, strict=True)
    stacked = {name: np.stack([getattr(m, name) for m in trained]) for name in ("W", "visible_bias", "hidden_bias")}
    weights = {
        "W": (("step", "visible", "hidden"), stacked["W"], {"long_name": "weights", "units": "1"}),
        "visible_bias": (("step", "visible"), stacked["visible_bias"], {"long_name": "visible biases", "units": "1"}),
        "hidden_bias": (("step", "hidden"), stacked["hidden_bias"], {"long_name": "hidden biases", "units": "1"}),
    }
    curve = {
        name: ("step", list(values), {"long_name": long_name} | ({"units": units} if units else {}))
        for name, (values, long_name, units) in measured.items()
    }
    step = ("step", np.array(steps), {"long_name": "training step", "units": "1"})
    return xr.Dataset(weights | curve, coords={"step": step})


def machine_of(dataset, snapshot=-1):
    """The `RBM` of a Dataset made by `learn`: the trained one, or another `snapshot` of its course by index."""
    chosen = dataset.isel(step=snapshot)
    return RBM(chosen.W.values, chosen.visible_bias.values, chosen.hidden_bias.values)
