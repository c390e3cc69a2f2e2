"""The configuration of a study: checked whole before any job, with every default filled in.

One place formats temperatures: they are known to the workflow by their six digits, "2.269185", and a job computes with
exactly that number.
"""

import difflib
import math
import re
from pathlib import Path

import jsonschema
import numpy as np
import yaml

from rbmrg.lattice import TC

SCHEMA = Path(__file__).parents[3] / "workflow" / "schemas" / "config.yaml"
# To JSON Schema 1.0 is an integer; to file names and seeds it is not.
_TYPES = jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
VALIDATOR = jsonschema.validators.extend(jsonschema.Draft202012Validator, type_checker=_TYPES)


class ConfigError(ValueError):
    """All problems of a configuration, one a line: the key, its value, and what is allowed."""


def complete(raw, *, size_problem, machine_problems, rules, texts=()):
    """A copy of the configuration `raw` with all defaults, its temperatures as six-digit strings.

    `size_problem(L, algorithm)` says why a size cannot be sampled, or None; `machine_problems(machine)` lists what is
    wrong with an entry of `machines`; `rules` maps the known RG rules to their block factors; `texts` are those of the
    files that `raw` was read from.  Raises ConfigError listing every problem at once.
    """
    schema = yaml.safe_load(SCHEMA.read_text())
    config = _filled(_plain(raw), schema, schema)
    problems = list(_schema_problems(config, schema))
    # Sections with problems are left out of the further checks: what they should have said is not known.
    unsound = {re.match(r"\w+", problem)[0] for problem in problems}
    if isinstance(config, dict):
        sound = {key: value for key, value in config.items() if key not in unsound}
        config = _with_ablation(_with_formatted_temperatures(sound, problems), problems)
        problems += _study_problems(config, size_problem, machine_problems, rules)
    problems = dict.fromkeys([*(problem for text in texts for problem in repeated_keys(text)), *problems])
    if problems:
        raise ConfigError("the configuration has problems:\n" + "\n".join(f"  - {problem}" for problem in problems))
    return config


def format_temperature(T):
    """The name of a temperature: `2.269185` for Tc."""
    return f"{TC if T == 'Tc' else T:.6f}"


def temperatures(specification):
    """Six-digit strings of a list of numbers, `Tc` and ranges {from, to, step}, in the order given."""
    formatted = []
    for item in specification:
        if isinstance(item, dict):
            count = round((item["to"] - item["from"]) / item["step"] + 1e-9, 6)
            formatted += [format_temperature(item["from"] + k * item["step"]) for k in range(int(count) + 1)]
        else:
            formatted.append(format_temperature(item))
    return formatted


def key_table():
    """The Markdown table of all keys for config/README.md, from the schema."""
    schema = yaml.safe_load(SCHEMA.read_text())
    rows = ["| key | meaning | allowed | default |", "|---|---|---|---|"]
    for path, node in _leaves(schema, schema):
        default = f"`{_inline(node['default'])}`" if "default" in node else "required"
        rows.append(f"| `{path}` | {node['description']} | {_allowed(node)} | {default} |")
    return "\n".join(rows) + "\n"


def repeated_keys(text):
    """A problem for each key that a mapping of the YAML `text` has twice: YAML forgets all its values but the last."""
    problems, nodes = [], [yaml.compose(text)]
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


def _plain(value):
    """YAML's containers as plain dicts and lists."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _resolved(node, schema):
    """A schema node with its `$ref` followed; keys beside the reference win."""
    if "$ref" in node:
        target = schema["$defs"][node["$ref"].rsplit("/", 1)[1]]
        return _resolved({**target, **{key: value for key, value in node.items() if key != "$ref"}}, schema)
    return node


def _filled(value, node, schema):
    """`value` with the defaults of the schema `node` for all keys that are absent."""
    node = _resolved(node, schema)
    if isinstance(value, dict) and "properties" in node:
        for key, child in node["properties"].items():
            child = _resolved(child, schema)
            if key not in value and "default" in child:
                value = value | {key: _plain(child["default"])}
            if key in value:
                value = value | {key: _filled(value[key], child, schema)}
    elif isinstance(value, list) and "items" in node:
        value = [_filled(item, node["items"], schema) for item in value]
    return value


def _schema_problems(config, schema):
    for error in VALIDATOR(schema).iter_errors(config):
        path = _path(error.absolute_path)
        if error.validator == "additionalProperties":
            known = list(error.schema["properties"])
            for key in sorted(set(error.instance) - set(known)):
                where = _path([*error.absolute_path, key])
                yield f"{where}: unknown key; allowed: {', '.join(known)}{_hint(key, known)}"
        elif error.validator == "required":
            for key in sorted(set(error.schema["required"]) - set(error.instance)):
                message = f"{_path([*error.absolute_path, key])}: missing"
                if error.message.startswith(repr(key)):
                    yield message
        else:
            allowed = _allowed(_resolved(error.schema, schema))
            yield f"{path} = {error.instance!r}: must be {allowed}{_number_hint(error.instance)}"
    yield from _not_finite(config)


def _not_finite(value, path=()):
    """JSON Schema lets NaN through every bound."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _not_finite(item, (*path, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _not_finite(item, (*path, index))
    elif isinstance(value, float) and math.isnan(value):
        yield f"{_path(path)} = nan: must be a finite number"


