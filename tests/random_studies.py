"""Studies drawn at random from all that a configuration may say, each so small that it runs in seconds."""

import numpy as np

from rbmrg import rg, sampling
from rbmrg.machines.entries import CLOSED_FORMS
from rbmrg.rbm.recipes import METHODS, RECIPES
from rbmrg.study import reading

SIDES = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 16)
TEMPERATURES = (0.0, 0.5, 1.0, 2.0, "Tc", 2.6, 4.0, 100.0, 1000.0)
NAMES = ("a", "A", "b.c", "none", "exact", "samples", "1x", "a-b_c.d")
OPTIONS = {
    "method": METHODS, "steps": (1, 2, 30, 100), "batch": (1, 7, 50), "chains": (1, 5), "gibbs_steps": (1, 3),
    "learning_rate": (1e-4, 3e-3, 0.03), "decay_from": (0.0, 0.5, 1.0), "epsilon": (1e-3, 0.1),
    "initial_scale": (0.0, 0.05, 0.5), "tanh_means": (False, True), "zero_biases": (False, True),
    "flips": (False, True), "averaging": (0.0, 0.5, 1.0), "l1": (0.0, 0.01, 1.0), "filters": (0, 1, 2, 3),
    "size": (1, 2, 3, 4, 5),
}  # fmt: skip


def draw(seed, sections=(), most=2):
    """A configuration that the check accepts, as YAML gives it, from the stream `seed`.

    It has one to three of `sections`, or of all if none are given, and what these need; and up to `most` machines.
    What the check refuses is drawn anew.
    """
    rng = np.random.default_rng(seed)
    chosen = set(_some(rng, sections or _SECTIONS, 1, 3))
    chosen |= {needed for name in chosen for needed in _NEEDED.get(name, ())}
    while True:
        raw = _attempt(rng, [name for name in _SECTIONS if name in chosen], most)
        try:
            reading.read(raw)
        except reading.ConfigError:
            continue
        return raw


def _attempt(rng, sections, most):
    """A study with `sections`, right or wrong, whose `samples` have what they use."""
    raw = {name: _SECTIONS[name](rng) for name in sections}
    if "machines" in raw:
        names = _some(rng, NAMES, 1, most)
        raw["machines"] = [{"name": name} | _machine(rng, raw) for name in names]
    if "ablation" in raw:
        raw["ablation"]["base"] = raw.get("machines", [{"name": "a"}])[0]["name"]
    drawn = {L: _temperatures(rng, 1) for L in _some(rng, SIDES, 1, 2)}
    for L, temperatures in _used(raw):
        drawn[L] = [*dict.fromkeys([*drawn.get(L, []), *temperatures])]
    samples = [{"L": L, "temperatures": Ts, "n": _one(rng, (200, 250, 400))} for L, Ts in drawn.items()]
    for group in samples:
        if rng.random() < 1 / 3:
            group["algorithm"] = _one(rng, sampling.ALGORITHMS)
    return {"seed": int(rng.integers(1000)), "samples": samples} | raw


def _one(rng, values):
    """One of `values`, as it is (a numpy scalar would be no integer of YAML)."""
    values = list(values)
    return values[rng.integers(len(values))]


def _some(rng, values, least, most):
    """Some of `values`, without repetition, in any order."""
    values = list(values)
    chosen = rng.permutation(len(values))[: rng.integers(least, min(most, len(values)) + 1)]
    return [values[index] for index in chosen]


def _temperatures(rng, least):
    return _some(rng, TEMPERATURES, least, least + 2)


def _machine(rng, raw):
    sizes = [raw[name]["L"] for name in ("thermometers", "rg", "exponents") if name in raw]
    recipe = _one(rng, [*RECIPES, *CLOSED_FORMS])
    found = {"L": _one(rng, [*sizes * 4, *SIDES]), "training": _temperatures(rng, 1), "recipe": recipe}
    found |= {"seeds": _one(rng, (1, 1, 2))}
    if recipe in CLOSED_FORMS:
        return found | {"training": found["training"][:1]}
    found["sites"] = _one(rng, ("lattice", "lattice", "permuted", "shuffled", "independent"))
    found["options"] = {name: _one(rng, OPTIONS[name]) for name in _some(rng, OPTIONS, 0, 5)}
    found["options"].setdefault("steps", _one(rng, (0, 1, 50)))
    if not found["options"].get("filters", RECIPES[recipe].filters):
        units = (1, 2, 4, 5, 9, 16)
        found["hidden"] = (
            _one(rng, units) if rng.random() < 2 / 3 else [_one(rng, units) for _ in range(rng.integers(1, 4))]
        )
        found["states"] = _one(rng, ("sampled", "means"))
    return found


