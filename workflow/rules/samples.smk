# Ising configurations: one file for each lattice size and temperature.

SAMPLED = {(group.L, T): group for group in STUDY.samples for T in group.temperatures}
# The algorithm of each lattice size and temperature, `auto` being decided.
ALGORITHM = {(L, T): sampling.schedule(L, float(T), group.algorithm)[0] for (L, T), group in SAMPLED.items()}
# Jobs that draw at many temperatures do not depend on samplers that are the cheapest neither near Tc nor far from it.
other_samplers = lambda L: dependencies.unused(
    sampling.ALGORITHMS, [sampling.choose(int(L), T) for T in (1.0, float(TC))]
)


rule sample:
    output:
        "<results>/samples/L={L}/T={T}.nc",
    log:
        "<logs>/sample/L={L}/T={T}.log",
    benchmark:
        "<benchmarks>/sample/L={L}/T={T}.tsv"
    group:
        packs.sample
    resources:
        **ask("sample", minutes=lambda w: resources.drawing(SAMPLED[int(w.L), w.T].n, int(w.L))),
    params:
        seed=STUDY.seed,
        n=lambda w: SAMPLED[int(w.L), w.T].n,
        algorithm=lambda w: ALGORITHM[int(w.L), w.T],
        code=lambda w: code("sample.py", without=dependencies.unused(sampling.ALGORITHMS, [ALGORITHM[int(w.L), w.T]])),
    script:
        "../scripts/sample.py"


rule observe:
    input:
        spins=[path for L, T in sorted(SAMPLED) for path in samples(L, [T])],
    output:
        "<results>/tables/observables.csv",
    log:
        "<logs>/observe.log",
    group:
        packs.short("tables")
    resources:
        **ask("observe"),
    params:
        code=code("observe.py"),
    script:
        "../scripts/observe.py"
