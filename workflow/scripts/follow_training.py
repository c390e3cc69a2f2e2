"""Where the flows of a machine end at snapshots of its training."""

from functools import partial

from rbmrg import rng, store
from rbmrg.flows import during_training, gibbs, snapshots
from rbmrg.machines.entries import Entry
from rbmrg.progress import Progress

settings = snakemake.params
entry = Entry(**settings.entry)
seed = int(snakemake.wildcards.seed)
course = store.load(snakemake.input.machine, "machine")
starts = gibbs.held_out([store.load(path, "samples") for path in snakemake.input.spins], settings.n)
stream = partial(rng.stream, "course", settings.seed, entry.name, seed)
columns = entry.columns | {"seed": seed}
progress = Progress(f"training of {entry.name} seed {seed}", course.sizes["step"], snakemake.log[0])
table = during_training.follow(course, starts, snapshots.steps(settings.length), stream, columns, progress)
store.write_table(table, snakemake.output[0])