def _allowed(node):
    """What a schema node allows, in words."""
    if "allowed" in node:
        return node["allowed"]
    if "enum" in node:
        return "one of " + ", ".join(map(str, node["enum"]))
    article = {
        "integer": "an integer",
        "number": "a number",
        "string": "a text",
        "object": "a mapping",
        "array": "a list",
    }
    words = article.get(node.get("type"), "a value")
    if node.get("type") == "array":
        words = ("a non-empty list" if node.get("minItems") else "a list") + (
            " without repetition" * ("uniqueItems" in node)
        )
    bounds = [
        f"≥ {node['minimum']:g}" if "minimum" in node else "",
        f"≤ {node['maximum']:g}" if "maximum" in node else "",
    ]
    return " ".join([words, " and ".join(filter(None, bounds))]).strip()


def _number_hint(value):
    if not isinstance(value, str):
        return ""
    if re.fullmatch(r"[-+]?\d+,\d+", value):
        return " (decimals are written with a point)"
    if re.fullmatch(r"[-+]?[\d.]+[eE][-+]?\d+", value):
        return " (YAML reads this as text: write 1.0e-3, with a point and a signed exponent)"
    return ""


def _hint(name, known):
    close = difflib.get_close_matches(str(name), list(known), n=1)
    return f"; did you mean {close[0]}?" if close else ""


def _path(parts):
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in parts)
    return text.lstrip(".") or "the configuration"


def _with_formatted_temperatures(config, problems):
    """Replace every temperature by its six digits; note those that coincide after rounding and empty ranges."""

    def formatted(path, specification):
        for index, item in enumerate(specification):
            if isinstance(item, dict) and not item["from"] <= item["to"]:
                problems.append(f"{path}[{index}] = {_inline(item)}: must be a range with from ≤ to")
        names = temperatures(specification)
        repeated = sorted({name for name in names if names.count(name) > 1})
        if repeated:
            problems.append(
                f"{path}: {', '.join(repeated)} repeated (temperatures are rounded to six digits): must differ"
            )
        return names

    def section(name, key):
        value = config[name]
        if isinstance(value, list):
            return [g | {key: formatted(f"{name}[{i}].{key}", g[key])} for i, g in enumerate(value)]
        return value | {key: formatted(f"{name}.{key}", value[key])}

    keys = {"samples": "temperatures", "machines": "training", "thermometers": "temperatures", "flows": "starts"}
    changed = {name: section(name, key) for name, key in keys.items() if name in config}
    if "rg" in config:
        changed["rg"] = section("rg", "temperatures") | {"T": format_temperature(config["rg"]["T"])}
    return config | changed


def _with_ablation(config, problems):
    """The machines of the ablation among the others, each with the `variation` [parameter, value] that it is."""
    ablation, machines = config.get("ablation", {"base": None, "vary": {}}), config.get("machines", [])
    name, vary = ablation["base"], {parameter: values for parameter, values in ablation["vary"].items() if values}
    names = [machine["name"] for machine in machines]
    if (name is None) != (not vary):
        problems.append(f"ablation: base = {name}, vary = {_inline(vary)}: must be given both or not at all")
    elif name is not None and name not in names and "machines" in config:
        problems.append(f"ablation.base = {name!r}: must be the name of a machine{_hint(name, names)}")
    if name not in names:
        return config
    base = machines[names.index(name)]
    varied = [_variation(base, parameter, value) for parameter, values in vary.items() for value in values]
    return config | {"machines": [*machines, *varied]}


def _variation(base, parameter, value):
    """The machine `base` with another `value` of one of its keys, or of one of the options of its recipe."""
    text = re.sub(r"[^\w.-]+", "-", _inline(value)).strip("-")
    varied = base | {"name": f"{base['name']}-{parameter}-{text}", "variation": [parameter, text]}
    if parameter == "training":
        return varied | {"training": temperatures(value)}
    if parameter in ("recipe", "hidden"):
        return varied | {parameter: value}
    return varied | {"options": base["options"] | {parameter: value}}


