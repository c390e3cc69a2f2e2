"""The house itself: sentences, sizes, scripts, arrows and circles of imports, names without meaning, README.

Each check returns its violations as a list of sentences.  The tree must have none, and each check must find those of a
small tree made for it.
"""

import ast
import functools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = [  # a room may import rooms further up in this list, and rooms in the first line each other
    "arguments lattice operators bits jit rng kernel_rng stats progress store netcdf exact torus correlators "
    "pair_counts observables splits coverage",
    "sampling rbm",
    "rg",
    "machines",
    "thermometers",
    "flows layers",
    "exponents",
    "figures",
    "report",
    "trials",
    "study benchmarks",
]
LEVEL = {room: level for level, rooms in enumerate(ROOMS) for room in rooms.split()}
UNSHARED = {"study", "benchmarks"}  # only the rules, or nobody, import these
SOURCES = {".py", ".smk", ".rst", ".yaml", ".jinja", ".sh"}
TAKEN_APART = re.compile(
    r"""\b(?:name|machine|entry|recipe|control)s?\b[\w.\[\]"']*\.  # machine.name.startswith("untrained")
        (?:startswith|endswith|r?partition|r?split|removeprefix|removesuffix|contains|match)\((?!["']\.)
        | \bre\.\w*(?:match|search|split)\([^,()]*,\s*(?:\w+\.)*(?:name|machine)\b  # re.match(…, name)
        | ["'][^"']+["']\s+(?:not\s+)?in\s+(?:\w+\.)*name\b  # "Tc" in name
        | \b(?:name|machine)\[[^\]]*:[^\]]*\]\s*[!=]=  # name[:9] == "untrained"
    """,
    re.VERBOSE,
)


# --- the tree ---------------------------------------------------------------------------------------------------------


def files(root, *folders, suffixes=(".py",)):
    """Paths below `folders`, relative to `root`, in order; files of caches and hidden folders are left out."""
    paths = (path.relative_to(root) for folder in folders for path in sorted((root / folder).rglob("*")))
    kept = (path for path in paths if path.suffix in suffixes and "__pycache__" not in path.parts)
    return [path for path in kept if not any(part.startswith(".") for part in path.parts)]


parse = functools.cache(ast.parse)


def parsed(root, *folders):
    """{path: syntax tree} of the Python files below `folders`."""
    return {path: parse((root / path).read_text()) for path in files(root, *folders)}


def length(path):
    return len(path.read_text().splitlines())


def imports(root):
    """{module: modules of the package it imports}; `from a import b` means a.b if there is such a module, else a."""
    trees = parsed(root / "src", "rbmrg")
    names = {".".join(path.with_suffix("").parts).removesuffix(".__init__"): tree for path, tree in trees.items()}
    graph = {}
    for module, tree in names.items():
        nodes = list(ast.walk(tree))
        found = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
        for node in (node for node in nodes if isinstance(node, ast.ImportFrom) and node.module):
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= (inner & names.keys()) | ({node.module} if inner - names.keys() else set())
        graph[module] = found & names.keys() - {module}
    return graph


def room(module):
    """The room of a module of the package: `rbmrg.exact.kaufman` is in `exact`."""
    return [*module.split("."), ""][1]


# --- the checks -------------------------------------------------------------------------------------------------------


def sentences(root):
    """Every module opens with one sentence in one line of its own, ≤ 120 characters, all of them different."""
    problems = []
    seen = {}
    for path, tree in parsed(root, "src/rbmrg").items():
        first, *rest = (ast.get_docstring(tree, clean=False) or "").split("\n")
        _, *more = re.split(r"(?<=[.?!])\s+(?=[A-Z])", first)
        if not re.fullmatch(r"\S.*[.?]", first) or (rest and rest[0].strip()):
            problems.append(f"{path} does not open with a sentence in a line of its own: {first!r}")
        elif len(first) > 120:
            problems.append(f"{path} opens with {len(first)} characters")
        elif more and not re.search(r"\d", " ".join(more)):  # a source has numbers
            problems.append(f"{path} opens with several sentences: {first!r}")
        if first in seen:
            problems.append(f"{path} opens as {seen[first]} does: {first!r}")
        seen[first] = path
    return problems


def sizes(root):
    """No file has more than 300 lines; no function more than 40 lines or 8 parameters; common.smk at most 100 lines."""
    problems = [
        f"{path} has {lines} lines"
        for path in files(root, "src/rbmrg", "workflow", "tests", suffixes=SOURCES)
        if (lines := length(root / path)) > (100 if path.name == "common.smk" else 300)
    ]
    for path, tree in parsed(root, "src/rbmrg").items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                lines = node.end_lineno - node.lineno + 1
                parameters = len(node.args.posonlyargs + node.args.args + node.args.kwonlyargs)
                problems += [f"{path}: {node.name} has {lines} lines"] * (lines > 40)
                problems += [f"{path}: {node.name} has {parameters} parameters"] * (parameters > 8)
    return problems


