# Restricted Boltzmann machines: one file for each machine and seed, with its learning curve.


rule train:
    input:
        spins=lambda w: samples(MACHINES[w.machine]["L"], MACHINES[w.machine]["training"]),
        code=code("train.py"),
    output:
        "<results>/machines/{machine}/seed={seed}.nc",
    log:
        "<logs>/train/{machine}/seed={seed}.log",
    benchmark:
        "<benchmarks>/train/{machine}/seed={seed}.tsv"
    params:
        seed=SEED,
        machine=lambda w: MACHINES[w.machine] | {"seeds": None},
    script:
        "../scripts/train.py"
