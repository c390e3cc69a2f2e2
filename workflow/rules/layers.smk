# Coarse graining by RG rules and by machines: maps, receptive fields, their statistics, and the temperatures of layers.

RG = STUDY.rg
# Machines and rules are compared layer by layer at the size of `rg`; at that of the ablation one step is enough.
SIZES = ({ENTRIES[STUDY.ablation.base].L: 1} if STUDY.ablation else {}) | {RG.L: RG.layers}
# The sizes of the lattices that the layers of each machine are; without such a machine has no temperature.
SIDES = {name: coarse_graining.sides(entry, RG.layers) for name, entry in ENTRIES.items() if entry.L == RG.L}
GATHERED["layer_temperatures"] = [
    *(f"<results>/tables/layer_temperatures/rules/{rule}.csv" for rule in RG.rules),
    *(f"<results>/tables/layer_temperatures/machines/{name}.csv" for name, sides in SIDES.items() if sides),
]
# How many layers of a machine are mapped: all of one job.
MAPPED = {
    name: min(SIZES[entry.L], coarse_graining.depth(entry, RG.layers))
    for name, entry in ENTRIES.items()
    if entry.L in SIZES
}
# MB for the maps of a layer on L × L spins: 20 replicas of L²/4 maps several times over; 3.9 GB were used at L = 64.
map_memory = lambda L: L**4 // 4000
# The thermometers of the lattices of `rg.L` and of layers of sizes `sides`.
calibrations = lambda sides: [f"<results>/thermometers/L={L}.nc" for L in dict.fromkeys([RG.L, *sides])]


for count in sorted({*SIZES.values()}):  # of layers: Snakemake has no outputs whose number depends on wildcards

    rule:
        name:
            f"map_rule_{count}"
        input:
            spins=lambda w: samples(w.L, [RG.T]),
        output:
            maps=[f"<results>/maps/rules/{{rg_rule}}/L={{L}}/layer={k}.nc" for k in range(1, count + 1)],
            statistics=[f"<results>/tables/maps/rules/{{rg_rule}}/L={{L}}/layer={k}.csv" for k in range(1, count + 1)],
        log:
            "<logs>/map_rule/{rg_rule}/L={L}.log",
        benchmark:
            "<benchmarks>/map_rule/{rg_rule}/L={L}.tsv"
        wildcard_constraints:
            L="|".join(str(L) for L, steps in SIZES.items() if steps == count),
        group:
            packs.short("rules", lambda w: resources.mapping(STUDY, int(w.L)))
        resources:
            **ask(
                "map_rule",
                memory=lambda w: map_memory(int(w.L)),
                minutes=lambda w: resources.mapping(STUDY, int(w.L)),
            ),
        params:
            seed=STUDY.seed,
            code=lambda w: code("map_rule.py", without=other_rules(w.rg_rule)),
        script:
            "../scripts/map_rule.py"


for count in sorted({*MAPPED.values()}):

    rule:
        name:
            f"map_machine_{count}"
        input:
            spins=lambda w: samples(ENTRIES[w.machine].L, [RG.T]),
            layers=lambda w: layers(w.machine, w.seed)[: MAPPED[w.machine]],
        output:
            maps=[f"<results>/maps/machines/{{machine}}/seed={{seed}}/layer={k}.nc" for k in range(1, count + 1)],
            statistics=[
                f"<results>/tables/maps/machines/{{machine}}/seed={{seed}}/layer={k}.csv" for k in range(1, count + 1)
            ],
        log:
            "<logs>/map_machine/{machine}/seed={seed}.log",
        benchmark:
            "<benchmarks>/map_machine/{machine}/seed={seed}.tsv"
        wildcard_constraints:
            machine="|".join(re.escape(name) for name, mapped in MAPPED.items() if mapped == count),
        group:
            packs.chain
        resources:
            **ask(
                "map_machine",
                memory=lambda w: map_memory(ENTRIES[w.machine].L),
                minutes=lambda w: resources.mapping(STUDY, ENTRIES[w.machine].L),
            ),
        params:
            seed=STUDY.seed,
            entry=lambda w: MADE[w.machine],
            code=code("map_machine.py", without=other_rules()),
        script:
            "../scripts/map_machine.py"


rule compare_maps:
    input:
        statistics=[f"<results>/tables/maps/{name}.csv" for L, steps in SIZES.items() for name in maps(L, steps)],
        maps=[f"<results>/maps/{name}.nc" for L, steps in SIZES.items() for name in maps(L, steps)],
    output:
        statistics="<results>/tables/map_statistics.csv",
        bands="<results>/tables/bands.csv",
        ablations="<results>/tables/ablations.csv",
    log:
        "<logs>/compare_maps.log",
    group:
        packs.short("tables")
    resources:
        **ask("compare_maps"),
    params:
        ablations=STUDY.ablations,
        code=code("compare_maps.py"),
    script:
        "../scripts/compare_maps.py"


rule read_rule:
    input:
        spins=samples(RG.L, RG.temperatures),
        calibrations=lambda w: calibrations(RG.L // rg.RULES[w.rg_rule].FACTOR ** k for k in range(1, RG.layers + 1)),
    output:
        "<results>/tables/layer_temperatures/rules/{rg_rule}.csv",
    log:
        "<logs>/read_rule/{rg_rule}.log",
    benchmark:
        "<benchmarks>/read_rule/{rg_rule}.tsv"
    group:
        packs.short("rules")
    resources:
        **ask("read_rule"),
    params:
        seed=STUDY.seed,
        L=RG.L,
        layers=RG.layers,
        code=lambda w: code("read_rule.py", without=other_rules(w.rg_rule)),
    script:
        "../scripts/read_rule.py"


rule read_machine:
    input:
        spins=samples(RG.L, RG.temperatures),
        critical=samples(RG.L, [RG.T]),
        calibrations=lambda w: calibrations(SIDES[w.machine]),
        layers=lambda w: [path for seed in range(SEEDS[w.machine]) for path in layers(w.machine, seed)],
    output:
        "<results>/tables/layer_temperatures/machines/{machine}.csv",
    log:
        "<logs>/read_machine/{machine}.log",
    benchmark:
        "<benchmarks>/read_machine/{machine}.tsv"
    group:
        packs.reading
    resources:
        **ask("read_machine", minutes=lambda w: SEEDS[w.machine] * resources.mapping(STUDY, RG.L)),
    params:
        seed=STUDY.seed,
        seeds=lambda w: SEEDS[w.machine],
        layers=lambda w: coarse_graining.depth(ENTRIES[w.machine], RG.layers),
        entry=lambda w: MADE[w.machine],
        code=code("read_machine.py", without=other_rules()),
    script:
        "../scripts/read_machine.py"