def scripts(root):
    """Scripts have at most 20 lines and compute nothing in loops; they are those that the rules name."""
    problems = []
    for path, tree in parsed(root, "workflow/scripts").items():
        lines = length(root / path)
        problems += [f"{path} has {lines} lines"] * (lines > 20)
        for loop in ast.walk(tree):
            # A loop may write several files.  One that gives values to names, or collects them, computes.
            if isinstance(loop, ast.While) or (isinstance(loop, ast.For) and any(map(computes, loop.body))):
                problems.append(f"{path}: the loop in line {loop.lineno} computes")
    rules = "".join((root / path).read_text() for path in files(root, "workflow/rules", suffixes=(".smk",)))
    named = set(re.findall(r"\.\./scripts/(\w+\.py)", rules))
    there = {path.name for path in files(root, "workflow/scripts")}
    problems += [f"workflow/scripts/{name} is named by no rule" for name in sorted(there - named)]
    return problems + [f"a rule names workflow/scripts/{name}, which does not exist" for name in sorted(named - there)]


def computes(statement):
    """Whether a statement in a loop gives values to names or collects values."""
    assigning = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.NamedExpr)
    collecting = {"append", "extend", "add", "update", "setdefault"}
    return any(
        isinstance(node, assigning) or (isinstance(node, ast.Attribute) and node.attr in collecting)
        for node in ast.walk(statement)
    )


def arrows(root):
    """Imports between rooms go up the list of ROOMS; scripts do not import rooms that know all others."""
    problems = []
    for module, imported in imports(root).items():
        for other in sorted(imported):
            own, its = room(module), room(other)
            if own != its and not (LEVEL.get(its, 99) < LEVEL.get(own, -1) or LEVEL.get(its) == LEVEL.get(own) == 0):
                problems.append(f"{module} imports {other}")
    for path in files(root, "workflow/scripts"):
        lines = re.findall(r"\brbmrg(?:\.| import )(.*)", (root / path).read_text())
        words = set(re.findall(r"\w+", " ".join(lines)))
        problems += [f"{path} imports rbmrg.{its}" for its in sorted(UNSHARED & words)]
    return problems


def circles(root):
    """No module and no room imports itself by way of others."""
    modules = imports(root)
    rooms = {}
    for module, imported in modules.items():
        rooms.setdefault(room(module), set()).update({room(other) for other in imported} - {room(module)})
    problems = []
    for kind, graph in (("modules", modules), ("rooms", rooms)):
        reached = {start: reach(graph, start) for start in graph}
        circles = {frozenset(other for other in reached[start] if start in reached[other]) for start in graph}
        problems += [f"{kind} import each other: {', '.join(sorted(circle))}" for circle in circles if circle]
    return problems


def reach(graph, start):
    """What can be reached from `start` in one step or more."""
    found = set()
    pending = [start]
    while pending:
        new = graph.get(pending.pop(), set()) - found
        found |= new
        pending += new
    return found


def names(root):
    """No test on part of the name of a machine: what a machine is stands in fields.

    Names of files and modules may be taken apart at dots.
    """
    return [
        f"{path}:{number}: {line.strip()}"
        for path in files(root, "src/rbmrg", "workflow", suffixes=(".py", ".smk"))
        for number, line in enumerate((root / path).read_text().splitlines(), 1)
        if TAKEN_APART.search(line)
    ]


def papers(root):
    """README has at most 120 lines of at most 100 columns, except addresses and images; CONTRIBUTING.md exists."""
    problems = [] if (root / "CONTRIBUTING.md").exists() else ["there is no CONTRIBUTING.md"]
    lines = (root / "README.md").read_text().splitlines()
    problems += [f"README.md has {len(lines)} lines"] * (len(lines) > 120)
    free = re.compile(r"https?://|!\[|<img")
    wide = [(k, len(line)) for k, line in enumerate(lines, 1) if len(line) > 100 and not free.search(line)]
    return problems + [f"README.md: line {number} has {columns} columns" for number, columns in wide]


CHECKS = [sentences, sizes, scripts, arrows, circles, names, papers]


@pytest.mark.parametrize("check", CHECKS)
def test_the_tree_is_in_order(check):
    problems = check(ROOT)
    assert not problems, "\n".join([check.__doc__.split("\n")[0], *problems])


# --- negative controls ------------------------------------------------------------------------------------------------

