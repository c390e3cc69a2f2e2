#!/bin/sh
# What Snakemake wants to know of job $1: success, running or failed.
# A job that Slurm no longer knows has ended long ago, or was never there: failed.
state=$(scontrol --oneliner show job "$1" 2>/dev/null | sed -n 's/.*JobState=\([A-Z_]*\).*/\1/p')
case "$state" in
COMPLETED) echo success ;;
PENDING | RUNNING | COMPLETING | CONFIGURING | SUSPENDED | REQUEUED) echo running ;;
*) echo failed ;;
esac
