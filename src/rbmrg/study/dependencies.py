"""Which code a job depends on, as one digest: the closure of the imports of its script inside this package.

Snakemake sees edits of a script by its time stamp, and none of what the script imports.  A digest is a parameter of
each job instead.  It is that of the syntax, so that neither comments, docstrings, time stamps nor the place of the
files matter, and an edit reruns exactly the jobs that use what was edited.
"""

import ast
import copy
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def digest(script, without=(), also=()):
    """SHA-256 of the code of `script`, a path; `without` and `also` are those of `files`.

    The modules of `without` leave no trace either in a registry that imports and lists them, so that a new entry of a
    registry changes no job.
    """
    return _digest(Path(script), frozenset(without), frozenset(also))


def files(script, without=(), also=()):
    """Sorted paths of `script`, of every module of this package it imports, directly or not, and of their templates.

    `without` names modules (`rbmrg.rg.majority`) that the job does not use although a registry it reads imports them;
    `also` those that it imports by a computed name.
    """
    return _files(Path(script), frozenset(without), frozenset(also))


@cache
def _files(script, without, also):
    found = {script, *map(_file, also)}
    pending = list(found)
    excluded = {_file(name) for name in without}
    while pending:
        new = {file for name in _imports(pending.pop()) if (file := _file(name))} - excluded - found
        found |= new
        pending += new
    templates = {template for file in found for template in file.parent.glob(f"{file.stem}.*.jinja")}
    return sorted(found | templates)


def unused(registry, names=()):
    """The modules of `registry` {name: module} that `names` of it do not use, as names for `without`."""
    used = [registry[name] for name in names]
    package = next(iter(registry.values())).__name__.rpartition(".")[0]
    needed = {file for module in used for file in files(module.__file__, without=[package])}
    return [module.__name__ for module in registry.values() if Path(module.__file__) not in needed]


@cache
def _digest(script, without, also):
    total = hashlib.sha256()
    for file in files(script, without, also):
        name = file.relative_to(PACKAGE) if PACKAGE in file.parents else "script"  # it may be a copy in a cache
        total.update(f"{name} {_content(file, without & _imports(file))}\n".encode())
    return total.hexdigest()


@cache
def _content(file, without):
    """SHA-256 of what a file means: of the syntax of Python, of the bytes of anything else."""
    if file.suffix == ".jinja":
        return hashlib.sha256(file.read_bytes()).hexdigest()
    words = []
    _write(_Registry(without).visit(copy.deepcopy(_tree(file))) if without else _tree(file), words)
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def _write(node, words):
    """Append the syntax below `node` to `words`, without docstrings and empty fields, which newer Pythons add."""
    if isinstance(node, list):
        for item in node:
            _write(item, words)
        words.append("]")
    elif isinstance(node, ast.AST):
        words.append(type(node).__name__)
        for name in node._fields:
            value = getattr(node, name)
            if name == "body" and _is_docstring(node, value):
                value = value[1:]
            if value is not None and value != []:
                words.append(name)
                _write(value, words)
        words.append(")")
    else:
        words.append(repr(node))


def _is_docstring(node, body):
    """Whether the `body` of `node` begins with a docstring."""
    documented = isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
    first = body[0] if documented and body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)


class _Registry(ast.NodeTransformer):
    """Takes modules out of a registry: the names by which they are imported, and these where they are listed."""

    def __init__(self, without):
        self.without = without
        self.names = set()

    def visit_ImportFrom(self, node):
        gone = [alias for alias in node.names if f"{node.module}.{alias.name}" in self.without]
        self.names |= {alias.asname or alias.name for alias in gone}
        node.names = [alias for alias in node.names if alias not in gone]
        return node

    def visit_Dict(self, node):
        kept = [pair for pair in zip(node.keys, node.values, strict=True) if not self._is_gone(pair[1])]
        node.keys, node.values = map(list, zip(*kept, strict=True)) if kept else ([], [])
        return self.generic_visit(node)

    def visit_Tuple(self, node):
        node.elts = [item for item in node.elts if not self._is_gone(item)]
        return self.generic_visit(node)

    def _is_gone(self, node):
        return isinstance(node, ast.Name) and node.id in self.names


@cache
def _tree(file):
    return ast.parse(file.read_bytes())


@cache
def _imports(file):
    """Names this package's modules that `file` may import: `from a import b` may mean the module a.b, and runs a
    itself.
    """
    if file.suffix == ".jinja":
        return frozenset()
    names = set()
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    inside = [name.split(".") for name in names if name.split(".")[0] == PACKAGE.name]
    return frozenset(".".join(parts[:n]) for parts in inside for n in range(1, len(parts) + 1))


@cache
def _file(name):
    """The source file of module `name` of this package, or None if there is no such module."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    candidates = [path / "__init__.py", path.with_suffix(".py")]
    return next((file for file in candidates if file.exists()), None)