IN_ORDER = {
    "README.md": "# A short one\n![a figure](" + 100 * "a" + ")\n",
    "CONTRIBUTING.md": "",
    "src/rbmrg/__init__.py": '"""The package."""\n',
    "src/rbmrg/lattice.py": '"""The lattice.  Onsager, Phys. Rev. 65, 117 (1944)."""\nPYTHON = name.endswith(".py")\n',
    "src/rbmrg/sampling/__init__.py": '"""The door to `wolff`."""\nfrom rbmrg.sampling import wolff\n',
    "src/rbmrg/sampling/wolff.py": '"""Single clusters.\n\nMore. And more."""\nfrom rbmrg import lattice\n',
    "workflow/rules/common.smk": "# names\n",
    "workflow/rules/samples.smk": 'rule sample:\n    script:\n        "../scripts/sample.py"\n',
    "workflow/scripts/sample.py": "names = [path for path in inputs]\nfor name in names:\n    write(name)\n",
}
WRONG = [
    (sentences, "src/rbmrg/a.py", '"""The package."""', "a.py opens as "),
    (sentences, "src/rbmrg/a.py", '"""One that goes on\nin the next line."""', "a.py does not open with a sentence"),
    (sentences, "src/rbmrg/a.py", '"""One line.\nAnd another."""', "a.py does not open with a sentence"),
    (sentences, "src/rbmrg/a.py", '"""One sentence.  And another."""', "a.py opens with several sentences"),
    (sentences, "src/rbmrg/a.py", "", "a.py does not open with a sentence"),
    (sentences, "src/rbmrg/a.py", f'"""{120 * "a"}."""', "a.py opens with 121 characters"),
    (sizes, "src/rbmrg/a.py", 301 * "\n", "a.py has 301 lines"),
    (sizes, "tests/flows/test_a.py", 301 * "\n", "test_a.py has 301 lines"),
    (sizes, "workflow/rules/common.smk", 101 * "\n", "common.smk has 101 lines"),
    (sizes, "src/rbmrg/a.py", "class A:\n    def f(self):\n" + 40 * "        pass\n", "f has 41 lines"),
    (sizes, "src/rbmrg/a.py", "def f(a, b, c, d, e, f, g, *, h, i):\n    pass\n", "f has 9 parameters"),
    (scripts, "workflow/scripts/sample.py", 21 * "\n", "sample.py has 21 lines"),
    (scripts, "workflow/scripts/sample.py", "for i in x:\n    if i:\n        y = i\n", "the loop in line 1 computes"),
    (scripts, "workflow/scripts/sample.py", "\nfor i in x:\n    y.append(i)\n", "the loop in line 2 computes"),
    (scripts, "workflow/scripts/sample.py", "while True:\n    f()\n", "the loop in line 1 computes"),
    (scripts, "workflow/scripts/old.py", "", "workflow/scripts/old.py is named by no rule"),
    (scripts, "workflow/rules/flows.smk", '"../scripts/flow.py"', "workflow/scripts/flow.py, which does not exist"),
    (arrows, "src/rbmrg/lattice.py", "from rbmrg import sampling", "rbmrg.lattice imports rbmrg.sampling"),
    (arrows, "src/rbmrg/exact/a.py", "if a:\n    import rbmrg.sampling", "rbmrg.exact.a imports rbmrg.sampling"),
    (arrows, "src/rbmrg/new.py", "import rbmrg.lattice", "rbmrg.new imports rbmrg.lattice"),
    (arrows, "workflow/scripts/sample.py", "from rbmrg import rng, study", "sample.py imports rbmrg.study"),
    (circles, "src/rbmrg/lattice.py", "from rbmrg.sampling.wolff import x", "rbmrg.lattice, rbmrg.sampling.wolff"),
    (circles, "src/rbmrg/lattice.py", "from rbmrg.sampling import y", "rooms import each other: lattice, sampling"),
    (names, "src/rbmrg/a.py", 'if machine.name.startswith("untrained"):', "a.py:1: if machine.name"),
    (names, "src/rbmrg/a.py", 'table[table.machine.str.endswith("Tc")]', "a.py:1: table"),
    (names, "src/rbmrg/a.py", 'a = name.partition("-")', "a.py:1: a = "),
    (names, "src/rbmrg/a.py", 'if "Tc" in machine.name:', "a.py:1: if "),
    (names, "src/rbmrg/a.py", 'x = re.match("untrained", machine)', "a.py:1: x = "),
    (names, "workflow/rules/flows.smk", '[m for m in ALL if m["name"].endswith("Tc")]', "flows.smk:1: [m for"),
    (papers, "README.md", 121 * "\n", "README.md has 121 lines"),
    (papers, "README.md", "\n| " + 99 * "a" + "\n", "README.md: line 2 has 101 columns"),
]


@pytest.fixture
def tree(tmp_path):
    """A function that writes a small tree in order, with one file replaced or added."""

    def write(path="README.md", text=IN_ORDER["README.md"]):
        for name, content in (IN_ORDER | {path: text}).items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content)
        return tmp_path

    return write


@pytest.mark.parametrize("check", CHECKS)
def test_a_small_tree_in_order_passes(check, tree):
    assert not check(tree())


@pytest.mark.parametrize(("check", "path", "text", "said"), WRONG, ids=[said for *_, said in WRONG])
def test_each_check_finds_what_is_wrong(check, path, text, said, tree):
    assert said in "\n".join(check(tree(path, text)))


def test_contributing_is_missed(tree):
    root = tree()
    (root / "CONTRIBUTING.md").unlink()
    assert papers(root) == ["there is no CONTRIBUTING.md"]
