# Coarse graining by RG rules and by machines: maps, receptive fields, their statistics, and the temperatures of layers.

RULES = [module.__name__ for module in rg.RULES.values()]
BASE = STUDIED["ablation"]["base"]
# Maps are compared at the size of `rg`, layer by layer, and at that of the ablation, where one step is enough.
SIZES = {MACHINES[BASE]["L"]: 1} if BASE else {}
SIZES |= {RG["L"]: RG["layers"]}
LATTICES = {
    name: stacks.sides(machine, RG["layers"]) for name, machine in MACHINES.items() if machine["L"] == RG["L"]
}
LAYER_TEMPERATURES = [
    *(f"<results>/tables/layer_temperatures/rules/{rule}.csv" for rule in RG["rules"]),
    *(f"<results>/tables/layer_temperatures/machines/{name}.csv" for name, sides in LATTICES.items() if sides),
]


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
        for layer in range(1, min(steps, stacks.depth(machine, RG["layers"])) + 1)
    ]


def first_maps(steps):
    """The files of maps at the size of `rg`: RG rules, and the first seed of each machine."""
    return [f"<results>/maps/{name}.nc" for name in [*rule_maps(RG["L"], steps), *machine_maps(RG["L"], steps, 1)]]


def other_rules(w):
    """Modules of the rules that rule w.rg_rule does not use."""
    return unused(rg.RULES, w.rg_rule)


def calibrations(sides):
    """The thermometers of the lattices of `rg.L` and of layers of sizes `sides`."""
    return [f"<results>/thermometers/L={L}.nc" for L in dict.fromkeys([RG["L"], *sides])]


def sides_of_rule(rule):
    """Sizes of the lattices of the layers of an RG rule."""
    return [RG["L"] // rg.RULES[rule].FACTOR ** layer for layer in range(1, RG["layers"] + 1)]


rule map_rule:
    input:
        spins=lambda w: samples(w.L, [RG["T"]]),
        code=lambda w: code("map_rule.py", without=other_rules(w)),
    output:
        map="<results>/maps/rules/{rg_rule}/L={L}/layer={layer}.nc",
        statistics="<results>/tables/maps/rules/{rg_rule}/L={L}/layer={layer}.csv",
    log:
        "<logs>/map_rule/{rg_rule}/L={L}/layer={layer}.log",
    benchmark:
        "<benchmarks>/map_rule/{rg_rule}/L={L}/layer={layer}.tsv"
    params:
        seed=SEED,
    script:
        "../scripts/map_rule.py"


rule map_machine:
    input:
        spins=lambda w: samples(MACHINES[w.machine]["L"], [RG["T"]]),
        layers=lambda w: layers(w.machine, w.seed)[: int(w.layer)],
        code=code("map_machine.py", without=RULES),
    output:
        map="<results>/maps/machines/{machine}/seed={seed}/layer={layer}.nc",
        statistics="<results>/tables/maps/machines/{machine}/seed={seed}/layer={layer}.csv",
    log:
        "<logs>/map_machine/{machine}/seed={seed}/layer={layer}.log",
    benchmark:
        "<benchmarks>/map_machine/{machine}/seed={seed}/layer={layer}.tsv"
    params:
        seed=SEED,
        machine=lambda w: described(w.machine),
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
        reference=RG["rules"][0],
        ablations=machines.variations(MACHINES, BASE),
    script:
        "../scripts/compare_maps.py"


rule calibrate_lattice:
    input:
        code=code("calibrate_lattice.py"),
    output:
        "<results>/thermometers/L={L}.nc",
    log:
        "<logs>/calibrate_lattice/L={L}.log",
    benchmark:
        "<benchmarks>/calibrate_lattice/L={L}.tsv"
    params:
        seed=SEED,
        n=RG["calibration"],
        hidden=THERMOMETERS["hidden"],
        epochs=THERMOMETERS["epochs"],
    script:
        "../scripts/calibrate_lattice.py"


rule read_rule:
    input:
        spins=samples(RG["L"], RG["temperatures"]),
        calibrations=lambda w: calibrations(sides_of_rule(w.rg_rule)),
        code=lambda w: code("read_rule.py", without=other_rules(w)),
    output:
        "<results>/tables/layer_temperatures/rules/{rg_rule}.csv",
    log:
        "<logs>/read_rule/{rg_rule}.log",
    benchmark:
        "<benchmarks>/read_rule/{rg_rule}.tsv"
    params:
        seed=SEED,
        L=RG["L"],
        layers=RG["layers"],
    script:
        "../scripts/read_rule.py"


rule read_machine:
    input:
        spins=samples(RG["L"], RG["temperatures"]),
        critical=samples(RG["L"], [RG["T"]]),
        calibrations=lambda w: calibrations(stacks.sides(MACHINES[w.machine], RG["layers"])),
        layers=lambda w: [path for seed in range(MACHINES[w.machine]["seeds"]) for path in layers(w.machine, seed)],
        code=code("read_machine.py", without=RULES),
    output:
        "<results>/tables/layer_temperatures/machines/{machine}.csv",
    log:
        "<logs>/read_machine/{machine}.log",
    benchmark:
        "<benchmarks>/read_machine/{machine}.tsv"
    params:
        seed=SEED,
        seeds=lambda w: MACHINES[w.machine]["seeds"],
        layers=lambda w: stacks.depth(MACHINES[w.machine], RG["layers"]),
        machine=lambda w: described(w.machine),
    script:
        "../scripts/read_machine.py"
