# Ising configurations: one file for each lattice size and temperature.


def algorithm(w):
    """The algorithm that draws the samples of w.L and w.T."""
    asked = SAMPLED[int(w.L), w.T].algorithm
    return sampling.choose(int(w.L), float(w.T)) if asked == "auto" else asked


def other_samplers(L):
    """Modules of the samplers that are the cheapest at lattice size `L` neither near Tc nor far from it."""
    used = [sampling.choose(int(L), T) for T in (1.0, float(TC))]
    return dependencies.unused(sampling.ALGORITHMS, used)


rule sample:
    input:
        code=lambda w: code("sample.py", without=dependencies.unused(sampling.ALGORITHMS, [algorithm(w)])),
    output:
        "<results>/samples/L={L}/T={T}.nc",
    log:
        "<logs>/sample/L={L}/T={T}.log",
    benchmark:
        "<benchmarks>/sample/L={L}/T={T}.tsv"
    params:
        seed=STUDY.seed,
        n=lambda w: SAMPLED[int(w.L), w.T].n,
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
