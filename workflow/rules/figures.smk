# Figures: each a module of rbmrg.figures with its category in the report and its inputs.

FIGURES = {
    "energy": ("Samples", {"observables_table": "<results>/tables/observables.csv"}),
    "learning": (
        "Machines",
        {
            "machines": [
                f"<results>/machines/{name}/seed={seed}.nc"
                for name, machine in MACHINES.items()
                for seed in range(machine["seeds"])
            ]
        },
    ),
    "thermometers": ("Thermometers", {"calibration": "<results>/thermometers/calibration.nc"}),
    "flow_temperatures": (
        "Flows",
        {"readings": per_machine("tables/temperatures/{machine}/seed={seed}.csv", THERMOMETERS["L"])},
    ),
    "flow_histograms": (
        "Flows",
        {"histograms": per_machine("tables/histograms/{machine}/seed={seed}.csv", THERMOMETERS["L"])},
    ),
    "correlators": (
        "Exponents",
        {
            "samples": f"<results>/correlators/samples/L={THERMOMETERS['L']}/T={TC}.nc",
            "flows": per_machine("correlators/flows/{machine}/seed={seed}.nc", THERMOMETERS["L"]),
        },
    ),
    "dimensions": ("Exponents", {"dimensions": "<results>/tables/dimensions.csv"}),
    "maps": (
        "Maps",
        {
            "maps": [f"<results>/maps/rules/{rule}/layer=1.nc" for rule in RG["rules"]]
            + per_machine("maps/machines/{machine}/seed={seed}.nc", RG["L"])
        },
    ),
}

for figure, (category, inputs) in FIGURES.items():

    rule:
        name:
            f"figure_{figure}"
        input:
            **inputs,
            code=code("figure.py", also=[f"rbmrg.figures.{figure}"]),
        output:
            png=report(
                f"<results>/figures/{figure}.png",
                caption=f"../report/{figure}.rst",
                category=category,
            ),
            pdf=f"<results>/figures/{figure}.pdf",
            csv=f"<results>/figures/{figure}.csv",
        log:
            f"<logs>/figure/{figure}.log",
        params:
            figure=figure,
        script:
            "../scripts/figure.py"
