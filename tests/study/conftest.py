"""A tiny study with mistakes put in as a user would write them, and the problems that reading it gives."""

import re

import pytest
import yaml

from rbmrg.study import reading

TINY = """
samples: [{L: 4, temperatures: [0.0, 1.0, Tc, 4.0], n: 400}, {L: 6, temperatures: [Tc]}]
machines:
  - {name: trained, L: 4, training: [Tc, 4.0], recipe: paper, hidden: 4, options: {steps: 100}}
  - {name: untrained, L: 4, training: [Tc], recipe: paper, hidden: 4, options: {steps: 0}}
thermometers: {L: 4, temperatures: [0.0, 1.0, Tc, 4.0]}
flows: {starts: [0.0, Tc], n: 80}
rg: {L: 4, T: Tc, layers: 1}
"""


def _edited(*edits, without=()):
    raw = {key: value for key, value in yaml.safe_load(TINY).items() if key not in without}
    for path, text in edits:
        *parents, last = [int(part) if part.isdigit() else part for part in re.findall(r"\w+", path)]
        node = raw
        for part in parents:
            node = node[part]
        node[last] = yaml.safe_load(text) if isinstance(text, str) else text
    return raw


@pytest.fixture(scope="session")
def edited():
    """`edited(*edits, without=())`: the tiny study as YAML gives it, without some sections, and with edits, each
    written as the user would: ("samples[0].n", "many"), or as YAML would give it: ("samples[0].n", None).
    """
    return _edited


@pytest.fixture(scope="session")
def problems():
    """`problems(*edits, without=())`: the lines of the one error that the tiny study with `edits` gives."""

    def found(*edits, without=()):
        with pytest.raises(reading.ConfigError) as caught:
            reading.read(_edited(*edits, without=without))
        first, *lines = str(caught.value).splitlines()
        assert first == "the configuration has problems:"
        assert all(line.startswith("  - ") for line in lines)
        return [line.removeprefix("  - ") for line in lines]

    return found
