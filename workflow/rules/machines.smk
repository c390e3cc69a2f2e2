# Restricted Boltzmann machines: one file for each machine, seed and layer, with its learning curve; and a table of all.


rule train:
    input:
        spins=lambda w: samples(ENTRIES[w.machine].L, ENTRIES[w.machine].training),
    output:
        "<results>/machines/{machine}/seed={seed}.nc",
    log:
        "<logs>/train/{machine}/seed={seed}.log",
    benchmark:
        "<benchmarks>/train/{machine}/seed={seed}.tsv"
    group:
        packs.chain
    resources:
        **ask("train", minutes=lambda w: resources.training(ENTRIES[w.machine])),
    params:
        seed=STUDY.seed,
        entry=lambda w: MADE[w.machine],
        options=lambda w: ENTRIES[w.machine].all_options,  # which `code` leaves out
        code=code("train.py"),
    script:
        "../scripts/train.py"


rule train_layer:
    input:
        spins=lambda w: samples(ENTRIES[w.machine].L, ENTRIES[w.machine].training),
        below=lambda w: layers(w.machine, w.seed)[: int(w.layer) - 1],
    output:
        "<results>/machines/{machine}/seed={seed}/layer={layer}.nc",
    log:
        "<logs>/train_layer/{machine}/seed={seed}/layer={layer}.log",
    benchmark:
        "<benchmarks>/train_layer/{machine}/seed={seed}/layer={layer}.tsv"
    group:
        packs.chain
    resources:
        **ask("train_layer", minutes=lambda w: resources.training(ENTRIES[w.machine])),
    params:
        seed=STUDY.seed,
        entry=lambda w: MADE[w.machine],
        options=lambda w: ENTRIES[w.machine].all_options,  # which `code` leaves out
        code=code("train_layer.py"),
    script:
        "../scripts/train_layer.py"


rule summarise_machines:
    input:
        machines=[file for name in ENTRIES for seed in range(SEEDS[name]) for file in layers(name, seed)],
    output:
        "<results>/tables/machines.csv",
    log:
        "<logs>/summarise_machines.log",
    group:
        packs.short("tables")
    resources:
        **ask("summarise_machines"),
    params:
        code=code("summarise_machines.py"),
    script:
        "../scripts/summarise_machines.py"
