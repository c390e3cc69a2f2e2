"""Read all files of a study, up to the first that is damaged."""

from rbmrg.report import seals

seals.check(snakemake.params.results)
