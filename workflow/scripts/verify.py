"""Read all files of a study, up to the first that is damaged."""

from rbmrg.study import seals

seals.check(snakemake.params.results)
