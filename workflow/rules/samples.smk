# Ising configurations: one file for each lattice size and temperature.


rule sample:
    input:
        code=lambda w: code("sample.py", without=unused(sampling.ALGORITHMS, algorithm(w))),
    output:
        "<results>/samples/L={L}/T={T}.nc",
    log:
        "<logs>/sample/L={L}/T={T}.log",
    benchmark:
        "<benchmarks>/sample/L={L}/T={T}.tsv"
    params:
        seed=SEED,
        n=lambda w: SAMPLED[int(w.L), w.T]["n"],
        algorithm=algorithm,
    script:
        "../scripts/sample.py"


rule observe:
    input:
        spins=[path for L, T in sorted(SAMPLED) for path in samples(L, [T])],
        code=code("observe.py"),
    output:
        "<results>/tables/observables.csv",
    log:
        "<logs>/observe.log",
    script:
        "../scripts/observe.py"
