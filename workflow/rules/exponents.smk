# Exponents: two-point functions and magnetisations of Monte Carlo data, and the scaling dimensions fitted to them and to
# all flows; couplings; and the renormalisation group of single rules.

# Couplings are judged of machines trained at one temperature.
JUDGED = STUDY.couplings and any(len(entry.training) == 1 for entry in ENTRIES.values())

if STUDY.flows:

    rule correlate_samples:
        input:
            spins="<results>/samples/L={L}/T={T}.nc",
        output:
            "<results>/correlators/samples/L={L}/T={T}.nc",
        log:
            "<logs>/correlate_samples/L={L}/T={T}.log",
        group:
            packs.short("thermometers")
        resources:
            **ask("correlate_samples"),
        params:
            code=code("correlate_samples.py"),
        script:
            "../scripts/correlate_samples.py"

    rule group_samples:
        input:
            spins=samples(STUDY.thermometers.L, STUDY.thermometers.temperatures),
            critical=samples(STUDY.thermometers.L, [TC]),
            network="<results>/thermometers/seed=0.nc",
        output:
            groups="<results>/tables/samples/groups.csv",
            scans="<results>/tables/samples/scans.csv",
            correlators="<results>/correlators/groups.nc",
        log:
            "<logs>/group_samples.log",
        group:
            packs.short("thermometers")
        resources:
            **ask("group_samples"),
        params:
            seed=STUDY.seed,
            code=code("group_samples.py"),
        script:
            "../scripts/group_samples.py"

    rule fit_dimensions:
        input:
            samples=f"<results>/correlators/samples/L={STUDY.thermometers.L}/T={TC}.nc",
            grouped_samples="<results>/correlators/groups.nc",
            flows=per_machine("correlators/flows/{machine}.nc", STUDY.thermometers.L),
            grouped_flows=per_machine("correlators/groups/{machine}.nc", STUDY.thermometers.L),
        output:
            dimensions="<results>/tables/dimensions.csv",
            windows="<results>/tables/windows.csv",
        log:
            "<logs>/fit_dimensions.log",
        group:
            packs.short("tables")
        resources:
            **ask("fit_dimensions"),
        params:
            code=code("fit_dimensions.py"),
        script:
            "../scripts/fit_dimensions.py"


if STUDY.couplings:

    include: "couplings.smk"


if STUDY.exponents:

    include: "renormalisation.smk"
