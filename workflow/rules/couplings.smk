# Hamiltonians: the couplings of local operators in machines, at the ends of flows, and in the blocks that RG rules make.

COUPLINGS = STUDY.couplings
GATHERED["couplings"] = [
    *(f"<results>/tables/couplings/machines/{name}.csv" for name in ENTRIES),
    *(per_machine("tables/couplings/flows/{machine}.csv", STUDY.thermometers.L) if STUDY.flows else []),
    *(f"<results>/tables/couplings/rules/{rule}.csv" for rule in COUPLINGS.rules),
]
BLOCKS = samples(COUPLINGS.L, COUPLINGS.temperatures)
nearest = lambda entry: min(entry.training, key=lambda T: abs(float(T) - float(TC)))


rule couple_machine:
    input:
        machines=lambda w: seeds_of(w.machine, "machines"),
        spins=lambda w: samples(ENTRIES[w.machine].L, [nearest(ENTRIES[w.machine])]),
        blocks=lambda w: BLOCKS if ENTRIES[w.machine].filters == 1 else [],
    output:
        "<results>/tables/couplings/machines/{machine}.csv",
    log:
        "<logs>/couple_machine/{machine}.log",
    benchmark:
        "<benchmarks>/couple_machine/{machine}.tsv"
    group:
        packs.reading
    resources:
        **ask("couple_machine"),
    params:
        seed=STUDY.seed,
        entry=lambda w: MADE[w.machine],
        n=COUPLINGS.n,
        layers=COUPLINGS.layers,
        code=code("couple_machine.py", without=other_rules()),
    script:
        "../scripts/couple_machine.py"


rule couple_rule:
    input:
        spins=BLOCKS,
    output:
        "<results>/tables/couplings/rules/{rg_rule}.csv",
    log:
        "<logs>/couple_rule/{rg_rule}.log",
    benchmark:
        "<benchmarks>/couple_rule/{rg_rule}.tsv"
    group:
        packs.short("rules")
    resources:
        **ask("couple_rule"),
    params:
        seed=STUDY.seed,
        layers=COUPLINGS.layers,
        code=lambda w: code("couple_rule.py", without=other_rules(w.rg_rule)),
    script:
        "../scripts/couple_rule.py"


if STUDY.flows:

    rule couple_flow:
        input:
            flows=lambda w: seeds_of(w.machine, "flows"),
            points="<results>/tables/fixed_points/{machine}.csv",
        output:
            "<results>/tables/couplings/flows/{machine}.csv",
        log:
            "<logs>/couple_flow/{machine}.log",
        benchmark:
            "<benchmarks>/couple_flow/{machine}.tsv"
        group:
            packs.reading
        resources:
            **ask("couple_flow"),
        params:
            entry=lambda w: MADE[w.machine],
            code=code("couple_flow.py", without=other_rules()),
        script:
            "../scripts/couple_flow.py"
