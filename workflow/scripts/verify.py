"""Read all files of a study, up to the first that is damaged."""

from pathlib import Path

from rbmrg.report import seals

seals.check(Path(snakemake.input[0]).parent, snakemake.log[0])
