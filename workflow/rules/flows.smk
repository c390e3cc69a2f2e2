# Flows v → h → v through every machine of the thermometers' lattice size, and their temperatures step by step.


rule flow:
    input:
        machine="<results>/machines/{machine}/seed={seed}.nc",
        spins=samples(THERMOMETERS["L"], FLOWS["starts"]),
        code=code("flow.py"),
    output:
        "<results>/flows/{machine}/seed={seed}.nc",
    log:
        "<logs>/flow/{machine}/seed={seed}.log",
    benchmark:
        "<benchmarks>/flow/{machine}/seed={seed}.tsv"
    params:
        seed=SEED,
        n=FLOWS["n"],
        length=FLOWS["length"],
    script:
        "../scripts/flow.py"


rule read_temperatures:
    input:
        flow="<results>/flows/{machine}/seed={seed}.nc",
        network="<results>/thermometers/seed=0.nc",
        code=code("read_temperatures.py"),
    output:
        readings="<results>/tables/temperatures/{machine}/seed={seed}.csv",
        histograms="<results>/tables/histograms/{machine}/seed={seed}.csv",
    log:
        "<logs>/read_temperatures/{machine}/seed={seed}.log",
    script:
        "../scripts/read_temperatures.py"
