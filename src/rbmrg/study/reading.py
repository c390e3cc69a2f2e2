"""Read a study: every key checked, every default filled in, or every problem reported at once."""

import itertools
from pathlib import Path

import yaml
from pydantic import ValidationError
from yaml.constructor import SafeConstructor

from rbmrg.study import checks, wording
from rbmrg.study.sections import Study

LARGEST = 200_000  # letters of a file; the longest that come with the project have 6000
MOST = 200_000  # values of a configuration; aliases of aliases can be more than any memory holds
SHOWN = 100  # problems
_ANY = [{"L": 2, "temperatures": [0.0]}]


class ConfigError(ValueError):
    """All problems of a configuration, one a line: the key, its value, and what is allowed."""


def of_files(raw, files):
    """The `Study` of the configuration `raw` that was read from `files`, the last of which names it; as `read` does."""
    texts = [text(file) for file in files]
    try:
        return read(raw, texts, Path(files[-1]).stem if files else "study")
    except ConfigError as error:
        raise ConfigError(f"{files[-1]}: {error}" if files else str(error)) from None


def readable(file):
    """The name of `file`, if `text` reads it."""
    text(file)
    return file


def text(file):
    """The text of a configuration `file`.  Raises ConfigError, in one line, if it is no mapping in YAML."""
    try:
        content = Path(file).read_text(encoding="utf-8-sig")
        problem = _no_mapping(content) if len(content) <= LARGEST else f"must have at most {LARGEST} letters"
    except OSError as error:
        problem = f"{error.strerror}: must be a YAML file that can be read"
    except UnicodeDecodeError as error:
        problem = f"byte {error.start} is not UTF-8: must be saved as UTF-8"
    if problem:
        raise ConfigError(f"{file}: {problem}")
    return content


def _no_mapping(content):
    """Why the text `content` is no configuration; None if it is one, right or wrong."""
    try:
        node = yaml.compose(content)
        SafeConstructor().construct_document(node or yaml.ScalarNode("tag:yaml.org,2002:null", ""))
    except RecursionError:
        return "lists are nested too deeply"
    except ValueError as error:  # an integer of thousands of digits, a 30th of February
        return f"{error}: must be a value that YAML knows"
    except yaml.MarkedYAMLError as error:
        tab = "; indent with spaces, not tabs" if "\\t" in str(error.problem) else ""
        return f"line {error.problem_mark.line + 1}, column {error.problem_mark.column + 1}: {error.problem}{tab}"
    except yaml.YAMLError as error:
        return str(error).splitlines()[0] + ": must be YAML"
    if not isinstance(node, yaml.MappingNode):
        return "must be a mapping with keys, as `samples:`" + ("" if node else ", but is empty")
    if "__use_yte__" in {key.value for key, _ in node.value}:
        return "__use_yte__: must be left out: with it Snakemake runs what the file says as Python code"
    return None


def read(raw, texts=(), name="study"):
    """The `Study` that the configuration `raw` (mappings, lists and scalars, as YAML gives them) describes.

    `texts` are those of the files that `raw` was read from; `name` is that of the study if `raw` does not say it.
    Raises ConfigError, which lists every problem.
    """
    problems = [problem for text in texts for problem in repeated_keys(text)]
    try:
        raw = _plain(raw, itertools.count())
    except RecursionError:
        raise ConfigError("aliases stand inside their own anchors, or lists are nested too deeply") from None
    study, found, unsound = _validated({"name": name} | raw if isinstance(raw, dict) else raw)
    problems += found
    if study:
        problems += checks.problems(study, unsound)
    if problems:
        problems = list(dict.fromkeys(problems))
        more = [f"and {len(problems) - SHOWN} more problems"] * (len(problems) > SHOWN)
        lines = "\n".join(f"  - {problem}" for problem in [*problems[:SHOWN], *more])
        raise ConfigError(f"the configuration has problems:\n{lines}")
    return study.canonical()


def repeated_keys(text):
    """A problem for each key that a mapping of the YAML `text` has twice: YAML forgets all its values but the last."""
    problems = []
    nodes = [yaml.compose(text)]
    seen = set()  # aliases are the nodes of their anchors
    for node in nodes:  # which grows meanwhile
        if id(node) in seen:
            continue
        seen.add(id(node))
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


def _plain(value, count):
    """YAML's containers as plain dicts, with texts as keys, and lists; `count` counts the values."""
    if next(count) == MOST:
        raise ConfigError(f"more than {MOST} values, those of aliases included: must be fewer")
    if isinstance(value, dict):
        return {str(key): _plain(item, count) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item, count) for item in value]
    return value
