"""Mutual information of blocks with their environment, by all rules and filters."""

from rbmrg import rg, store
from rbmrg.exponents import information_table, named_rules
from rbmrg.machines.entries import Entry
from rbmrg.progress import Progress

settings = snakemake.params
progress = Progress("mutual information", 1, snakemake.log[0])
rules = [rg.RULES[name] for name in settings.rules]
entries = [Entry(**entry) for entry in settings.filters]
machines = [store.load(path, "machine") for path in snakemake.input.machines]
named = named_rules.of_all(rules, settings.dial, entries, machines)
store.write_table(information_table.table(store.load(snakemake.input.spins, "samples"), named), snakemake.output[0])
progress(1)