def _thermometers(rng):
    return {
        "L": _one(rng, SIDES), "temperatures": _temperatures(rng, 3), "hidden": _one(rng, (1, 2, 8)),
        "epochs": _one(rng, (1, 2)), "seeds": _one(rng, (1, 2)),
    }  # fmt: skip


def _flows(rng):
    return {
        "starts": _temperatures(rng, 2), "length": _one(rng, (1, 2, 6)), "n": _one(rng, (40, 41, 50)),
        "training_seeds": _one(rng, (1, 2, 3)),
    }  # fmt: skip


def _rg(rng):
    return {
        "L": _one(rng, SIDES), "T": _one(rng, TEMPERATURES), "rules": _some(rng, rg.RULES, 1, 4),
        "layers": _one(rng, (1, 1, 2, 3)), "temperatures": _temperatures(rng, 1), "calibration": _one(rng, (100, 133)),
    }  # fmt: skip


def _ablation(rng):
    values = {name: [value] for name, of in OPTIONS.items() for value in [_one(rng, of)]}
    values |= {"training": [_temperatures(rng, 1)], "recipe": [_one(rng, RECIPES)], "hidden": [4]}
    return {"vary": {name: values[name] for name in _some(rng, values, 1, 2)}}


def _couplings(rng):
    return {
        "L": _one(rng, SIDES), "temperatures": _temperatures(rng, 1), "layers": _one(rng, (1, 1, 2)),
        "rules": _some(rng, ("majority", "decimation"), 1, 2), "n": _one(rng, (100, 1000)),
    }  # fmt: skip


def _exponents(rng):
    return {
        "L": _one(rng, (8, 10, 12, 16)), "n": _one(rng, (1000, 1001)), "rules": _some(rng, rg.RULES, 1, 4),
        "dial": _some(rng, (0, 0.3, 1e-7, 1.0), 0, 2),
    }  # fmt: skip


def _trials(rng):
    return {"verdicts": _one(rng, (0, 1, 2)), "majority": 1, "errors": 0}


_SECTIONS = {
    "machines": lambda rng: None, "thermometers": _thermometers, "flows": _flows, "rg": _rg, "ablation": _ablation,
    "couplings": _couplings, "exponents": _exponents, "trials": _trials,
}  # fmt: skip
_NEEDED = {"flows": ("thermometers", "machines"), "ablation": ("rg", "machines")}


def _used(raw):
    """(L, temperatures) of all that must be sampled."""
    for machine in raw.get("machines", []):
        yield machine["L"], machine["training"]
        yield machine["L"], [T for Ts in raw.get("ablation", {"vary": {}})["vary"].get("training", []) for T in Ts]
    if "thermometers" in raw:
        yield (
            raw["thermometers"]["L"],
            [*raw["thermometers"]["temperatures"], *raw.get("flows", {"starts": []})["starts"], "Tc"],
        )
    if "rg" in raw:
        for L in {raw["rg"]["L"]: None} | {machine["L"]: None for machine in raw.get("machines", [])}:
            yield L, [raw["rg"]["T"]]
        yield raw["rg"]["L"], raw["rg"]["temperatures"]
    if "couplings" in raw:
        yield raw["couplings"]["L"], raw["couplings"]["temperatures"]


def merged(studies):
    """One study of the samples and machines of all `studies`, whose report is drawn once."""
    drawn = {}
    for group in (group for raw in studies for group in raw["samples"]):
        drawn.setdefault(group["L"], {}).update(dict.fromkeys(group["temperatures"]))
    machines = [
        machine | {"name": f"{machine['name']}-{number}"}
        for number, raw in enumerate(studies)
        for machine in raw["machines"]
    ]
    return {"samples": [{"L": L, "temperatures": [*Ts], "n": 200} for L, Ts in drawn.items()], "machines": machines}
