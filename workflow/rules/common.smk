# What every stage shares: the checked configuration, the names of files, and which code a job depends on.
import sys

# One thread a process, set before anything imports numpy: jobs are the parallelism, and the bytes do not depend on it.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ[variable] = "1"
os.environ.setdefault("NUMBA_CACHE_DIR", str(Path(".snakemake", "numba").resolve()))

from snakemake.exceptions import WorkflowError

from rbmrg.study import dependencies
from rbmrg.machines import coarse_graining, entries
from rbmrg import rg, sampling
from rbmrg.study import config as configuration

if " " in sys.executable:
    raise WorkflowError(
        f"Snakemake cannot start scripts with a Python whose path has a space: {sys.executable}.  "
        "Move this folder, or make the virtual environment in a folder without spaces."
    )

STUDY = Path(workflow.configfiles[-1]).stem
if STUDY == "reference":
    raise WorkflowError("a study cannot be called reference: results/reference holds the released results")
RESULTS = f"results/{STUDY}"

try:
    STUDIED = configuration.complete(
        config,
        size_problem=sampling.size_problem,
        machine_problems=entries.problems,
        rules={name: rule.FACTOR for name, rule in rg.RULES.items()},
        texts=[Path(file).read_text() for file in workflow.configfiles],
    )
except configuration.ConfigError as error:
    raise WorkflowError(f"{workflow.configfiles[-1]}: {error}") from None

TC = configuration.format_temperature("Tc")
SEED = STUDIED["seed"]
SAMPLED = {(group["L"], T): group for group in STUDIED["samples"] for T in group["temperatures"]}
MACHINES = {machine["name"]: machine for machine in STUDIED["machines"]}
THERMOMETERS, FLOWS, RG = STUDIED["thermometers"], STUDIED["flows"], STUDIED["rg"]

# Machines and rules are compared layer by layer at the size of `rg`; at that of the ablation one step is enough.
BASE = STUDIED["ablation"]["base"]
SIZES = {MACHINES[BASE]["L"]: 1} if BASE else {}
SIZES |= {RG["L"]: RG["layers"]}
LATTICES = {name: coarse_graining.sides(machine, RG["layers"]) for name, machine in MACHINES.items() if machine["L"] == RG["L"]}
LAYER_TEMPERATURES = [
    *(f"<results>/tables/layer_temperatures/rules/{rule}.csv" for rule in RG["rules"]),
    *(f"<results>/tables/layer_temperatures/machines/{name}.csv" for name, sides in LATTICES.items() if sides),
]


pathvars:
    results=RESULTS,
    logs=f"{RESULTS}/logs",
    benchmarks=f"{RESULTS}/benchmarks",


def code(name, **modules):
    """The source files a job of script `name` depends on: its inputs, so that editing one reruns just what uses it."""
    return dependencies.code(Path(workflow.basedir, "workflow", "scripts", name), **modules)


def samples(L, temperatures):
    """The files of configurations at `temperatures`, six-digit strings."""
    return [f"<results>/samples/L={L}/T={T}.nc" for T in temperatures]


def layers(machine, seed):
    """The files of the layers of a machine, lowest first; most have one."""
    lowest = f"<results>/machines/{machine}/seed={seed}"
    higher = range(2, len(entries.layer_sizes(MACHINES[machine])) + 1)
    return [f"{lowest}.nc", *(f"{lowest}/layer={layer}.nc" for layer in higher)]


def seeds_of(machine, stage):
    """The files of all seeds of a machine in one stage."""
    return [f"<results>/{stage}/{machine}/seed={seed}.nc" for seed in range(MACHINES[machine]["seeds"])]


def per_machine(pattern, L):
    """`pattern` with the {machine} of every machine of lattice size `L`."""
    return [f"<results>/{pattern.format(machine=name)}" for name, machine in MACHINES.items() if machine["L"] == L]


def algorithm(w):
    """The algorithm that draws the samples of w.L and w.T."""
    asked = SAMPLED[int(w.L), w.T]["algorithm"]
    return sampling.choose(int(w.L), float(w.T)) if asked == "auto" else asked


def unused(registry, *names):
    """Modules of `registry` {name: module} that its entries `names` do not use, for `code(…, without=…)`."""
    used = [registry[name] for name in names]
    package = registry[names[0]].__name__.rpartition(".")[0]
    needed = {file for module in used for file in dependencies.code(module.__file__, without=[package])}
    return [module.__name__ for module in registry.values() if module.__file__ not in needed]


def other_samplers(L):
    """Modules of the samplers that are the cheapest at lattice size `L` neither near Tc nor far from it."""
    return unused(sampling.ALGORITHMS, *(sampling.choose(int(L), T) for T in (1.0, float(TC))))


def described(machine):
    """What a machine is, for the jobs that make or use it: how many seeds there are changes nothing."""
    return MACHINES[machine] | {"seeds": None}


def map_memory(L):
    """MB for the maps of a layer on L × L spins: 20 replicas of L²/4 maps several times over; 3.9 GB were used at L = 64."""
    return 1000 + L**4 // 4000


def calibration_memory(L):
    """MB for the thermometers of a lattice: about 26 temperatures, 8 bytes a site; 8.3 GB were used at L = 64."""
    return 1000 + RG["calibration"] * L**2 // 4000


def rule_maps(L, steps):
    """Names of the maps of all RG rules from L × L spins, up to `steps` layers."""
    return [f"rules/{rule}/L={L}/layer={layer}" for rule in RG["rules"] for layer in range(1, steps + 1)]


def machine_maps(L, steps, seeds=None):
    """Names of the maps of all machines of L × L spins, up to `steps` layers and a number of `seeds`."""
    return [
        f"machines/{name}/seed={seed}/layer={layer}"
        for name, machine in MACHINES.items()
        if machine["L"] == L
        for seed in range(min(machine["seeds"], seeds or machine["seeds"]))
        for layer in range(1, min(steps, coarse_graining.depth(machine, RG["layers"])) + 1)
    ]


def first_maps(steps):
    """The files of maps at the size of `rg`: RG rules, and the first seed of each machine."""
    return [f"<results>/maps/{name}.nc" for name in [*rule_maps(RG["L"], steps), *machine_maps(RG["L"], steps, 1)]]


def step_code(script, *rule):
    """The source files of a job that coarse-grains, by an RG `rule` or by machines: not the registry of rules."""
    return code(script, without=["rbmrg.rg"], also=["rbmrg.rg.steps", *(rg.RULES[name].__name__ for name in rule)])


def calibrations(sides):
    """The thermometers of the lattices of `rg.L` and of layers of sizes `sides`."""
    return [f"<results>/thermometers/L={L}.nc" for L in dict.fromkeys([RG["L"], *sides])]


def sides_of_rule(rule):
    """Sizes of the lattices of the layers of an RG rule."""
    return [RG["L"] // rg.RULES[rule].FACTOR ** layer for layer in range(1, RG["layers"] + 1)]


wildcard_constraints:
    L=r"\d+",
    T=r"\d+\.\d{6}",
    seed=r"\d+",
    layer=r"[1-9]\d*",
    machine="|".join(map(re.escape, MACHINES)) or "none",
    rg_rule="|".join(map(re.escape, rg.RULES)),
