"""Write the report that stands alone."""

from pathlib import Path

from rbmrg import store
from rbmrg.progress import Progress
from rbmrg.report import page

progress = Progress("report", 1, snakemake.log[0])
layers = [page.layer_row(file) for file in store.read(snakemake.input.layers)]
page = page.render(
    snakemake.params.study, snakemake.params.settings,
    claims_table=store.read(snakemake.input.claims), thermometers=store.read(snakemake.input.thermometers),
    machines=store.read(snakemake.input.machines), layers=layers,
    statistics=store.read(snakemake.input.statistics), figures=snakemake.input.figures,
    captions=[Path(path).read_text() for path in snakemake.input.captions],
)  # fmt: skip
with store.atomic(snakemake.output[0]) as temporary:
    temporary.write_text(page)
progress(1)
