"""Let Snakemake judge by contents, not by time stamps, what it has to run again, and want every file of a study."""

import os
import sys

from snakemake import workflow as engine
from snakemake.exceptions import WorkflowError

from rbmrg.study import locks

VERIFIED = "verify"  # the rule that asks whether all files are as they should be
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
            settings.force_incomplete = True  # what a killed job was making is made again, without being asked
        workflow.__dict__["dag_settings"] = settings


class _Wanting(engine.DAG):
    """A graph of jobs in which every file is wanted that a job reads, but for temporary ones.

    Snakemake does not miss a file if all that was made of it is there.  But where a killed job has left nothing, the
    latter may be older than the configuration.
    """

    async def update_needrun(self, create_inventory=False):
        targets = self.targetjobs
        self.targetjobs = {job for job in self.jobs if not job.temp_output} | set(targets)
        try:
            await super().update_needrun(create_inventory)
        finally:
            self.targetjobs = targets
        if VERIFIED in {rule.name for rule in self.targetrules}:
            self._refuse_what_does_not_fit()

    def _refuse_what_does_not_fit(self):
        """Raise WorkflowError, which names the first file of another configuration, code or input, or no record."""
        for job in (job for level in self.toposorted() for job in sorted(level, key=str) if job.output):
            if self.needrun(job):
                raise WorkflowError(
                    f"{job.output[0]}: {_words(self.reason(job))}; type your command without {VERIFIED}"
                )
            if not self.workflow.persistence.has_metadata(job):
                raise WorkflowError(f"{job.output[0]}: there is no record of its making; delete it and run again")


def _words(reason):
    """Why a file does not fit, of Snakemake's reasons the first that holds."""
    if reason.missing_output:
        return "is missing"
    if reason.params_changed:
        return "was made with another configuration or other code"
    if reason.updated_input or reason.input_changed:
        return f"was made of other inputs ({', '.join(sorted(reason.updated_input)) or 'more or fewer'})"
    return "may be unfinished, since its job was killed"


class _Records(locks.Locks, engine.FilePersistence):
    """What Snakemake records of the making of each file.

    It compares the parameters of a job as a set, so two values that are swapped would pass: here each has its place.
    A record that a power cut has left damaged would count as none, and the file as good: here it is made again.
    After an interrupt Snakemake forgets even that a job was begun, whose file may be there and count as good, too.
    """

    def cleanup(self, job):
        for file in job.output:
            self._delete_record(self._get_key(file))

    def _params(self, job):
        values = [self._serialize_param(value) for value in job.non_derived_params]
        return [f"{place}: {value}" for place, value in enumerate(values) if isinstance(value, str)]

    def _io_read(self, subject, id):
        record = super()._io_read(subject, id)
        is_damaged = not record and os.path.exists(self._record_path(subject, id))
        return {"params": ["damaged"], "record_format_version": sys.maxsize} if is_damaged else record


def decide(workflow, results):
    """Make a Snakemake `workflow` compare contents wherever it would compare times, and miss what is not there.

    What it records of the making of each file is kept below the folder `results` of the study, not in `.snakemake`: so
    it is there just as long as the files are.

    A job's code is one of its parameters (`dependencies.digest`), so the time of its script is of no interest.  An
    input that is newer than an output counts as changed only if its checksum differs from what it was when the job ran:
    Snakemake does so for files up to 1 MB, and here for all.
    """

    class OwnRecords(_Records):
        def __init__(self, **options):
            super().__init__(**options)
            self._fetch_max_len(self.path)  # the folder of the records may not be there yet
            self._metadata_path = os.path.join(results, RECORDS)
            self._incomplete_path = os.path.join(results, RECORDS, "begun")

    type(workflow).dag_settings = _Settings()
    engine.DAG = _Wanting
    # A workflow of which this is a part keeps the records of all in its own folder.
    engine.FilePersistence = OwnRecords if workflow.modifier.parent_modifier is None else _Records
