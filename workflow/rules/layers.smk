# Coarse graining by RG rules and by machines: maps, receptive fields, their statistics, and the temperatures of layers.

RG = STUDY.rg
# Machines and rules are compared layer by layer at the size of `rg`; at that of the ablation one step is enough.
SIZES = ({ENTRIES[STUDY.ablation.base].L: 1} if STUDY.ablation else {}) | {RG.L: RG.layers}


def step_code(script, *rule):
    """The source files of a job that coarse-grains, by an RG `rule` or by machines: not the registry of rules."""
    return code(script, without=["rbmrg.rg"], also=["rbmrg.rg.steps", *(rg.RULES[name].__name__ for name in rule)])


def map_memory(L):
    """MB for the maps of a layer on L × L spins: 20 replicas of L²/4 maps several times over; 3.9 GB were used at L = 64."""
    return 1000 + L**4 // 4000


def rule_maps(L, steps):
    """Names of the maps of all RG rules from L × L spins, up to `steps` layers."""
    return [f"rules/{rule}/L={L}/layer={layer}" for rule in RG.rules for layer in range(1, steps + 1)]


def machine_maps(L, steps, seeds=None):
    """Names of the maps of all machines of L × L spins, up to `steps` layers and a number of `seeds`."""
    return [
        f"machines/{name}/seed={seed}/layer={layer}"
        for name, entry in ENTRIES.items()
        if entry.L == L
        for seed in range(min(SEEDS[name], seeds or SEEDS[name]))
        for layer in range(1, min(steps, coarse_graining.depth(entry, RG.layers)) + 1)
    ]


def first_maps(steps):
    """The files of maps at the size of `rg`: RG rules, and the first seed of each machine."""
    return [f"<results>/maps/{name}.nc" for name in [*rule_maps(RG.L, steps), *machine_maps(RG.L, steps, 1)]]


def sides_of_rule(rule):
    """Sizes of the lattices of the layers of an RG rule."""
    return [RG.L // rg.RULES[rule].FACTOR ** layer for layer in range(1, RG.layers + 1)]


def layer_temperatures():
    """The tables of temperatures of the layers of all rules, and of the machines whose layers are lattices."""
    lattices = [n for n, entry in ENTRIES.items() if entry.L == RG.L and coarse_graining.sides(entry, RG.layers)]
    names = [*(f"rules/{rule}" for rule in RG.rules), *(f"machines/{name}" for name in lattices)]
    return [f"<results>/tables/layer_temperatures/{name}.csv" for name in names]


rule map_rule:
    input:
        spins=lambda w: samples(w.L, [RG.T]),
        code=lambda w: step_code("map_rule.py", w.rg_rule),
    output:
        map="<results>/maps/rules/{rg_rule}/L={L}/layer={layer}.nc",
        statistics="<results>/tables/maps/rules/{rg_rule}/L={L}/layer={layer}.csv",
    log:
        "<logs>/map_rule/{rg_rule}/L={L}/layer={layer}.log",
    benchmark:
        "<benchmarks>/map_rule/{rg_rule}/L={L}/layer={layer}.tsv"
    resources:
        mem_mb=lambda w: map_memory(int(w.L)),
    params:
        seed=STUDY.seed,
    script:
        "../scripts/map_rule.py"


rule map_machine:
    input:
        spins=lambda w: samples(ENTRIES[w.machine].L, [RG.T]),
        layers=lambda w: layers(w.machine, w.seed)[: int(w.layer)],
        code=step_code("map_machine.py"),
    output:
        map="<results>/maps/machines/{machine}/seed={seed}/layer={layer}.nc",
        statistics="<results>/tables/maps/machines/{machine}/seed={seed}/layer={layer}.csv",
    log:
        "<logs>/map_machine/{machine}/seed={seed}/layer={layer}.log",
    benchmark:
        "<benchmarks>/map_machine/{machine}/seed={seed}/layer={layer}.tsv"
    resources:
        mem_mb=lambda w: map_memory(ENTRIES[w.machine].L),
    params:
        seed=STUDY.seed,
        entry=lambda w: made(w.machine),
    script:
        "../scripts/map_machine.py"


rule compare_maps:
    input:
        statistics=[
            f"<results>/tables/maps/{name}.csv"
            for L, steps in SIZES.items()
            for name in [*rule_maps(L, steps), *machine_maps(L, steps)]
        ],
        code=code("compare_maps.py"),
    output:
        statistics="<results>/tables/map_statistics.csv",
        ablations="<results>/tables/ablations.csv",
    log:
        "<logs>/compare_maps.log",
    params:
        ablations=STUDY.ablations,
    script:
        "../scripts/compare_maps.py"


rule read_rule:
    input:
        spins=samples(RG.L, RG.temperatures),
        calibrations=lambda w: calibrations(sides_of_rule(w.rg_rule)),
        code=lambda w: step_code("read_rule.py", w.rg_rule),
    output:
        "<results>/tables/layer_temperatures/rules/{rg_rule}.csv",
    log:
        "<logs>/read_rule/{rg_rule}.log",
    benchmark:
        "<benchmarks>/read_rule/{rg_rule}.tsv"
    params:
        seed=STUDY.seed,
        L=RG.L,
        layers=RG.layers,
    script:
        "../scripts/read_rule.py"


rule read_machine:
    input:
        spins=samples(RG.L, RG.temperatures),
        critical=samples(RG.L, [RG.T]),
        calibrations=lambda w: calibrations(coarse_graining.sides(ENTRIES[w.machine], RG.layers)),
        layers=lambda w: [path for seed in range(SEEDS[w.machine]) for path in layers(w.machine, seed)],
        code=step_code("read_machine.py"),
    output:
        "<results>/tables/layer_temperatures/machines/{machine}.csv",
    log:
        "<logs>/read_machine/{machine}.log",
    benchmark:
        "<benchmarks>/read_machine/{machine}.tsv"
    params:
        seed=STUDY.seed,
        seeds=lambda w: SEEDS[w.machine],
        layers=lambda w: coarse_graining.depth(ENTRIES[w.machine], RG.layers),
        entry=lambda w: made(w.machine),
    script:
        "../scripts/read_machine.py"
