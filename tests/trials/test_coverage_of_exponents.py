"""Error bars of exponents hold on lattices that are enumerated, and halved ones do not."""

from functools import partial

import pandas as pd
import pytest

from rbmrg import coverage, rng
from rbmrg.trials import errors

REPLICAS = 40


@pytest.fixture(scope="module")
def tried():
    parts = [
        errors.run(name, REPLICAS, partial(rng.stream, "trial", 1, "errors", name))
        for name in ("finite_size", "enumerated_exponents")
    ]
    return pd.concat(parts, ignore_index=True)


def test_error_bars_hold(tried):
    """Eight quantities, each with a false alarm of 1.3e-2."""
    found = coverage.table(tried)
    assert len(found) == 8
    assert found.holds.all(), found.to_string()
    assert (found.replicas == REPLICAS).all()


def test_halved_errors_are_found(tried):
    ends = ["low68", "high68", "low95", "high95"]
    halved = tried.assign(**{end: (tried[end] + tried.estimate) / 2 for end in ends})
    assert not coverage.table(halved).holds.any()
