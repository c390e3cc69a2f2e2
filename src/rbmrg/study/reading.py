"""Read a study: every key checked, every default filled in, or every problem reported at once."""

import yaml
from pydantic import ValidationError

from rbmrg.study import checks, wording
from rbmrg.study.sections import Study

_ANY = [{"L": 2, "temperatures": [0.0]}]


class ConfigError(ValueError):
    """All problems of a configuration, one a line: the key, its value, and what is allowed."""


def read(raw, texts=(), name="study"):
    """The `Study` that the configuration `raw` (mappings, lists and scalars, as YAML gives them) describes.

    `texts` are those of the files that `raw` was read from; `name` is that of the study if `raw` does not say it.
    Raises ConfigError, which lists every problem.
    """
    problems = [problem for text in texts for problem in repeated_keys(text)]
    raw = _plain(raw)
    study, found, unsound = _validated({"name": name} | raw if isinstance(raw, dict) else raw)
    problems += found
    if study:
        problems += checks.problems(study, unsound)
    if problems:
        lines = "\n".join(f"  - {problem}" for problem in dict.fromkeys(problems))
        raise ConfigError(f"the configuration has problems:\n{lines}")
    return study.canonical()


def repeated_keys(text):
    """A problem for each key that a mapping of the YAML `text` has twice: YAML forgets all its values but the last."""
    problems = []
    nodes = [yaml.compose(text)]
    for node in nodes:  # which grows meanwhile
        if isinstance(node, yaml.SequenceNode):
            nodes += node.value
        elif isinstance(node, yaml.MappingNode):
            nodes += [value for _, value in node.value]
            lines = {}
            for key, _ in node.value:
                lines.setdefault(str(key.value), []).append(str(key.start_mark.line + 1))
            repeated = {key: " and ".join(places) for key, places in lines.items() if len(places) > 1}
            problems += [f"{key}: given in lines {places}: must be given once" for key, places in repeated.items()]
    return problems


def _validated(raw):
    """The study of the sound sections with the machines of its ablation, or None if there are no sections; the
    problems of the others, and their names.
    """
    try:
        return Study.model_validate(raw).with_variations(), [], set()
    except ValidationError as error:
        details = error.errors(include_url=False)
    found = [wording.problem(detail) for detail in details]
    if not isinstance(raw, dict):
        return None, found, set()
    unsound = {detail["loc"][0] for detail in details}
    sound = {key: value for key, value in raw.items() if key not in unsound}
    return Study.model_validate({"samples": _ANY} | sound).with_variations(), found, unsound


def _plain(value):
    """YAML's containers as plain dicts, with texts as keys, and lists."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value
