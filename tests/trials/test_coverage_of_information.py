"""Error bars of mutual information hold on a torus of known answer, and halved ones do not."""

from functools import partial

import pytest

from rbmrg import coverage, rng
from rbmrg.trials import errors

REPLICAS = 40


@pytest.fixture(scope="module")
def tried():
    return errors.run("mutual_information", REPLICAS, partial(rng.stream, "trial", 1, "errors", "mutual_information"))


def test_error_bars_hold(tried):
    """Nine quantities, each with a false alarm of 1.3e-2."""
    found = coverage.table(tried)
    assert len(found) == 9
    assert found.holds.all(), found.to_string()


def test_halved_errors_are_found(tried):
    ends = ["low68", "high68", "low95", "high95"]
    halved = tried.assign(**{end: (tried[end] + tried.estimate) / 2 for end in ends})
    assert not coverage.table(halved).holds.any()
