# Coarse graining by RG rules and by machines: maps, receptive fields, their statistics, and the temperatures of layers.


rule map_rule:
    input:
        spins=lambda w: samples(w.L, [RG["T"]]),
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
        seed=SEED,
    script:
        "../scripts/map_rule.py"


rule map_machine:
    input:
        spins=lambda w: samples(MACHINES[w.machine]["L"], [RG["T"]]),
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
        mem_mb=lambda w: map_memory(MACHINES[w.machine]["L"]),
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
        ablations=entries.variations(MACHINES, BASE),
    script:
        "../scripts/compare_maps.py"


rule calibrate_lattice:
    input:
        code=lambda w: code("calibrate_lattice.py", without=other_samplers(w.L)),
    output:
        "<results>/thermometers/L={L}.nc",
    log:
        "<logs>/calibrate_lattice/L={L}.log",
    benchmark:
        "<benchmarks>/calibrate_lattice/L={L}.tsv"
    resources:
        mem_mb=lambda w: calibration_memory(int(w.L)),
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
        code=lambda w: step_code("read_rule.py", w.rg_rule),
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
        calibrations=lambda w: calibrations(coarse_graining.sides(MACHINES[w.machine], RG["layers"])),
        layers=lambda w: [path for seed in range(MACHINES[w.machine]["seeds"]) for path in layers(w.machine, seed)],
        code=step_code("read_machine.py"),
    output:
        "<results>/tables/layer_temperatures/machines/{machine}.csv",
    log:
        "<logs>/read_machine/{machine}.log",
    benchmark:
        "<benchmarks>/read_machine/{machine}.tsv"
    params:
        seed=SEED,
        seeds=lambda w: MACHINES[w.machine]["seeds"],
        layers=lambda w: coarse_graining.depth(MACHINES[w.machine], RG["layers"]),
        machine=lambda w: described(w.machine),
    script:
        "../scripts/read_machine.py"
