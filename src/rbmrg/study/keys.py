"""Document the keys of a study from its models: `python -m rbmrg.study.keys` rewrites what config/ says of them.

These are the table in config/README.md and the JSON schema config/schema.json, by which editors check a study.
"""

import json
import re
from pathlib import Path

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import PydanticUndefined

from rbmrg.study import wording
from rbmrg.study.sections import Study
from rbmrg.study.temperatures import Range
from rbmrg.study.values import inline

CONFIG = Path("config")  # of the folder it is run in: an installed package has none
README = CONFIG / "README.md"
SCHEMA = CONFIG / "schema.json"
HEAD = "| key | meaning | allowed | default |\n|---|---|---|---|\n"


class _Untitled(GenerateJsonSchema):
    def field_title_should_be_set(self, schema):
        return False


def table():
    """The Markdown table of all keys: meaning, what is allowed, default."""
    rows = [
        f"| `{key}` | {field.description} | {wording.allowed(field)} | {_default(field)} |"
        for key, field in _leaves(Study)
    ]
    return HEAD + "\n".join(rows) + "\n"


def schema():
    """The JSON schema of a study, as a text."""
    return json.dumps(Study.model_json_schema(schema_generator=_Untitled), indent=1, ensure_ascii=False) + "\n"


def with_table(text):
    """The Markdown `text` with its table of keys made anew."""
    return re.sub(re.escape(HEAD) + r"(?:\|.*\n)*", lambda _: table(), text)


def _leaves(section, prefix=""):
    """(key with its path, field) of all fields of a section that are none themselves."""
    for key, field in wording.fields(section).items():
        inner = wording.inner_section(field.annotation)
        if inner in (None, Range):
            yield f"{prefix}{key}", field
        else:
            yield from _leaves(inner, f"{prefix}{key}{'' if field.annotation is inner else '[]'}.")


def _default(field):
    if field.is_required():
        return "required"
    return "not varied" if field.default is PydanticUndefined else f"`{inline(field.default)}`"


if __name__ == "__main__":
    README.write_text(with_table(README.read_text()))
    SCHEMA.write_text(schema())
