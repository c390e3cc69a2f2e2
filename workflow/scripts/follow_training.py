"""Where the flows of a machine end at snapshots of its training."""

from rbmrg import rng, store
from rbmrg.flows import during_training, gibbs, snapshots
from rbmrg.machines.entries import Entry
from rbmrg.progress import Progress

settings = snakemake.params
entry = Entry(**settings.entry)
seed = int(snakemake.wildcards.seed)
stream = ["course", settings.seed, entry.name, seed]
course = store.load(snakemake.input.machine, "machine")
starts = gibbs.held_out([store.load(path, "samples") for path in snakemake.input.spins], settings.n)
steps = snapshots.steps(settings.length)
progress = Progress(f"training of {entry.name} seed {seed}", course.sizes["step"], snakemake.log[0])
columns = entry.columns | {"seed": seed}
table = during_training.follow(course, starts, steps, lambda index: rng.stream(*stream, index), columns, progress)
store.write_table(table, snakemake.output[0])
