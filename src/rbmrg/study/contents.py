"""Let Snakemake judge by contents, not by time stamps, what it has to run again, and want every file of a study."""

import os
import sys

from snakemake import workflow as engine

WHOLE = "all"  # the rule that asks for the whole study
RECORDS = ".made"  # the folder of the records, below the results


class _Settings:
    """The attribute `dag_settings` of a workflow, which Snakemake sets only after it has read the Snakefile."""

    def __get__(self, workflow, owner=None):
        return workflow.__dict__.get("dag_settings") if workflow else self

    def __set__(self, workflow, settings):
        if settings is not None:
            triggers = settings.rerun_triggers
            settings.rerun_triggers = frozenset(trigger for trigger in triggers if trigger.name != "CODE")
            settings.max_checksum_file_size = sys.maxsize
        workflow.__dict__["dag_settings"] = settings


class _Wanting(engine.DAG):
    """A graph of jobs in which, if the whole study is asked for, every file is wanted that a job of it reads.

    Snakemake does not miss a file if all that was made of it is there.  But where a killed job has left nothing, the
    latter may be older than the configuration.
    """

    async def update_needrun(self, create_inventory=False):
        targets = self.targetjobs
        if WHOLE in {rule.name for rule in self.targetrules}:
            self.targetjobs = set(self.jobs)
        try:
            await super().update_needrun(create_inventory)
        finally:
            self.targetjobs = targets


def decide(workflow, results):
    """Make a Snakemake `workflow` compare contents wherever it would compare times, and miss what is not there.

    What it records of the making of each file is kept below the folder `results` of the study, not in `.snakemake`: so
    it is there just as long as the files are.

    A job's code is one of its parameters (`dependencies.digest`), so the time of its script is of no interest.  An
    input that is newer than an output counts as changed only if its checksum differs from what it was when the job ran:
    Snakemake does so for files up to 1 MB, and here for all.
    """

    class Records(engine.FilePersistence):
        def __init__(self, **options):
            super().__init__(**options)
            self._fetch_max_len(self.path)  # the folder of the records may not be there yet
            self._metadata_path = os.path.join(results, RECORDS)

    type(workflow).dag_settings = _Settings()
    engine.DAG = _Wanting
    if workflow.modifier.parent_modifier is None:  # a workflow of which this is a part keeps its own records
        engine.FilePersistence = Records
