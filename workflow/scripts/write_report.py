"""Write the report that stands alone, and what each column of each table means."""

from rbmrg import store
from rbmrg.progress import Progress
from rbmrg.report import columns, page, rows

progress = Progress("report", 1, snakemake.log[0])
given = dict(snakemake.input.items())  # a study without a stage has no inputs of that stage
described = columns.of_files(given["described"], snakemake.output.columns)
text = page.render(
    snakemake.params.study, snakemake.params.settings, described=described,
    tables={name: store.read(given[name]) for name in page.TABLES if name in given},
    maps=(store.load(path) for path in given.get("layers", [])),
    figures=map(page.figure, given.get("figures", []), snakemake.params.captions, snakemake.params.shows),
    benchmarks=rows.timings(snakemake.params.benchmarks),
)  # fmt: skip
store.write_table(described, snakemake.output.columns)
with store.atomic(snakemake.output.page) as temporary:
    temporary.write_text(text)
progress(1)
