# Is deep learning a renormalization group flow?  The whole pipeline at a glance:
#
#   config → samples → machines ──→ flows ──→ temperatures, correlators → dimensions ─→ figures, claims → report
#               └────→ thermometers ─┘  └──→ coarse-grained lattices → maps ───────────┘
#
# One file of rules a stage in workflow/rules, thin scripts in workflow/scripts, all physics in src/rbmrg.
import os
from pathlib import Path

from snakemake.utils import min_version

min_version("9.10")


if not workflow.configfiles:

    configfile: Path(workflow.basedir) / "config" / "default.yaml"


include: "workflow/rules/common.smk"
include: "workflow/rules/samples.smk"
include: "workflow/rules/machines.smk"
include: "workflow/rules/thermometers.smk"
include: "workflow/rules/flows.smk"
include: "workflow/rules/layers.smk"
include: "workflow/rules/exponents.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/report.smk"


rule all:
    default_target: True
    input:
        # The report reads all of these; as targets they are made again if they are deleted.
        [f"<results>/figures/{figure}.{kind}" for figure in FIGURES for kind in ("png", "pdf", "csv")],
        "<results>/claims.csv",
        "<results>/report.html",


onstart:
    # With its limit of job starts, Snakemake 9 looks at all waiting jobs once a second for each job that has ended (its
    # pull request 3744): a fifth of a core by the hundredth job.  Jobs here last seconds; no limit is needed.
    workflow.scheduler.job_rate_limiter = None


onsuccess:
    print(f"The report is {Path(RESULTS, 'report.html').resolve()}")
