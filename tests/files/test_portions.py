"""Files of samples of any length: what reads them in portions gives the same numbers, in the memory of a portion."""

import tracemalloc

import numpy as np
import pytest
import xarray as xr

from rbmrg import correlators, observables, splits, stats, store
from rbmrg.flows import gibbs

N = 20_000  # 20 MB
L = 32
T = 2.5


@pytest.fixture(scope="module")
def spins():
    return np.where(np.random.default_rng(1).random((N, L, L), np.float32) < 0.5, -1, 1).astype(np.int8)


@pytest.fixture(scope="module")
def samples(spins, tmp_path_factory):
    """The file of `spins`, as a Dataset."""
    path = tmp_path_factory.mktemp("portions") / "T=2.500000.nc"
    store.save_spins(np.array_split(spins, 7), spins.shape, path, schema="samples", T=T)
    return store.load(path, "samples")


STAGES = {
    "observe": lambda file: observables.observe(file.spin, T),
    "correlate_samples": lambda file: correlators.measure(file.spin),
    "flow": lambda file: gibbs.held_out([file], 250)[T],
}
SMALL = {"observe": 2**18, "correlate_samples": 3 * 2**15, "flow": 2**16}  # spins of a portion; all are 2·10⁷


@pytest.mark.parametrize(("n", "at_once"), [(2000, 41 * L**2), (4000, 1000 * L**2 + 1)])
@pytest.mark.parametrize("stage", STAGES)
def test_a_file_in_portions_gives_what_its_spins_give(samples, spins, stage, n, at_once, monkeypatch):
    """Of 41 configurations each, where blocks have 40, and of 1000, where they have 80."""
    whole = STAGES[stage](xr.Dataset({"spin": (("sample", "y", "x"), spins[:n])}, attrs={"T": T}))
    monkeypatch.setattr(splits, "AT_ONCE", at_once)
    found = STAGES[stage](samples.isel(sample=slice(n)))
    if stage == "observe":
        assert found == whole
    elif stage == "flow":
        np.testing.assert_array_equal(found, whole)
    else:
        xr.testing.assert_identical(found, whole)


def peak(call):
    """Bytes that were allocated at once during `call()`."""
    tracemalloc.start()
    try:
        call()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("stage", STAGES)
def test_memory_is_that_of_a_portion(samples, stage, monkeypatch):
    monkeypatch.setattr(splits, "AT_ONCE", SMALL[stage])
    assert peak(lambda: STAGES[stage](samples)) < N * L**2 / 5
    assert peak(lambda: samples.spin.values) >= N * L**2  # control: all of it


def test_spins_are_read_where_they_are_asked_for(samples, spins):
    chosen = splits.held_out_part(samples.spin)[10:20]
    np.testing.assert_array_equal(chosen.values, spins[16_010:16_020])
    np.testing.assert_array_equal(samples.spin[[5, 3]].values, spins[[5, 3]])
    np.testing.assert_array_equal(samples.spin[-1].values, spins[-1])
    assert peak(lambda: chosen.values) < N * L**2 / 5


@pytest.mark.parametrize("blocks", [2, 7, 50, 1000])
@pytest.mark.parametrize("cuts", [[], [1, 2, 500], [10, 333, 334, 990]])
def test_means_of_portions_are_block_means_bit_for_bit(blocks, cuts):
    data = np.random.default_rng(2).normal(size=(1000, 3, 5))
    found = stats.means_of_portions(np.split(data, cuts), 1000, blocks)
    assert found.tobytes() == stats.block_means(data, blocks).tobytes()
    with pytest.raises(ValueError, match="need 2 ≤ blocks"):
        stats.means_of_portions([data], 1000, 1001)
