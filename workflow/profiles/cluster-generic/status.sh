#!/bin/sh
# What Snakemake wants to know of job $1: success, running or failed; and on the screen, why a job has failed.
# A job that Slurm no longer knows ended long ago, or was never there.  If Slurm does not answer, it may do so next time.
if answer=$(scontrol --oneliner show job "$1" 2>&1); then
    state=$(echo "$answer" | sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p')
elif echo "$answer" | grep -q 'Invalid job id'; then
    state=UNKNOWN
else
    state=UNREACHABLE
fi
case "$state" in
COMPLETED) echo success ;;
BOOT_FAIL | CANCELLED | DEADLINE | FAILED | NODE_FAIL | OUT_OF_MEMORY | REVOKED | TIMEOUT | UNKNOWN)
    echo "Job $1 ended with $state.  If it is not tried again: each attempt asks for more, add --retries 5 to your command." >&2
    echo failed
    ;;
*) echo running ;;
esac
