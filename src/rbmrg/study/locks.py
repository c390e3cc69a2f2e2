"""What Snakemake says of a locked folder, followed by what to type."""

ADVICE = "\nIf no run is at work here, type `.venv/bin/snakemake --unlock`, then your command with --rerun-incomplete."


def advise(logger):
    """Let the `logger` of Snakemake append ADVICE to its message that a folder is locked."""
    logger.addFilter(_followed)


def _followed(record):
    if "with the --unlock argument" in str(record.msg) and ADVICE not in record.msg:
        record.msg += ADVICE
    return True
