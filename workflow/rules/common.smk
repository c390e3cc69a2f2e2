# What every stage shares: the checked study, the names of files, and which code a job depends on.
import dataclasses
from functools import cache

os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(".snakemake", "numba").resolve()))

from snakemake.exceptions import WorkflowError

from rbmrg import processor, rg, sampling
from rbmrg.machines import coarse_graining
from rbmrg.study import contents, dependencies, estimate, forks, locks, packing, reading, resources, terminal
from rbmrg.study.temperatures import format_temperature

os.environ |= processor.environment()  # for jobs, which are processes of their own

ROOT = Path(workflow.current_basedir.get_path_or_uri(secret_free=True)).parents[1]
try:
    if not workflow.configfiles and not workflow.modifier.skip_configfile:  # Snakemake says less of what is wrong
        workflow.configfile(reading.readable(ROOT / "config" / "default.yaml"))
    STUDY = reading.of_files(config, workflow.configfiles)  # none if a module is given its configuration otherwise
except reading.ConfigError as error:
    raise WorkflowError(str(error)) from None
RESULTS = f"results/{STUDY.name}"

locks.advise(logger)
contents.decide(workflow, RESULTS)  # what is finished stays finished, wherever it is moved and whatever its time stamps
forks.adopt(workflow)
if workflow.is_main_process:
    terminal.take_over(workflow, estimate.watch(workflow, STUDY))

TC = format_temperature("Tc")
ENTRIES = {machine.name: machine.entry for machine in STUDY.machines}
MADE = {name: dataclasses.asdict(entry) for name, entry in ENTRIES.items()}  # for the jobs that make or use it
SEEDS = {machine.name: machine.seeds for machine in STUDY.machines}
GATHERED = {}  # what each table of several sources is joined from
ask = resources.asking(STUDY)
packs = packing.Packs(STUDY, workflow)  # which jobs make one job of a batch system
other_rules = lambda *names: dependencies.unused(rg.RULES, names)  # on which a job that uses `names` does not depend


pathvars:
    results=RESULTS,
    logs=f"{RESULTS}/logs",
    benchmarks=f"{RESULTS}/benchmarks",


@cache
def source(path):
    """The path of a file of this workflow, given relative to this folder; it may be kept in a repository elsewhere."""
    return Path(workflow.source_path(path))


def code(name, without=(), also=()):
    """The digest of the code of a job of script `name`: a parameter, so that an edit reruns just what uses it.

    The options of a recipe are parameters of their own: a job does not depend on the file that lists all recipes.
    """
    return dependencies.digest(source(f"../scripts/{name}"), ["rbmrg.rbm.recipes", *without], also)


def samples(L, temperatures):
    """The files of configurations at `temperatures`, texts with six decimals."""
    return [f"<results>/samples/L={L}/T={T}.nc" for T in temperatures]


def layers(machine, seed):
    """The files of the layers of a machine, lowest first; most have one."""
    lowest = f"<results>/machines/{machine}/seed={seed}"
    higher = range(2, len(ENTRIES[machine].layer_sizes) + 1)
    return [f"{lowest}.nc", *(f"{lowest}/layer={layer}.nc" for layer in higher)]


def seeds_of(machine, stage):
    """The files of all seeds of a machine in one stage."""
    return [f"<results>/{stage}/{machine}/seed={seed}.nc" for seed in range(SEEDS[machine])]


def per_machine(pattern, L):
    """`pattern` with the {machine} of every machine of lattice size `L`."""
    return [f"<results>/{pattern.format(machine=name)}" for name, entry in ENTRIES.items() if entry.L == L]


def maps(L, steps, seeds=None):
    """Names of the maps from L × L spins, up to `steps` layers and a number of `seeds`: RG rules, then machines."""
    return [f"rules/{rule}/L={L}/layer={layer}" for rule in STUDY.rg.rules for layer in range(1, steps + 1)] + [
        f"machines/{name}/seed={seed}/layer={layer}"
        for name, entry in ENTRIES.items()
        if entry.L == L
        for seed in range(min(SEEDS[name], seeds or SEEDS[name]))
        for layer in range(1, min(steps, coarse_graining.depth(entry, STUDY.rg.layers)) + 1)
    ]


wildcard_constraints:
    L=r"\d+",
    T=r"\d+\.\d{6}",
    seed=r"\d+",
    layer=r"[1-9]\d*",
    machine="|".join(map(re.escape, ENTRIES)) or "none",
    rg_rule="|".join(map(re.escape, rg.RULES)),
