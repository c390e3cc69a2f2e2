"""Files: what is saved is what is loaded, and the same content is the same bytes."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from rbmrg import netcdf, store


def spins(shape, rng=1):
    return np.random.default_rng(rng).choice(np.array([-1, 1], np.int8), shape)


def everything(rng=1):
    """A Dataset with every kind of variable the workflow stores, with attributes."""
    generator = np.random.default_rng(rng)
    return xr.Dataset(
        {
            "spin": (("sample", "y", "x"), spins((6, 5, 5), generator), {"long_name": "Ising spin", "units": "1"}),
            "block": (("sample", "Y", "X"), generator.normal(size=(6, 2, 2)).astype(np.float32)),
            "count": ("step", np.array([1, 2**40, -3])),
            "error": ("step", np.array([0.1, np.nan, np.inf]), {"long_name": "error of ⟨v h⟩", "units": "J/k_B"}),
            "method": ("step", ["annealed", "reweighted", "exact – ⟨h⟩"]),
            "energy": ((), -1.5),
        },
        coords={
            "step": ("step", [0, 10, 20], {"long_name": "training step"}),
            "epoch": ("step", [0.0, 0.5, 1.0]),
            "T": 2.5,
        },
        attrs={"title": "everything", "sizes": [3, 1, 4]},
    )


@pytest.mark.parametrize(
    "shape", [(1, 1, 1), (7, 5, 5), (3, 4, 4), (2, 3, 4, 6, 6), (5, 3, 7), (9, 9), (0, 4, 4), (3, 11, 11)]
)
def test_spins_of_any_shape_come_back(tmp_path, shape):
    dims = ("start", "step", "sample", "y", "x")[-len(shape) :]
    stored = xr.Dataset({"spin": (dims, spins(shape), {"units": "1"})})
    store.save(stored, tmp_path / "a.nc", schema="samples")
    loaded = store.load(tmp_path / "a.nc", "samples")
    assert loaded.spin.dtype == np.int8
    assert loaded.spin.attrs == {"units": "1"}
    xr.testing.assert_equal(loaded, stored)


def test_spins_take_little_more_than_a_bit_each(tmp_path):
    """At T = ∞, where nothing about them is known."""
    store.save(xr.Dataset({"spin": (("n", "y", "x"), spins((8000, 10, 10)))}), tmp_path / "a.nc", schema="samples")
    assert (tmp_path / "a.nc").stat().st_size < 1.4 * 8000 * 100 / 8 + 10_000


@pytest.mark.parametrize("lengths", [[20], [7, 12, 1], [1] * 20])
def test_spins_written_as_they_come_are_the_file_of_all_of_them(tmp_path, lengths, monkeypatch):
    monkeypatch.setattr(netcdf, "CHUNK", 200)  # a few configurations
    every = spins((20, 7, 11))
    batches = np.split(every, np.cumsum(lengths)[:-1])
    attributes = {"long_name": "Ising spin", "units": "1"}
    temperature = ((), 2.5, {"long_name": "temperature in J/k_B", "units": "1"})
    stored = xr.Dataset({"spin": (("sample", "y", "x"), every, attributes)}, coords={"T": temperature})
    parameters = {"seed": 2**70, "T": 2.5}
    store.save(stored, tmp_path / "whole.nc", schema="samples", **parameters)
    store.save_spins(iter(batches), every.shape, tmp_path / "parts.nc", schema="samples", **parameters)
    whole, parts = (store.load(tmp_path / name, "samples") for name in ("whole.nc", "parts.nc"))
    xr.testing.assert_identical(whole, parts)  # attributes too, the hash of the content among them


IN_PARTS = """
import sys
from pathlib import Path
from rbmrg import sampling, store
for n in map(int, sys.argv[2:]):
    store.save_spins(sampling.batches(64, 1.0, n, 1), (n, 64, 64), sys.argv[1], schema="samples")
    # The peak of this program's own memory; getrusage's would count that of the program that started it.
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    print(int(status["VmHWM"].split()[0]) // 1024)
"""


@pytest.mark.parametrize("n", [30_000, pytest.param(1_000_000, marks=pytest.mark.long)])
def test_memory_does_not_grow_with_the_number_of_configurations(tmp_path, n):
    """30 000 of L = 64 are 117 MiB; a million must not need 1 GiB.  NetCDF fills a cache of 64 MiB, no more."""
    command = [sys.executable, "-c", IN_PARTS, str(tmp_path / "a.nc"), "1000", str(n)]
    few, many = map(int, subprocess.run(command, capture_output=True, check=True, text=True).stdout.split())
    assert many < 1024
    assert many - few < 80


def test_variables_coordinates_and_attributes_come_back(tmp_path):
    stored = everything()
    store.save(stored, tmp_path / "a.nc", schema="test")
    loaded = store.load(tmp_path / "a.nc")
    xr.testing.assert_equal(loaded, stored)
    for name, variable in stored.variables.items():
        assert loaded[name].attrs == variable.attrs
        assert loaded[name].dtype == variable.dtype
    assert loaded.attrs["title"] == "everything"
    assert list(loaded.attrs["sizes"]) == [3, 1, 4]
    assert stored.attrs == {"title": "everything", "sizes": [3, 1, 4]}  # the argument is not touched


def test_parameters_come_back(tmp_path):
    parameters = {"T": 2.269185, "L": 10, "algorithm": "transfer", "stream": ["sample", 1, 10, "2.269185"],
                  "settings": {"steps": 0, "flips": True, "seeds": None}, "text": "", "one": [1]}  # fmt: skip
    store.save(everything(), tmp_path / "a.nc", schema="test", **parameters)
    attributes = store.load(tmp_path / "a.nc").attrs
    found = [attributes[name] for name in ("T", "L", "algorithm", "text", "one")]
    assert found == [2.269185, 10, "transfer", "", "[1]"]
    assert attributes["stream"] == '["sample", 1, 10, "2.269185"]'
    assert attributes["settings"] == '{"steps": 0, "flips": true, "seeds": null}'
    assert attributes["schema"] == "test"


@pytest.mark.parametrize("seed", [0, 2**32, 2**63 - 1, 2**63, 2**64, 10**30])
def test_a_seed_of_any_size_can_be_kept(tmp_path, seed):
    store.save(everything(), tmp_path / "a.nc", schema="test", seed=seed)
    assert int(store.load(tmp_path / "a.nc").attrs["seed"]) == seed


def test_an_attribute_that_is_a_list_of_one_is_not_taken_for_damage(tmp_path):
    stored = everything().assign_attrs(levels=[1.5])
    stored["energy"].attrs["levels"] = [2]
    store.save(stored, tmp_path / "a.nc", schema="test")
    assert store.load(tmp_path / "a.nc").attrs["levels"] == 1.5


def test_what_was_loaded_can_be_saved_again(tmp_path):
    store.save(everything(), tmp_path / "a.nc", schema="test", seed=1)
    store.save(store.load(tmp_path / "a.nc"), tmp_path / "b.nc", schema="test", seed=1)
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


WRITE = """
import sys
sys.path.insert(0, sys.argv[1])
from test_store import everything
from rbmrg import store
store.save(everything(), sys.argv[2], schema="test", code="digest", seed=1, stream=["a", 1])
"""


def test_the_same_content_is_the_same_bytes_here_and_in_another_process(tmp_path, request):
    paths = [tmp_path / "a.nc", tmp_path / "elsewhere" / "b.nc", tmp_path / "c.nc"]
    for path in paths[:2]:
        store.save(everything(), path, schema="test", code="digest", seed=1, stream=["a", 1])
    subprocess.run([sys.executable, "-c", WRITE, str(request.path.parent), str(paths[2])], check=True)
    assert len({path.read_bytes() for path in paths}) == 1
    store.save(everything(2), paths[0], schema="test", code="digest", seed=1, stream=["a", 1])
    assert paths[0].read_bytes() != paths[1].read_bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d.assign(energy=d.energy + 1e-15),
        lambda d: d.assign(spin=d.spin.where(d.spin > 0, 1).astype(np.int8)),
        lambda d: d.assign(count=d["count"].astype(np.int32)),
        lambda d: d.assign(block=d.block.astype(np.float64)),
        lambda d: d.assign(count=d["count"].copy(data=d["count"].values.view(np.float64))),  # the same bytes
        lambda d: d.assign(method=d.method.str.replace("exact", "Exact")),
        lambda d: d.assign_attrs(title="everything else"),
        lambda d: d.assign_attrs(more=1),
        lambda d: d.assign(error=d.error.assign_attrs(units="1")),
        lambda d: d.assign_coords(step=[0, 10, 21]),
        lambda d: d.drop_vars("energy"),
        lambda d: d.reset_coords("T"),
        lambda d: d.rename(energy="energie"),
        lambda d: d.rename_dims(Y="Z"),
        lambda d: d.assign(spin=d.spin.rename(y="x", x="y")),
    ],
)
def test_every_change_of_the_content_changes_the_bytes(tmp_path, change):
    for name, dataset in (("a.nc", everything()), ("b.nc", everything()), ("c.nc", change(everything()))):
        store.save(dataset, tmp_path / name, schema="test")
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()
    assert (tmp_path / "a.nc").read_bytes() != (tmp_path / "c.nc").read_bytes()


def test_variables_keep_their_order(tmp_path):
    """Tables have their columns in that order."""
    one = everything()
    store.save(one[sorted(one.data_vars, reverse=True)], tmp_path / "a.nc", schema="test")
    assert list(store.load(tmp_path / "a.nc").data_vars) == sorted(one.data_vars, reverse=True)


NAMES = ["nan", "NA", "1e3", "null", "None", "True", "007", "inf", "1.50", "a-b_c.d"]


def test_tables_come_back(tmp_path):
    table = pd.DataFrame(
        {
            "machine": ["nan", "paper, mixture", 'with "quotes"'],
            "seed": [0, 1, 2],
            "start": [0.0, 2.269185, 5.9],
            "temperature": [np.nan, np.inf, 1 / 3],
        }
    )
    store.write_table(table, tmp_path / "a.csv")
    pd.testing.assert_frame_equal(store.read_tables(tmp_path / "a.csv"), table, rtol=1e-9)
    assert b"\r" not in (tmp_path / "a.csv").read_bytes()
    assert "0.3333333333\n" in (tmp_path / "a.csv").read_text()


@pytest.mark.parametrize("name", NAMES)
def test_any_name_of_a_machine_comes_back_as_it_is(tmp_path, name):
    """Also when it is the only one in a table, where nothing but the column says that it is a text."""
    store.write_table(pd.DataFrame({"machine": [name] * 2, "seed": [0, 1]}), tmp_path / "a.csv")
    store.write_table(pd.DataFrame({"machine": NAMES, "seed": 0}), tmp_path / "b.csv")
    assert list(store.read_tables(tmp_path / "a.csv").machine) == [name] * 2
    assert list(store.read_tables([tmp_path / "a.csv", tmp_path / "b.csv"]).machine) == [name] * 2 + NAMES


def test_read_gives_what_an_input_holds(tmp_path):
    a, b, c, d = (tmp_path / name for name in ("a.nc", "b.nc", "c.csv", "d.csv"))
    for path, seed in ((a, 1), (b, 2)):
        store.save(everything(seed), path, schema="test", seed=seed)
    for path, value in ((c, 1), (d, 2)):
        store.write_table(pd.DataFrame({"value": [value]}), path)
    assert store.read(str(a)).attrs["seed"] == store.read(a).attrs["seed"] == 1
    assert [file.attrs["seed"] for file in store.read([a, b])] == [1, 2]
    assert list(store.read(str(c)).value) == [1]
    assert list(store.read([c, d]).value) == [1, 2]
    assert list(store.read([c]).value) == [1]


def test_atomic_makes_folders_and_replaces(tmp_path):
    path = tmp_path / "a" / "b" / "c.txt"
    for text in ("one", "two"):
        with store.atomic(path) as temporary:
            assert temporary.parent == path.parent
            assert temporary.suffix == path.suffix
            temporary.write_text(text)
            assert not path.exists() or path.read_text() == "one"
        assert path.read_text() == text
    assert [file.name for file in path.parent.iterdir()] == ["c.txt"]
