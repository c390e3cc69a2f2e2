"""Which source files a script depends on: the closure of its imports inside this package.

Snakemake sees edits of a script but not of what it imports; rules take these files as inputs, so that editing a module
reruns exactly the jobs that use it.
"""

import ast
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def code(script, without=(), also=()):
    """Sorted paths of `script`, of every module of this package it imports, directly or not, and of their templates.

    `without` names modules (`rbmrg.rg.majority`) that the job does not use although a registry it reads imports them;
    `also` those that it imports by a computed name.
    """
    found = {Path(script), *map(_file, also)}
    pending = list(found)
    excluded = {_file(name) for name in without}
    while pending:
        new = {file for name in _imports(pending.pop()) if (file := _file(name))} - excluded - found
        found |= new
        pending += new
    templates = {template for file in found for template in file.parent.glob(f"{file.stem}.*.jinja")}
    return sorted(map(str, found | templates))


def unused(registry, names):
    """The modules of `registry` {name: module} that `names` of it do not use, as names for `code(…, without=…)`."""
    used = [registry[name] for name in names]
    package = used[0].__name__.rpartition(".")[0]
    needed = {file for module in used for file in code(module.__file__, without=[package])}
    return [module.__name__ for module in registry.values() if module.__file__ not in needed]


@cache
def _imports(file):
    """Names this package's modules that `file` may import: `from a import b` may mean the module a.b, and runs a
    itself.
    """
    names = set()
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    inside = [name.split(".") for name in names if name.split(".")[0] == PACKAGE.name]
    return frozenset(".".join(parts[:n]) for parts in inside for n in range(1, len(parts) + 1))


def _file(name):
    """The source file of module `name` of this package, or None if there is no such module."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    candidates = [path / "__init__.py", path.with_suffix(".py")]
    return next((file for file in candidates if file.exists()), None)
