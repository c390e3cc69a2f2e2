"""Random streams: different keys give different streams, and a key always gives the same one."""

import numpy as np
import pytest

from rbmrg import rng

KEY = ("sample", 1, 10, "2.269185", 0)


def words(*key, n=4):
    return rng.stream(*key).bit_generator.random_raw(n).tolist()


def test_identifiers_of_stages_are_append_only():
    published = {
        "sample": 1, "train": 2, "flow": 3, "coarse_grain": 4, "thermometer": 5, "likelihood": 6, "map": 7, "test": 99,
    }  # fmt: skip
    assert published.items() <= rng.STAGES.items()
    assert len(set(rng.STAGES.values())) == len(rng.STAGES)
    assert min(rng.STAGES.values()) >= 1


def test_the_stream_of_a_key_never_changes():
    """Any other number here means that no published result can be reproduced."""
    assert words("sample", 1, 10, "2.269185", n=2) == [9111697614361870593, 10274406883875186597]


def test_the_same_key_repeats_its_stream():
    assert words(*KEY, n=100) == words(*KEY, n=100)


@pytest.mark.parametrize(
    "other",
    [
        ("train", 1, 10, "2.269185", 0),
        ("sample", 2, 10, "2.269185", 0),
        ("sample", 1, 11, "2.269185", 0),
        ("sample", 1, 10 + 2**32, "2.269185", 0),
        ("sample", 1, 10, "2.269186", 0),
        ("sample", 1, 10, "2.269185", 1),
        ("sample", 1, 10, "2.269185"),
        ("sample", 1, 10, "2.269185", 0, 0),
        ("sample", 1, 10, 0, "2.269185"),
        ("sample", 1, 10, "2.269185", "0"),
        ("sample", 1 + 2**32, 10, "2.269185", 0),
        ("sample", 1 + 2**64, 10, "2.269185", 0),
    ],
)
def test_every_part_of_the_key_counts(other):
    assert not set(words(*KEY)) & set(words(*other))


def test_texts_are_not_run_together():
    assert words("train", 1, "ab", "c") != words("train", 1, "a", "bc")


def first_words():
    """The first word of 40 000 streams with keys as the workflow makes them."""
    temperatures = [f"{T / 10:.6f}" for T in range(100)]
    keys = [(stage, seed, L, T) for stage in ("sample", "test") for seed in (0, 1, 2**32, 2**40, 2**63)
            for L in (4, 10, 32, 64) for T in temperatures]  # fmt: skip
    names = [("train", 1, f"machine-{k % 360}", k // 360) for k in range(36_000)]
    return np.array([words(*key, n=1)[0] for key in keys + names], np.uint64)


def test_streams_do_not_collide():
    """64-bit words: 40 000 independent ones have a repetition with probability 40 000²/2^65 < 1e-10."""
    found = first_words()
    assert len(set(found.tolist())) == len(found) == 40_000
    # Control: of so many streams keyed by 16 bits most would collide, and this count would see it.
    assert len(set((found % 2**16).tolist())) < len(found)


def test_streams_of_neighbouring_keys_are_uncorrelated():
    """z of the mean product of two streams; false-alarm rate 6e-5 for each of 20 pairs at |z| < 4, seeds fixed."""
    draws = np.array([rng.stream("test", 1, replica).standard_normal(10_000) for replica in range(21)])
    z = (draws[1:] * draws[:-1]).sum(axis=1) / 100
    assert np.abs(z).max() < 4
    assert abs((draws[0] * draws[0]).sum() / 100) > 4  # control: a stream with itself


@pytest.mark.parametrize("seed", [0, 2**32, 2**32 + 1, 2**63, 2**100])
def test_large_seeds_are_seeds(seed):
    assert words("sample", seed, 10) == words("sample", seed, 10) != words("sample", seed + 1, 10)


def test_numpy_integers_are_integers():
    assert words("sample", np.int64(1), np.int32(10)) == words("sample", 1, 10)


def test_an_unknown_stage_has_no_stream():
    with pytest.raises(KeyError, match="smaple"):
        rng.stream("smaple", 1)


def test_kernel_seeds_use_all_64_bits_and_differ():
    generator = np.random.default_rng(1)
    seeds = [rng.kernel_seed(generator) for _ in range(1000)]
    assert all(isinstance(seed, np.uint64) for seed in seeds)
    assert len(set(seeds)) == 1000
    assert np.bitwise_or.reduce(seeds) == np.uint64(2**64 - 1)
    assert np.bitwise_and.reduce(seeds) == 0
