"""One thread, and one choice of code paths on every x86-64 processor that has AVX2: so a study has the same bytes."""

import llvmlite.binding
import numpy as np

# Jobs are the parallelism, and two threads are slower on matrices this small.
ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
NEEDED = ("avx2", "fma")


def environment():
    """Environment variables that a process must have before it imports numpy, to give the bytes that a study has.

    ONE_THREAD and, where there is AVX2, what holds numpy and OpenBLAS to their code for it.  With AVX-512 both would
    choose other code, which sums in another order and has other functions exp and tanh: the last bits differ, and
    training turns that into another machine.  Compiled kernels need nothing: without fast-math LLVM neither reorders
    sums nor fuses a·b + c.
    """
    features = llvmlite.binding.get_host_cpu_features()
    if not all(features.get(name) for name in NEEDED):
        return ONE_THREAD
    # OpenBLAS calls its code for AVX2 and FMA Haswell, also on processors of AMD.
    return ONE_THREAD | {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": " ".join(beyond_avx2())}


def beyond_avx2():
    """numpy's names for what it can use beyond AVX2, whether or not this processor has it (NumPy ≥ 2.4: X86_V4)."""
    extensions = np.show_config(mode="dicts")["SIMD Extensions"]
    features = extensions.get("found", []) + extensions.get("not found", [])  # an empty list is left out
    return [feature for feature in features if "512" in feature or feature == "X86_V4"]
