"""One choice of code paths, those of AVX2, for every x86-64 processor that has it: then a study has the same bytes."""

import llvmlite.binding
import numpy as np

NEEDED = ("avx2", "fma")


def environment():
    """The environment variables that hold numpy and OpenBLAS to their code for AVX2; {} on processors without AVX2.

    A process must have them before it imports numpy.  With AVX-512 both libraries would choose other code, which sums
    in another order and has other functions exp and tanh: the last bits differ, and training turns that into another
    machine.  Compiled kernels need nothing: without fast-math LLVM neither reorders sums nor fuses a·b + c.
    """
    features = llvmlite.binding.get_host_cpu_features()
    if not all(features.get(name) for name in NEEDED):
        return {}
    # OpenBLAS calls its code for AVX2 and FMA Haswell, also on processors of AMD.
    return {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": " ".join(beyond_avx2())}


def beyond_avx2():
    """numpy's names for what it can use beyond AVX2, whether or not this processor has it (NumPy ≥ 2.4: X86_V4)."""
    extensions = np.show_config(mode="dicts")["SIMD Extensions"]
    names = extensions.get("found", []) + extensions.get("not found", [])  # an empty list is left out
    return [name for name in names if "512" in name or name == "X86_V4"]
