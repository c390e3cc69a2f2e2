# Exponents of RG rules, of the dial and of single filters, all from the same configurations at Tc.

from rbmrg.study import checks

DIAL = {f"{x:g}": x for x in STUDY.exponents.dial}
FILTERS = [name for name, entry in ENTRIES.items() if entry.filters == 1]
RENORMALISED = [
    *(f"rules/{rule}.csv" for rule in STUDY.exponents.rules),
    *(f"dial/{x}.csv" for x in DIAL),
    *(f"machines/{name}.csv" for name in FILTERS),
]
SIZES = (STUDY.exponents.L, STUDY.exponents.L // 2)  # of the configurations
PLACED = [  # dense machines that halve lattices of these sizes, to 4 × 4 or more
    f"placed/{machine.name}.csv"
    for machine in STUDY.machines
    if machine.L in SIZES
    and machine.L >= 8
    and machine.variation is None
    and not machine.entry.filters
    and coarse_graining.sides(machine.entry, 1)[:1] == [machine.L / 2]
]
SPINS = [name for name in STUDY.exponents.rules if checks.makes_spins(rg.RULES[name])]
LOCAL = [name for name in FILTERS if ENTRIES[name].resolved_recipe.size <= 4]  # that do not read the environment
renormalising = lambda w: resources.renormalising(STUDY)
REPLICAS = [f"<results>/replicas/L={L}.nc" for L in SIZES]


rule draw_replicas:
    output:
        "<results>/replicas/L={L}.nc",
    log:
        "<logs>/draw_replicas/L={L}.log",
    benchmark:
        "<benchmarks>/draw_replicas/L={L}.tsv"
    group:
        packs.short("exponents", lambda w: resources.drawing(STUDY.exponents.n, int(w.L)) / 3)
    resources:
        **ask("draw_replicas", minutes=lambda w: resources.drawing(STUDY.exponents.n, int(w.L))),
    params:
        seed=STUDY.seed,
        n=STUDY.exponents.n,
        code=lambda w: code(
            "draw_replicas.py",
            without=dependencies.unused(sampling.ALGORITHMS, [sampling.choose(int(w.L), float(TC))]),
        ),
    script:
        "../scripts/draw_replicas.py"


rule renormalise_rule:
    input:
        spins=REPLICAS,
    output:
        exponents="<results>/tables/exponents/rules/{rg_rule}.csv",
        matching="<results>/tables/matching/rules/{rg_rule}.csv",
    log:
        "<logs>/renormalise_rule/{rg_rule}.log",
    benchmark:
        "<benchmarks>/renormalise_rule/{rg_rule}.tsv"
    group:
        packs.short("exponents", renormalising)
    resources:
        **ask("renormalise_rule", minutes=renormalising),
    params:
        seed=STUDY.seed,
        code=lambda w: code("renormalise_rule.py", without=other_rules(w.rg_rule)),
    script:
        "../scripts/renormalise_rule.py"


rule renormalise_dial:
    input:
        spins=REPLICAS,
    output:
        exponents="<results>/tables/exponents/dial/{x}.csv",
        matching="<results>/tables/matching/dial/{x}.csv",
    log:
        "<logs>/renormalise_dial/{x}.log",
    benchmark:
        "<benchmarks>/renormalise_dial/{x}.tsv"
    wildcard_constraints:
        x=r"[\d.e-]+",
    group:
        packs.short("exponents", renormalising)
    resources:
        **ask("renormalise_dial", minutes=renormalising),
    params:
        seed=STUDY.seed,
        dial=lambda w: DIAL[w.x],
        code=code("renormalise_dial.py", without=other_rules()),
    script:
        "../scripts/renormalise_dial.py"


rule renormalise_machine:
    input:
        spins=REPLICAS,
        machines=lambda w: seeds_of(w.machine, "machines"),
    output:
        exponents="<results>/tables/exponents/machines/{machine}.csv",
        matching="<results>/tables/matching/machines/{machine}.csv",
    log:
        "<logs>/renormalise_machine/{machine}.log",
    benchmark:
        "<benchmarks>/renormalise_machine/{machine}.tsv"
    group:
        packs.short("exponents", renormalising)
    resources:
        **ask("renormalise_machine", minutes=renormalising),
    params:
        seed=STUDY.seed,
        entry=lambda w: MADE[w.machine],
        code=code("renormalise_machine.py", without=other_rules()),
    script:
        "../scripts/renormalise_machine.py"


rule renormalise_placed:
    input:
        spins=lambda w: f"<results>/replicas/L={ENTRIES[w.machine].L}.nc",
        machines=lambda w: seeds_of(w.machine, "machines"),
    output:
        "<results>/tables/exponents/placed/{machine}.csv",
    log:
        "<logs>/renormalise_placed/{machine}.log",
    benchmark:
        "<benchmarks>/renormalise_placed/{machine}.tsv"
    group:
        packs.short("exponents", renormalising)
    resources:
        **ask("renormalise_placed", minutes=renormalising),
    params:
        seed=STUDY.seed,
        entry=lambda w: MADE[w.machine],
        code=code("renormalise_placed.py", without=other_rules()),
    script:
        "../scripts/renormalise_placed.py"


rule list_exponents:
    input:
        exponents=[f"<results>/tables/exponents/{name}" for name in [*RENORMALISED, *PLACED]],
        matching=[f"<results>/tables/matching/{name}" for name in RENORMALISED],
    output:
        exponents="<results>/tables/exponents.csv",
        matching="<results>/tables/matching.csv",
    log:
        "<logs>/list_exponents.log",
    group:
        packs.short("tables")
    resources:
        **ask("list_exponents"),
    params:
        code=code("list_exponents.py"),
    script:
        "../scripts/list_exponents.py"


rule scale_samples:
    input:
        spins=REPLICAS,
    output:
        "<results>/tables/finite_size.csv",
    log:
        "<logs>/scale_samples.log",
    benchmark:
        "<benchmarks>/scale_samples.tsv"
    group:
        packs.short("exponents", renormalising)
    resources:
        **ask("scale_samples", minutes=renormalising),
    params:
        code=code("scale_samples.py", without=other_rules()),
    script:
        "../scripts/scale_samples.py"


rule measure_information:
    input:
        spins=REPLICAS[0],
        machines=[file for name in LOCAL for file in seeds_of(name, "machines")],
    output:
        "<results>/tables/mutual_information.csv",
    log:
        "<logs>/measure_information.log",
    benchmark:
        "<benchmarks>/measure_information.tsv"
    group:
        packs.short("exponents", renormalising)
    resources:
        **ask("measure_information", minutes=renormalising),
    params:
        rules=SPINS,
        dial=STUDY.exponents.dial,
        filters=[MADE[name] for name in LOCAL],
        code=code("measure_information.py", without=other_rules(*SPINS)),
    script:
        "../scripts/measure_information.py"
