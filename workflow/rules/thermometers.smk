# The paper's thermometer is a network; it is calibrated beside the exact Bayes thermometer before anything is read with it.


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


rule calibrate:
    input:
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
