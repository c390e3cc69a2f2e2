"""The kernels' generators against the published known answers."""

import numpy as np

from rbmrg import kernel_rng


def test_philox_gives_the_known_answer_of_its_authors():
    words = np.empty(4, np.uint32)
    kernel_rng.philox_row(np.uint64(0), 0, 0, 0, words)
    # Random123's table of known answers: philox4x32, 7 rounds, counter and key all zero.
    assert [f"{word:08x}" for word in words] == ["5f6fb709", "0d893f64", "4f121f81", "4f730a48"]


def test_splitmix_gives_the_known_sequence_of_seed_1234567():
    x = 1234567
    words = []
    for _ in range(3):
        x = (x + int(kernel_rng.GOLDEN)) % 2**64
        words.append(int(kernel_rng.splitmix64(np.uint64(x))))
    assert words == [6457827717110365317, 3203168211198807973, 9817491932198370423]
