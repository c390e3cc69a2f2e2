"""Write the report that stands alone."""

from rbmrg import store
from rbmrg.progress import Progress
from rbmrg.report import page

progress = Progress("report", 1, snakemake.log[0])
given = dict(snakemake.input.items())  # a study without a stage has no inputs of that stage
text = page.render(
    snakemake.params.study, snakemake.params.settings,
    tables={name: store.read(given[name]) for name in page.TABLES if name in given},
    maps=(store.load(path) for path in given.get("layers", [])),
    figures=given.get("figures", []), captions=snakemake.params.captions,
)  # fmt: skip
with store.atomic(snakemake.output[0]) as temporary:
    temporary.write_text(text)
progress(1)
