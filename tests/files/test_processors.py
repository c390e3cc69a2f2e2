"""Processors: which results have the same bytes on all of them, and that the others measure the same.

Other processors are forced on this one: OpenBLAS, numpy and numba can be told to use the code for an older one.  None
can be made to run instructions that this processor lacks: without AVX-512 nothing here runs the code for it.  The
quick trial of samples and rules is in tests/workflow/hardships.py.
"""

import numpy as np
import pytest
from stages import FIXED, NO_AVX2, OLD_COMPILER, OLD_LIBRARIES, run

from rbmrg import processor, sampling

pytestmark = pytest.mark.skipif(FIXED == processor.ONE_THREAD, reason=NO_AVX2)


@pytest.mark.long  # 20 seconds to compile all samplers for another processor
def test_all_samplers_have_the_same_bytes_on_an_old_processor():
    here, old = (run(env, "exact_arithmetic", [*sampling.ALGORITHMS], 1) for env in ({}, OLD_LIBRARIES | OLD_COMPILER))
    assert here == old


@pytest.mark.long  # half a minute to compile the kernels of training for another processor
def test_compiled_kernels_alone_change_no_bytes():
    """LLVM fuses and reorders nothing, so training has the same bytes if only the compiler's processor differs."""
    assert run(FIXED, "rounded_arithmetic", 1) == run(FIXED | OLD_COMPILER, "rounded_arithmetic", 1)


@pytest.fixture(scope="module")
def here():
    return run(FIXED, "rounded_arithmetic", 1)


def test_old_libraries_change_the_last_bits(here):
    """So what is promised of AVX2 only is not promised of all processors by mistake; and the forcing has an effect.

    The sums of training are compiled, so no library changes a machine.
    """
    old = run(OLD_LIBRARIES, "rounded_arithmetic", 1)
    assert all(here[stage] != old[stage] for stage in ("thermometer", "receptive fields"))
    assert here["machine"] == old["machine"]


def test_the_variables_for_jobs_choose_the_code_for_avx2(here, monkeypatch):
    assert here["libraries"] == {"openblas": [["Haswell", 1]], "numpy": ["X86_V3"]}
    both = {"found": ["X86_V3", "X86_V4", "AVX512_ICL"], "not found": ["AVX512_SPR"]}
    old_numpy = {"found": ["SSE42", "AVX", "FMA3", "AVX2", "AVX512F", "AVX512_SKX"]}
    none = {"not found": ["X86_V3", "X86_V4"]}  # all switched off, as numpy says it
    expected = ((both, "X86_V4 AVX512_ICL AVX512_SPR"), (old_numpy, "AVX512F AVX512_SKX"), (none, "X86_V4"))
    for extensions, beyond in expected:
        monkeypatch.setattr(np, "show_config", lambda mode, e=extensions: {"SIMD Extensions": e})
        chosen = {"OPENBLAS_CORETYPE": "Haswell", "NPY_DISABLE_CPU_FEATURES": beyond}
        assert processor.environment() == processor.ONE_THREAD | chosen


@pytest.mark.parametrize("features", [{}, {"avx2": False, "fma": True}, {"avx2": True}, {"neon": True}])
def test_a_processor_without_avx2_keeps_its_own_code(monkeypatch, features):
    monkeypatch.setattr(processor.llvmlite.binding, "get_host_cpu_features", lambda: features)
    assert processor.environment() == processor.ONE_THREAD


@pytest.mark.long  # half a minute to compile the kernels of training for another processor
@pytest.mark.parametrize("recipe", ["paper", "pcd", "cd1-decay", "best"])
def test_machines_have_the_same_bytes_on_an_old_processor(recipe):
    here = run(FIXED, "machine", recipe, 1)
    assert here == run(OLD_LIBRARIES | OLD_COMPILER, "machine", recipe, 1)
    assert here != run(FIXED, "machine", recipe, 2)  # the control: another seed
