"""Which code a job depends on, as one digest: the closure of the imports of its script inside this package.

Snakemake sees edits of a script by its time stamp, and none of what the script imports.  A digest is a parameter of
each job instead.  It is that of the syntax, so that neither comments, docstrings, time stamps nor the place of the
files matter, and an edit reruns exactly the jobs that use what was edited.
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1]
NOTHING = frozenset()


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
        total.update(f"{name} {_content(file, without)}\n".encode())
    return total.hexdigest()


@cache
def _content(file, without):
    """SHA-256 of what a file means: of the syntax of Python, of the bytes of anything else."""
    if file.suffix == ".jinja":
        return hashlib.sha256(file.read_bytes()).hexdigest()
    listed = without & _syntax(file, NOTHING).listed
    return hashlib.sha256(" ".join(_syntax(file, listed).words).encode()).hexdigest()


@cache
def _imports(file):
    """Names this package's modules that `file` may import: `from a import b` may mean the module a.b, and runs a
    itself.
    """
    if file.suffix == ".jinja":
        return frozenset()
    syntax = _syntax(file, NOTHING)
    inside = [name.split(".") for name in syntax.imported | syntax.listed if name.split(".")[0] == PACKAGE.name]
    return frozenset(".".join(parts[:n]) for parts in inside for n in range(1, len(parts) + 1))


@cache
def _syntax(file, without):
    syntax = _Syntax(without)
    syntax.read(ast.parse(file.read_bytes()))
    return syntax


class _Syntax:
    """The syntax of a file as `words`; `imported` and `listed` are the modules of `import a` and of `from a import b`,
    where the latter may be a.b, too.

    Left out are docstrings, empty fields, which newer Pythons add, and the modules `without`: where they are imported,
    and where a tuple or dictionary lists them.
    """

    def __init__(self, without):
        self.without = without
        self.gone = set()
        self.words = []
        self.imported = set()
        self.listed = set()

    def read(self, node):
        """Append what is below `node`."""
        if isinstance(node, list):
            for item in node:
                self.read(item)
            self.words.append("]")
        elif isinstance(node, ast.AST):
            kind = type(node)
            self.words.append(kind.__name__)
            special = _SPECIAL.get(kind)
            for name, value in special(self, node) if special else _fields(node):
                if value is not None and value != []:
                    self.words.append(name)
                    self.read(value)
            self.words.append(")")
        else:
            self.words.append(repr(node))

    def _import(self, node):
        self.imported |= {alias.name for alias in node.names}
        return _fields(node)

    def _import_from(self, node):
        names = {alias: f"{node.module}.{alias.name}" for alias in node.names}
        if node.level == 0 and node.module:
            self.imported.add(node.module)
            self.listed.update(names.values())
        self.gone |= {alias.asname or alias.name for alias, name in names.items() if name in self.without}
        kept = [alias for alias, name in names.items() if name not in self.without]
        return [("module", node.module), ("names", kept), ("level", node.level)]

    def _dict(self, node):
        kept = [pair for pair in zip(node.keys, node.values, strict=True) if not self._is_gone(pair[1])]
        return [("keys", [key for key, _ in kept]), ("values", [value for _, value in kept])]

    def _tuple(self, node):
        return [("elts", [item for item in node.elts if not self._is_gone(item)])]

    def _is_gone(self, node):
        return isinstance(node, ast.Name) and node.id in self.gone

    def _documented(self, node):
        first = node.body[0] if node.body else None
        documented = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)
        skipped = documented and isinstance(first.value.value, str)
        return [(name, value[skipped:] if name == "body" else value) for name, value in _fields(node)]


_SPECIAL = {
    ast.Import: _Syntax._import,
    ast.ImportFrom: _Syntax._import_from,
    ast.Dict: _Syntax._dict,
    ast.Tuple: _Syntax._tuple,
    **dict.fromkeys((ast.Module, ast.ClassDef, ast.FunctionDef), _Syntax._documented),
}


def _fields(node):
    """(name, value) of the fields of a node, but for its context, which follows from where it stands."""
    return [(name, getattr(node, name)) for name in node._fields if name != "ctx"]


@cache
def _file(name):
    """The source file of module `name` of this package, or None if there is no such module."""
    path = PACKAGE.parent.joinpath(*name.split("."))
    candidates = [path / "__init__.py", path.with_suffix(".py")]
    return next((file for file in candidates if file.exists()), None)
