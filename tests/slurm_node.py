"""A Slurm of one node for tests: it needs no root and no service, and everything of it lives and dies with a folder."""

import os
import shutil
import socket
import subprocess
import time

PROGRAMS = ("slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol")
INSTALLED = all(shutil.which(program) for program in PROGRAMS)
# Nobody is asked who he is, and memory is counted twice a minute at least: who uses more than he asked for is killed.
CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/none
CredType=cred/none
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=2
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
SchedulerParameters=sched_interval=2,batch_sched_delay=0,sched_min_interval=0
ReturnToService=2
KillWait=2
MinJobAge=300
NodeName={host} NodeAddr=127.0.0.1 CPUs={cores} RealMemory=8000 State=UNKNOWN
PartitionName=debug Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def _free_ports():
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Node:
    """A node with as many cores as this machine, whose programs find it by `environment`; `with` ends it."""

    def __init__(self, folder):
        for part in ("state", "spool"):
            (folder / part).mkdir(parents=True)
        (folder / "slurm.conf").write_text(
            CONFIGURATION.format(
                host=socket.gethostname().split(".")[0], ports=_free_ports(), folder=folder, cores=os.cpu_count(),
                user=subprocess.check_output(["id", "-un"], text=True).strip(),
            )
        )  # fmt: skip
        self.environment = {"SLURM_CONF": str(folder / "slurm.conf"), "PATH": f"{folder}:{os.environ['PATH']}"}
        self._keep_to_this_node(folder / "srun")
        self._running = {}

    def _keep_to_this_node(self, script):
        """Snakemake's plugin takes all variables of Slurm from the `srun` in its jobs: here it gets this one back."""
        script.write_text(f'#!/bin/sh\nSLURM_CONF={self.environment["SLURM_CONF"]} exec {shutil.which("srun")} "$@"\n')
        script.chmod(0o755)

    def start(self, daemon):
        self._running[daemon] = subprocess.Popen(
            [daemon, "-D"], env=os.environ | self.environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self, daemon):
        self._running[daemon].kill()
        self._running.pop(daemon).wait()

    def __enter__(self):
        self.start("slurmctld")
        self.start("slurmd")
        for _ in range(60):
            time.sleep(1)
            if "idle" in self.ask("sinfo", "--noheader", "--format=%T"):
                return self
        raise TimeoutError("the node is not up after a minute")

    def __exit__(self, *_):
        self.ask("scancel", "--state=PENDING", "--quiet", *self.jobs())
        self.ask("scancel", "--quiet", *self.jobs())
        for _ in range(30):
            if not self.jobs():
                break
            time.sleep(1)
        for daemon in list(self._running):
            self.kill(daemon)

    def ask(self, *command):
        """What a program of Slurm says."""
        done = subprocess.run(command, env=os.environ | self.environment, capture_output=True, text=True)
        return done.stdout

    def jobs(self, *states):
        """The numbers of jobs in the queue, or of those in some `states`."""
        chosen = [f"--states={','.join(states)}"] if states else []
        return self.ask("squeue", "--noheader", "--format=%i", *chosen).split()

    def processes(self, job):
        """The numbers of processes of a job that runs, the youngest last."""
        lines = self.ask("scontrol", "listpids", job).splitlines()[1:]
        return sorted(int(line.split()[0]) for line in lines)
