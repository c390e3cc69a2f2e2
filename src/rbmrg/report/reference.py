"""`python -m rbmrg.report.reference [FOLDER]` writes the README.md of the released results from their tables.

The prose is `README.md.jinja` there, and `{{ read("default/claims.csv") | claims("C1, *, paper-*") }}` in it a table.
"""

import sys
from fnmatch import fnmatchcase
from pathlib import Path

import jinja2
import numpy as np
import pandas as pd

from rbmrg.exponents.settling import EXACT
from rbmrg.lattice import TC
from rbmrg.report.rows import between
from rbmrg.report.verdicts import VERDICTS
from rbmrg.stats import over_seeds, written

FOLDER = "results/reference"


def render(template, read):
    """The page as text from the text of a jinja `template`; `read(path)` returns the table with that name."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True)
    environment.filters |= {view.__name__: view for view in VIEWS}
    return environment.from_string(template).render(read=read)


def markdown(rows, columns):
    """A Markdown table from `rows`, each a list of cells, below the names of the `columns`."""
    lines = [[str(cell).replace("|", "\\|") for cell in line] for line in (columns, *rows)]
    lines.insert(1, ["---"] * len(columns))
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def verdicts(table):
    """How often each verdict occurs in the table of claims, by claim."""
    counts = pd.crosstab(table.claim, table.verdict).reindex(columns=VERDICTS, fill_value=0)
    return markdown(counts.loc[table.claim.unique()].reset_index().to_numpy(), ["claim", *VERDICTS])


def claims(table, *patterns):
    """Rows of the table of claims whose text `claim, quantity, source` fits one of `patterns` (`*`: any text).

    Raises ValueError for a pattern that no row fits.
    """
    rows = []
    texts = table.claim + ", " + table.quantity + ", " + table.source
    for pattern in patterns:
        fitting = table[_fits(texts, pattern)]
        if fitting.empty:
            raise ValueError(f"pattern = {pattern!r}: must fit the quantity of a claim")
        rows += [_claim(row) for row in fitting.itertuples()]
    return markdown(rows, ["source", "quantity", "estimate", "95 % interval", "region", "verdict"])


def known_answers(table):
    """A row for each claim and case of the table of known answers, or of that of power."""
    columns = {"claim": "claim", "case": "case", "truth": "in truth it", "verdict": "most frequent verdict",
               "wrong_share": "wrong", "right_share": "right", "replicas": "replicas"}  # fmt: skip
    shares = {name: [f"{100 * share:.3g} %" for share in table[name]] for name in ("wrong_share", "right_share")}
    return markdown(table.assign(**shares)[list(columns)].to_numpy(), columns.values())


def _fits(texts, pattern):
    return [fnmatchcase(text, pattern) for text in texts]


def _claim(row):
    estimate = written(row.estimate, row.error)
    interval = between(row.low, row.high)
    region = between(row.region_low, row.region_high)
    return f"{row.source} ({row.scope})", row.quantity, estimate, interval, region, row.verdict


def recipes(table, *names):
    """Distances of machines from their data: a row for each kind of data, a column for each recipe of `names`.

    The recipe with the smallest mean over seeds is in bold.
    """
    order = table.assign(T=pd.to_numeric(table.training, errors="coerce")).sort_values(["L", "T"])
    rows = []
    for (L, training), group in order.groupby(["L", "training"], sort=False):
        means = group.groupby("recipe").kl.mean()
        cells = {name: _distances(group[group.recipe == name]) for name in names}
        cells[means.idxmin()] = f"**{cells[means.idxmin()]}**"
        rows.append([f"L = {L}, {_temperature(training)}", *cells.values()])
    return markdown(rows, ["data", *(f"`{name}`" for name in names)])


def machines(table, pattern):
    """Machines whose name fits `pattern`: recipe, data, sizes of layers, steps, distance from the data by seed."""
    rows = []
    for name, seeds in table[_fits(table.machine, pattern)].groupby("machine", sort=False):
        lowest = seeds[seeds.layer == 1]
        first = lowest.iloc[0]
        sizes = " → ".join(map(str, [first.visible, *seeds[seeds.replica == first.replica].hidden]))
        rows.append([name, first.recipe, _temperature(first.training), sizes, first.steps, _distances(lowest)])
    return markdown(rows, ["machine", "recipe", "data", "units", "steps", "KL, nat per spin"])


def _distances(rows):
    return ", ".join(written(kl, error) for kl, error in zip(rows.kl, rows.kl_error, strict=True))


def _temperature(text):
    """`Tc`, `T = 2.6` or `0 to 5.9, 60 temperatures`."""
    T = pd.to_numeric(text, errors="coerce")
    if np.isnan(T):
        return text
    return "Tc" if np.isclose(T, TC, rtol=0, atol=1e-5) else f"T = {T:g}"


def fields(table, *statistics):
    """Means of the `statistics` of receptive fields of first layers, first seed, and their spread over hidden units."""
    shown = table[(table.of == "field") & (table.layer == 1) & (table.seed == 0) & table.L.eq(table.L.max())]
    cells = [f"{mean:.3f} ± {spread:.3f}" for mean, spread in zip(shown["mean"], shown.spread, strict=True)]
    table = shown.assign(cell=cells).pivot(index="source", columns="statistic", values="cell")
    table = table.loc[shown.source.unique(), list(statistics)]
    return markdown(table.reset_index().to_numpy(), ["source", *(name.replace("_", " ") for name in statistics)])


def layers(table, source):
    """What thermometers read of each layer of `source`, by the temperature of the configurations at the bottom."""
    mine = table[table.source == source]
    names = [f"layer {layer}, L = {L}" for layer, L in dict(zip(mine.layer, mine.L, strict=True)).items()]
    rows = []
    for (T, thermometer), readings in mine.groupby(["T", "thermometer"]):
        seeds = [over_seeds(layer.temperature, layer.error) for _, layer in readings.groupby("layer")]
        rows.append([_temperature(T), thermometer, *(written(*numbers) for numbers in seeds)])
    return markdown(rows, ["from", "thermometer", *names])


def couplings(table, of, *operators):
    """Couplings `of` something in the table of that name: a row a source, means over seeds of its `operators`."""
    mine = table[table.of == of]
    rows = []
    for source, seeds in mine.groupby("source", sort=False):
        found = [seeds[seeds.operator == name] for name in operators]
        rows.append([source, *(written(*over_seeds(one.coupling, one.error)) for one in found)])
    return markdown(rows, ["source", *(f"K_{name}" for name in operators)])


def exponents(table):
    """y_t and y_h of each rule and seed at every step, with all operators."""
    full = table[table.operators == table.operators.max()]
    rows = []
    for (kind, source, seed), steps in full.groupby(["kind", "source", "seed"], sort=False):
        name = f"{source}, seed {seed}" if kind == "machine" else source
        for exponent in EXACT:
            values = zip(steps[exponent], steps[f"{exponent}_error"], strict=True)
            rows.append([name, exponent, *(written(*pair) for pair in values)])
    return markdown(rows, ["rule", "exponent", *(f"step {level}" for level in sorted(full.level.unique()))])


def times(table, quantity):
    """Autocorrelation times in sweeps of `quantity` (energy or m2) by algorithm and L; perfect samplers have none."""
    chains = table[table.thinning > 0]
    cells = [written(*pair) for pair in zip(chains[f"tau_{quantity}"], chains[f"tau_{quantity}_error"], strict=True)]
    return _by_size(chains.assign(cell=cells))


def costs(table, column):
    """`column`, µs of CPU, by algorithm and L."""
    return _by_size(table.assign(cell=[f"{cost:.3g}" if cost < 1000 else f"{cost:.0f}" for cost in table[column]]))


def _by_size(table):
    cells = table.pivot(index="algorithm", columns="L", values="cell").fillna("")
    cells = cells.loc[table.algorithm.unique()].rename(columns=lambda L: f"L = {L}")
    return markdown(cells.reset_index().to_numpy(), ["algorithm", *cells])


VIEWS = (verdicts, claims, known_answers, recipes, machines, fields, layers, couplings, exponents, times, costs)


def main(folder=FOLDER):
    """Write `folder`/README.md."""
    template = Path(folder, "README.md.jinja")
    template.with_suffix("").write_text(render(template.read_text(), lambda name: pd.read_csv(Path(folder, name))))


if __name__ == "__main__":
    main(*sys.argv[1:])
