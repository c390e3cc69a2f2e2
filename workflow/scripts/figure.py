"""Draw one figure: its module in rbmrg.figures is named by the rule."""

import importlib

from rbmrg import store
from rbmrg.figures import style
from rbmrg.progress import Progress

name = snakemake.params.figure
progress = Progress(f"figure {name}", 1, snakemake.log[0])
inputs = {key: store.read(paths) for key, paths in snakemake.input.items()}
figure, numbers = importlib.import_module(f"rbmrg.figures.{name}").draw(**inputs)
for path in (snakemake.output.png, snakemake.output.pdf):
    with store.atomic(path) as temporary:
        style.save(figure, temporary)
store.write_table(numbers, snakemake.output.csv)
progress(1)
