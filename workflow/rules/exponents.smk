# Two-point functions of Monte Carlo data and of flows, and the scaling dimensions fitted to both in the same way.


rule correlate_samples:
    input:
        spins="<results>/samples/L={L}/T={T}.nc",
        code=code("correlate_samples.py"),
    output:
        "<results>/correlators/samples/L={L}/T={T}.nc",
    log:
        "<logs>/correlate_samples/L={L}/T={T}.log",
    script:
        "../scripts/correlate_samples.py"


rule correlate_flow:
    input:
        flow="<results>/flows/{machine}/seed={seed}.nc",
        code=code("correlate_flow.py"),
    output:
        "<results>/correlators/flows/{machine}/seed={seed}.nc",
    log:
        "<logs>/correlate_flow/{machine}/seed={seed}.log",
    script:
        "../scripts/correlate_flow.py"


rule fit_dimensions:
    input:
        samples=f"<results>/correlators/samples/L={THERMOMETERS['L']}/T={TC}.nc",
        flows=per_machine("correlators/flows/{machine}/seed={seed}.nc", THERMOMETERS["L"]),
        code=code("fit_dimensions.py"),
    output:
        "<results>/tables/dimensions.csv",
    log:
        "<logs>/fit_dimensions.log",
    script:
        "../scripts/fit_dimensions.py"
