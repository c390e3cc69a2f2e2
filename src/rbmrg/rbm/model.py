"""Restricted Boltzmann machines of ±1 units: E(v, h) = −v·W·h − b·h − c·v, P(v, h) ∝ e^{−E}.

Both layers then factorise given the other: p(h_a = +1|v) = (1 + tanh(v·W + b)_a)/2, and likewise for v.
"""

from dataclasses import dataclass

import numpy as np

from rbmrg import arguments
from rbmrg.rbm.chains import FACTORS, gibbs
from rbmrg.rng import kernel_seed


@dataclass(frozen=True, eq=False)
class RBM:
    """Weights of a machine, float32: W [visible, hidden], visible_bias c [visible], hidden_bias b [hidden].

    Methods take visible units as [n, visible] or [n, L, L], ±1 or finite numbers of a floating type, and return units
    as int8 ±1.  `rng` is an int or a Generator.  Raises ValueError for other units, for weights that are not finite in
    float32, and if shapes do not fit.
    """

    W: np.ndarray
    visible_bias: np.ndarray
    hidden_bias: np.ndarray

    def __post_init__(self):
        for name in ("W", "visible_bias", "hidden_bias"):
            object.__setattr__(self, name, parameters(getattr(self, name), name))
        if self.W.ndim != 2 or self.W.shape != self.visible_bias.shape + self.hidden_bias.shape:
            raise ValueError(
                f"W {self.W.shape}, visible_bias {self.visible_bias.shape}, hidden_bias {self.hidden_bias.shape} "
                "do not fit: must be (visible, hidden), (visible,), (hidden,)"
            )

    @property
    def transposed(self):
        """The same machine with visible and hidden units exchanged."""
        return RBM(self.W.T, self.hidden_bias, self.visible_bias)

    def hidden_field(self, v, dtype=np.float32):
        """v·W + b, [n, hidden]."""
        return _rows(v, len(self.W), dtype) @ self.W.astype(dtype, copy=False) + self.hidden_bias

    def free_energy(self, v):
        """F(v) = −ln Σ_h e^{−E(v, h)} = −c·v − Σ_a ln 2cosh(v·W + b)_a, float64 [n]."""
        linear = _rows(v, len(self.W), np.float64) @ self.visible_bias.astype(np.float64)
        return -linear - sum_log_2cosh(self.hidden_field(v, np.float64))

    def hidden_mean(self, v):
        """⟨h_a|v⟩ = tanh(v·W + b)_a, float32 [n, hidden]."""
        return np.tanh(self.hidden_field(v))

    def visible_mean(self, h):
        """⟨v_i|h⟩ = tanh(W·h + c)_i, float32 [n, visible]."""
        return self.transposed.hidden_mean(h)

    def sample_hidden(self, v, rng):
        """h ~ p(h|v), int8 [n, hidden]."""
        return _spins(self.hidden_mean(v), arguments.generator(rng))

    def sample_visible(self, h, rng):
        """v ~ p(v|h), int8 [n, visible]."""
        return self.transposed.sample_hidden(h, rng)

    def gibbs(self, v, steps, rng):
        """`v`, ±1, after `steps` ≥ 0 steps v → h → v of the RBM flow; int8, in the shape of `v`."""
        steps = arguments.integer("steps", steps, 0)
        units = _rows(arguments.spins(v, "[n, ...]", "v"), len(self.W), np.float32).copy()
        gibbs(self.W, self.visible_bias, self.hidden_bias, units, steps, kernel_seed(arguments.generator(rng)))
        return units.astype(np.int8).reshape(np.shape(v))


def parameters(values, name):
    """`values` as contiguous float32; ValueError, with their `name`, unless they are finite."""
    with np.errstate(over="ignore"):
        array = np.ascontiguousarray(arguments.numeric(values, name), dtype=np.float32)
    if not np.isfinite(array).all():
        raise ValueError(f"{name} contain {array[~np.isfinite(array)].flat[0]}: must be finite in float32")
    return array


def sum_log_2cosh(x):
    """Σ_a ln(2 cosh x_a) of `x` [n, hidden] → [n]; one logarithm for many factors 1 + e^{−2|x|}, from 1 to 2 each."""
    x = np.abs(x)
    factors = 1 + np.exp(-2 * x)
    parts = range(0, x.shape[1], FACTORS)
    return x.sum(axis=1) + sum(np.log(factors[:, a : a + FACTORS].prod(axis=1)) for a in parts)


def _rows(units, width, dtype):
    """`units`, ±1 or real-valued, as [n, width] of `dtype`."""
    units = arguments.field(units, "[n, ...]", "units")
    rows = units.reshape(len(units), -1)
    if rows.shape[1] != width:
        raise ValueError(f"units of shape {units.shape} do not fit a layer of {width}: must be [n, {width}]")
    return rows.astype(dtype, copy=False)


def _spins(mean, rng):
    """Independent ±1 of the given means, int8."""
    uniform = rng.random(mean.shape, dtype=np.float32)
    return np.where(uniform < (1 + mean) / 2, np.int8(1), np.int8(-1))
