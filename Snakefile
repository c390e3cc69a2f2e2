# The workflow is workflow/Snakefile; whoever types `snakemake` here gets it.
include: "workflow/Snakefile"


workflow.default_target = "all"  # an included file cannot name its own
