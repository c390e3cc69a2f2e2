# The paper's thermometer is a network; it is calibrated, beside those that read energy and |m|, before anything is read.


rule train_thermometer:
    input:
        spins=samples(THERMOMETERS["L"], THERMOMETERS["temperatures"]),
        code=code("train_thermometer.py"),
    output:
        "<results>/thermometers/seed={seed}.nc",
    log:
        "<logs>/train_thermometer/seed={seed}.log",
    benchmark:
        "<benchmarks>/train_thermometer/seed={seed}.tsv"
    params:
        seed=SEED,
        hidden=THERMOMETERS["hidden"],
        epochs=THERMOMETERS["epochs"],
    script:
        "../scripts/train_thermometer.py"


rule count_magnetisation:
    input:
        spins=samples(THERMOMETERS["L"], THERMOMETERS["temperatures"]),
        code=code("count_magnetisation.py"),
    output:
        "<results>/thermometers/magnetisation.nc",
    log:
        "<logs>/count_magnetisation.log",
    script:
        "../scripts/count_magnetisation.py"


rule calibrate:
    input:
        levels="<results>/thermometers/magnetisation.nc",
        spins=samples(THERMOMETERS["L"], THERMOMETERS["temperatures"]),
        networks=[f"<results>/thermometers/seed={seed}.nc" for seed in range(THERMOMETERS["seeds"])],
        code=code("calibrate.py"),
    output:
        confusion="<results>/thermometers/calibration.nc",
        table="<results>/tables/thermometers.csv",
    log:
        "<logs>/calibrate.log",
    script:
        "../scripts/calibrate.py"
