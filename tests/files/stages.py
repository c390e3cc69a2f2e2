"""Small versions of the stages of a study, run as a process of its own: the bytes they give, or what they measure."""

import hashlib
import json
import os
import platform
import subprocess
import sys

import numpy as np

from rbmrg import processor, rbm, rg, sampling
from rbmrg.lattice import TC, energy, magnetisation
from rbmrg.layers import maps
from rbmrg.thermometers import posteriors

# Those of 2008, without AVX and fused multiplication.  Without features numba would take those of this processor.
OLD_LIBRARIES = {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": "X86_V3"}
OLD_COMPILER = {"NUMBA_CPU_NAME": "nehalem", "NUMBA_CPU_FEATURES": ""}
FIXED = processor.environment()
NO_AVX2 = f"this {platform.machine()} processor has no AVX2: no two kinds of code to compare"
L = 6
STEPS = 1500


def run(environment, *call):
    """What a function of this module returns in a process with these variables of the environment."""
    clean = {name: value for name, value in os.environ.items() if name not in {*FIXED, *OLD_COMPILER}}
    command = [sys.executable, "-W", "error", __file__, json.dumps(call)]
    done = subprocess.run(command, env=clean | environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def digest(*arrays):
    return hashlib.sha256(b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)).hexdigest()[:16]


def exact_arithmetic(samplers, rng):
    """{stage: digest} of what is promised on every processor: `samplers`, all rules, and maps of ±1 blocks."""
    found = {f"samples, {name}": digest(sampling.sample(8, TC, 300, rng, name)) for name in samplers}
    spins = sampling.sample(8, TC, 300, rng)
    blocks = {name: rg.coarse_grain(spins, name, rng) for name in rg.RULES}
    found |= {f"blocks, {name}": digest(part) for name, part in blocks.items()}
    found |= {
        f"maps, {name}": digest(maps.correlator_blocks(spins, part))
        for name, part in blocks.items()
        if part.dtype == np.int8
    }
    return found | {"energies": digest(energy(spins)), "|m|": digest(magnetisation(spins))}


def rounded_arithmetic(rng):
    """{stage: digest} of what is promised on processors with AVX2 only: products of real numbers, exp, tanh, FFT.

    And the `libraries` that did it.
    """
    spins = np.stack([sampling.sample(L, T, 300, rng) for T in (1.0, TC, 4.0)])
    network = posteriors.train_network(spins, [1.0, TC, 4.0], 20, 2, rng)
    machine = rbm.train(spins[1], "best", 30, rng, steps=20)
    fields, _ = maps.receptive_fields(spins[1], maps.correlator_blocks(spins[1], machine.hidden_mean(spins[1])))
    return {
        "thermometer": digest(posteriors.network_posterior(network, spins[1])),
        "machine": digest(machine.W),
        "free energy": digest(machine.free_energy(spins[1])),
        "receptive fields": digest(fields),
        "libraries": libraries(),
    }


def machine(recipe, rng):
    """The digest of a machine that `recipe` makes."""
    return digest(rbm.train(sampling.sample(L, TC, 5_000, rng), recipe, 36, rng, steps=STEPS).W)


def libraries():
    """What OpenBLAS (numpy's and scipy's) and numpy chose for this processor: names of code, and threads."""
    import scipy.linalg  # noqa: F401  (loads its OpenBLAS)
    from threadpoolctl import threadpool_info

    loaded = [library for library in threadpool_info() if library["internal_api"] == "openblas"]
    openblas = {(library["architecture"], library["num_threads"]) for library in loaded}
    return {"openblas": sorted(openblas), "numpy": np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])}


if __name__ == "__main__":
    function, *arguments = json.loads(sys.argv[1])
    print(json.dumps(globals()[function](*arguments)))