def _study_problems(config, size_problem, machine_problems, rules):
    """What no schema can say: names that must be known, temperatures that must be sampled, sizes that must fit."""
    samples, machines = config.get("samples", []), config.get("machines", [])
    drawn = [(group["L"], T) for group in samples for T in group["temperatures"]]
    number = {(group["L"], T): group["n"] for group in samples for T in group["temperatures"]}
    for L, T in sorted({pair for pair in drawn if drawn.count(pair) > 1}):
        yield f"samples: L = {L}, T = {T} is asked for by more than one entry: must be drawn once"
    for index, group in enumerate(samples):
        path, L = f"samples[{index}].algorithm", group["L"]
        if problem := size_problem(L, group["algorithm"]):
            yield f"{path}: L = {L} {problem}"

    def sampled(path, L, names):
        missing = [T for T in dict.fromkeys(names) if (L, T) not in number]
        if missing and "samples" in config:
            have = sorted(T for size, T in number if size == L)
            span = (
                f"sampled there: {have[0]} … {have[-1]}, {len(have)} temperatures"
                if have
                else "nothing is sampled there"
            )
            names = ", ".join(missing[:5]) + " …" * (len(missing) > 5)
            yield f"{path} = {names}: must be in `samples` at L = {L} ({span})"

    names = [machine["name"] for machine in machines]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"machines: the name {name!r} is used more than once: must differ"
    for index, machine in enumerate(machines):
        variation = machine.get("variation")
        path = "ablation.vary.{} = {}: machine".format(*variation) if variation else f"machines[{index}]"
        yield from sampled(f"{path}.training", machine["L"], machine["training"])
        if machine["name"].startswith("untrained") != (machine["options"].get("steps") == 0):
            yield f"{path}.name = {machine['name']!r}: must begin with 'untrained' just if options.steps is 0"
        yield from (f"{path}.{problem}" for problem in machine_problems(machine))
    yield from _flow_problems(config, number, sampled)
    if "rg" in config:
        yield from sampled("rg.T", config["rg"]["L"], [config["rg"]["T"]])
        yield from sampled("rg.temperatures", config["rg"]["L"], config["rg"]["temperatures"])
        base = config.get("ablation", {}).get("base")
        for L in {machine["L"] for machine in machines if machine["name"] == base}:
            yield from sampled("rg.T", L, [config["rg"]["T"]])
        yield from _rg_problems(config["rg"], rules)


def _flow_problems(config, number, sampled):
    """Thermometers and flows are of one lattice size, and share its samples; `number` maps (L, T) to theirs."""
    if "thermometers" not in config:
        return
    thermometers = config["thermometers"]
    L = thermometers["L"]
    if "machines" in config and not any(machine["L"] == L for machine in config["machines"]):
        yield f"machines: none has L = {L}: must have one at thermometers.L, for the flows"
    classes = thermometers["temperatures"]
    if len(classes) < 3:  # of two classes, scikit-learn's network has a single output
        yield f"thermometers.temperatures = {', '.join(classes)}: must be at least 3 temperatures"
    yield from sampled("thermometers.temperatures", L, classes)
    if "flows" not in config:
        return
    flows = config["flows"]
    yield from sampled("flows.starts", L, [*flows["starts"], format_temperature("Tc")])
    if len(flows["starts"]) < 2:
        yield f"flows.starts = {flows['starts'][0]}: must be at least 2 temperatures, a fixed point is where flows meet"
    for T in flows["starts"]:
        if number.get((L, T), math.inf) // 5 < flows["n"]:
            yield f"flows.n = {flows['n']}: must be at most a fifth of samples.n = {number[L, T]} at L = {L}, T = {T}"


def _rg_problems(rg, rules):
    for index, rule in enumerate(rg["rules"]):
        if rule not in rules:
            yield f"rg.rules[{index}] = {rule!r}: must be one of {', '.join(rules)}{_hint(rule, rules)}"
    factor = math.lcm(*(rules[rule] for rule in rg["rules"] if rule in rules)) ** rg["layers"]
    if rg["L"] % factor:
        yield f"rg.L = {rg['L']}: must be a multiple of {factor} to be coarse-grained {rg['layers']} times"


def _leaves(node, schema, path=""):
    for key, child in node["properties"].items():
        child, name = _resolved(child, schema), f"{path}.{key}".lstrip(".")
        if "properties" in child:
            yield from _leaves(child, schema, name)
        elif child.get("type") == "array" and "properties" in (items := _resolved(child["items"], schema)):
            yield from _leaves(items, schema, f"{name}[]")
        else:
            yield name, child


def _inline(value):
    return yaml.safe_dump(value, default_flow_style=True, width=np.inf).strip().removesuffix("...").strip()


if __name__ == "__main__":
    print(key_table(), end="")
