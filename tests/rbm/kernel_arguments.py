"""Arguments of the training kernels in the types that a training run gives them: other types would compile again."""

import numpy as np

from rbmrg.rbm import preparation
from rbmrg.rbm.kernels import State
from rbmrg.rbm.recipes import resolve


def state(data, parameters, chain, seed=7):
    """A `State` before its first step, on copies of `parameters` and `chain`; `data` [n, visible]: int8 or float32."""
    parameters = np.array(parameters, np.float32)
    return State(
        data=preparation.rows(data, means=data.dtype == np.float32),
        parameters=parameters,
        average=parameters.copy(),
        first=np.zeros_like(parameters),
        second=np.zeros_like(parameters),
        chain=np.array(chain, np.float32, order="C"),
        seed=np.uint64(seed),
    )


def options(memory=0.0, **changes):
    """The `Options` of the paper's recipe with `changes`; `memory` is the weight of the newest in the average."""
    return preparation.kernel_options(resolve("paper", **changes))._replace(memory=np.float32(memory))
