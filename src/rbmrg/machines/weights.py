"""The file of a machine: its weights along the training as a Dataset, and the RBMs that come back from it."""

import numpy as np

from rbmrg.rbm.model import RBM


def dataset(course, measured):
    """Dataset of the weights along the `course` [(step, machine)] of a training and of what was measured on it.

    `measured`: {name: (values along the course, numbers without a unit or text, long name)}.
    """
    import xarray as xr  # the estimate of a study, which imports this module, does without

    steps, trained = zip(*course, strict=True)
    stacked = {name: np.stack([getattr(m, name) for m in trained]) for name in ("W", "visible_bias", "hidden_bias")}
    weights = {
        "W": (("step", "visible", "hidden"), stacked["W"], {"long_name": "weights", "units": "1"}),
        "visible_bias": (("step", "visible"), stacked["visible_bias"], {"long_name": "visible biases", "units": "1"}),
        "hidden_bias": (("step", "hidden"), stacked["hidden_bias"], {"long_name": "hidden biases", "units": "1"}),
    }
    curve = {
        name: ("step", list(values), {"long_name": long_name} | ({} if isinstance(values[0], str) else {"units": "1"}))
        for name, (values, long_name) in measured.items()
    }
    step = ("step", np.array(steps), {"long_name": "training step", "units": "1"})
    return xr.Dataset(weights | curve, coords={"step": step})


def machine_of(dataset, snapshot=-1):
    """The `RBM` of a Dataset of weights: the trained machine, or the `snapshot` with that index on its course."""
    chosen = dataset.isel(step=snapshot)
    return RBM(chosen.W.values, chosen.visible_bias.values, chosen.hidden_bias.values)


def by_seed(files):
    """{seed: [RBM, …], lowest layer first} of the `files` (Datasets with attributes replica, layer) of one machine."""
    layers = {}
    for file in files:
        layers.setdefault(int(file.attrs["replica"]), {})[file.attrs["layer"]] = machine_of(file)
    return {seed: [machines[layer] for layer in sorted(machines)] for seed, machines in layers.items()}
