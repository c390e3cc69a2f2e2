# The paper's thermometer is a network; it is calibrated, beside those that read energy and |m|, before anything is read.

from rbmrg.study.sections import Thermometers

# A study without thermometers of its own has these rules, too, and runs none of them but the last.
NETWORK = STUDY.thermometers or Thermometers()


rule train_thermometer:
    input:
        spins=samples(NETWORK.L, NETWORK.temperatures),
    output:
        "<results>/thermometers/seed={seed}.nc",
    log:
        "<logs>/train_thermometer/seed={seed}.log",
    benchmark:
        "<benchmarks>/train_thermometer/seed={seed}.tsv"
    group:
        packs.short("thermometers")
    resources:
        **ask("train_thermometer"),
    params:
        seed=STUDY.seed,
        hidden=NETWORK.hidden,
        epochs=NETWORK.epochs,
        code=code("train_thermometer.py"),
    script:
        "../scripts/train_thermometer.py"


rule count_magnetisation:
    input:
        spins=samples(NETWORK.L, NETWORK.temperatures),
    output:
        "<results>/thermometers/magnetisation.nc",
    log:
        "<logs>/count_magnetisation.log",
    group:
        packs.short("thermometers")
    resources:
        **ask("count_magnetisation"),
    params:
        code=code("count_magnetisation.py"),
    script:
        "../scripts/count_magnetisation.py"


rule calibrate:
    input:
        levels="<results>/thermometers/magnetisation.nc",
        spins=samples(NETWORK.L, NETWORK.temperatures),
        networks=[f"<results>/thermometers/seed={seed}.nc" for seed in range(NETWORK.seeds)],
    output:
        confusion="<results>/thermometers/calibration.nc",
        table="<results>/tables/thermometers.csv",
    log:
        "<logs>/calibrate.log",
    group:
        packs.short("thermometers")
    resources:
        **ask("calibrate"),
    params:
        code=code("calibrate.py"),
    script:
        "../scripts/calibrate.py"


rule calibrate_lattice:
    output:
        "<results>/thermometers/L={L}.nc",
    log:
        "<logs>/calibrate_lattice/L={L}.log",
    benchmark:
        "<benchmarks>/calibrate_lattice/L={L}.tsv"
    group:
        packs.short("rules", lambda w: resources.calibrating(STUDY, int(w.L)))
    resources:
        # Sums of G(r) for 20 blocks and 450 temperatures: 0.75 GB were used at L = 64.
        **ask(
            "calibrate_lattice",
            memory=lambda w: int(w.L) ** 2 // 5,
            minutes=lambda w: resources.calibrating(STUDY, int(w.L)),
        ),
    params:
        seed=STUDY.seed,
        n=lambda w: STUDY.rg.calibration,
        code=lambda w: code("calibrate_lattice.py", without=other_samplers(w.L)),
    script:
        "../scripts/calibrate_lattice.py"
