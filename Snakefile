# The workflow is in workflow/Snakefile; Snakemake looks for it here, too.
include: "workflow/Snakefile"
