"""The inputs of a page and the page itself, for the tests of this folder."""

import pytest
from page_inputs import inputs_in

from rbmrg.report import page


@pytest.fixture(scope="session")
def inputs(tmp_path_factory):
    return inputs_in(tmp_path_factory.mktemp("figures"))


@pytest.fixture(scope="session")
def text(inputs):
    """The page of a study that has everything."""
    return page.render(**inputs)
