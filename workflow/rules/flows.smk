# Flows v → h → v through every machine of the thermometers' lattice size: their temperatures step by step, where they end,
# and what is there.  Analyses take all seeds of a machine together.

FLOWS = STUDY.flows
OF_FLOWS = (
    *("temperatures", "histograms", "fixed_points", "groups", "scans"),  # by read_flow
    *("equilibrium", "momentum", "singular_values"),  # by compare_flow
)
FOLLOWED = [
    f"<results>/tables/training/{name}/seed={seed}.csv"
    for name, entry in ENTRIES.items()
    if entry.L == STUDY.thermometers.L and entry.steps
    for seed in range(min(SEEDS[name], FLOWS.training_seeds))
]
GATHERED |= {name: per_machine(f"tables/{name}/{{machine}}.csv", STUDY.thermometers.L) for name in OF_FLOWS}
for name in ("groups", "scans"):
    GATHERED[name].insert(0, f"<results>/tables/samples/{name}.csv")
GATHERED["training"] = FOLLOWED


rule flow:
    input:
        machine="<results>/machines/{machine}/seed={seed}.nc",
        spins=samples(STUDY.thermometers.L, FLOWS.starts),
    output:
        "<results>/flows/{machine}/seed={seed}.nc",
    log:
        "<logs>/flow/{machine}/seed={seed}.log",
    benchmark:
        "<benchmarks>/flow/{machine}/seed={seed}.tsv"
    group:
        packs.chain
    resources:
        **ask("flow", minutes=lambda w: resources.flowing(STUDY)),
    params:
        seed=STUDY.seed,
        entry=lambda w: MADE[w.machine],
        n=FLOWS.n,
        length=FLOWS.length,
        code=code("flow.py"),
    script:
        "../scripts/flow.py"


rule follow_training:
    input:
        machine="<results>/machines/{machine}/seed={seed}.nc",
        spins=samples(STUDY.thermometers.L, [min(FLOWS.starts, key=float), max(FLOWS.starts, key=float)]),
    output:
        "<results>/tables/training/{machine}/seed={seed}.csv",
    log:
        "<logs>/follow_training/{machine}/seed={seed}.log",
    benchmark:
        "<benchmarks>/follow_training/{machine}/seed={seed}.tsv"
    group:
        packs.chain
    resources:
        **ask("follow_training", minutes=lambda w: resources.flowing(STUDY)),
    params:
        seed=STUDY.seed,
        entry=lambda w: MADE[w.machine],
        n=FLOWS.n // 5,
        length=FLOWS.length,
        code=code("follow_training.py"),
    script:
        "../scripts/follow_training.py"


# It also groups by class, which is part of the exponents, because it has the flows loaded.
rule read_flow:
    input:
        flows=lambda w: seeds_of(w.machine, "flows"),
        machines=lambda w: seeds_of(w.machine, "machines"),
        networks=[f"<results>/thermometers/seed={seed}.nc" for seed in range(STUDY.thermometers.seeds)],
        levels="<results>/thermometers/magnetisation.nc",
    output:
        readings="<results>/tables/temperatures/{machine}.csv",
        histograms="<results>/tables/histograms/{machine}.csv",
        fixed_points="<results>/tables/fixed_points/{machine}.csv",
        groups="<results>/tables/groups/{machine}.csv",
        scans="<results>/tables/scans/{machine}.csv",
        correlators="<results>/correlators/groups/{machine}.nc",
    log:
        "<logs>/read_flow/{machine}.log",
    benchmark:
        "<benchmarks>/read_flow/{machine}.tsv"
    group:
        packs.reading
    resources:
        **ask("read_flow", minutes=lambda w: SEEDS[w.machine] * resources.flowing(STUDY)),
    params:
        entry=lambda w: MADE[w.machine],
        code=code("read_flow.py"),
    script:
        "../scripts/read_flow.py"


rule compare_flow:
    input:
        flows=lambda w: seeds_of(w.machine, "flows"),
        machines=lambda w: seeds_of(w.machine, "machines"),
        points="<results>/tables/fixed_points/{machine}.csv",
    output:
        equilibrium="<results>/tables/equilibrium/{machine}.csv",
        momentum="<results>/tables/momentum/{machine}.csv",
        singular_values="<results>/tables/singular_values/{machine}.csv",
        correlators="<results>/correlators/flows/{machine}.nc",
    log:
        "<logs>/compare_flow/{machine}.log",
    benchmark:
        "<benchmarks>/compare_flow/{machine}.tsv"
    group:
        packs.reading
    resources:
        **ask("compare_flow", minutes=lambda w: SEEDS[w.machine] * resources.flowing(STUDY)),
    params:
        seed=STUDY.seed,
        n=FLOWS.n,
        entry=lambda w: MADE[w.machine],
        code=code("compare_flow.py", without=other_samplers(STUDY.thermometers.L)),
    script:
        "../scripts/compare_flow.py"
