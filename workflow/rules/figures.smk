# Figures: each a module of rbmrg.figures with its category in the report and its inputs.

TRAINING = [
    f"<results>/tables/training/{name}/seed={seed}.csv"
    for name, machine in MACHINES.items()
    if machine["L"] == THERMOMETERS["L"] and entries.steps(machine)
    for seed in range(min(machine["seeds"], FLOWS["training_seeds"]))
]
FIGURES = {
    "energy": ("Samples", {"observables_table": "<results>/tables/observables.csv"}),
    "learning": (
        "Machines",
        {
            "machines": [
                f"<results>/machines/{name}/seed={seed}.nc"
                for name, machine in MACHINES.items()
                if "variation" not in machine  # they have a figure of their own
                for seed in range(machine["seeds"])
            ]
        },
    ),
    "thermometers": ("Thermometers", {"calibration": "<results>/thermometers/calibration.nc"}),
    "flow_temperatures": ("Flows", {"readings": per_machine("tables/temperatures/{machine}.csv", THERMOMETERS["L"])}),
    "flow_histograms": ("Flows", {"histograms": per_machine("tables/histograms/{machine}.csv", THERMOMETERS["L"])}),
    "fixed_points": ("Flows", {"points": per_machine("tables/fixed_points/{machine}.csv", THERMOMETERS["L"])}),
    "mixtures": ("Flows", {"points": per_machine("tables/fixed_points/{machine}.csv", THERMOMETERS["L"])}),
    "relaxation": ("Flows", {"points": per_machine("tables/fixed_points/{machine}.csv", THERMOMETERS["L"])}),
    "training": (
        "Flows",
        {
            "training": TRAINING,
            "points": per_machine("tables/fixed_points/{machine}.csv", THERMOMETERS["L"]),
        },
    ),
    "equilibrium": (
        "Equilibrium",
        {"tests": per_machine("tables/equilibrium/{machine}.csv", THERMOMETERS["L"])},
    ),
    "momentum": ("Equilibrium", {"spectra": per_machine("tables/momentum/{machine}.csv", THERMOMETERS["L"])}),
    "singular_values": (
        "Equilibrium",
        {"singular": per_machine("tables/singular_values/{machine}.csv", THERMOMETERS["L"])},
    ),
    "magnetisation": (
        "Exponents",
        {"groups": ["<results>/tables/groups.csv", *per_machine("tables/groups/{machine}.csv", THERMOMETERS["L"])]},
    ),
    "correlators": (
        "Exponents",
        {
            "samples": f"<results>/correlators/samples/L={THERMOMETERS['L']}/T={TC}.nc",
            "flows": per_machine("correlators/flows/{machine}.nc", THERMOMETERS["L"]),
        },
    ),
    "dimensions": ("Exponents", {"dimensions": "<results>/tables/dimensions.csv"}),
    "windows": (
        "Exponents",
        {
            "windows": "<results>/tables/windows.csv",
            "scans": ["<results>/tables/scans.csv", *per_machine("tables/scans/{machine}.csv", THERMOMETERS["L"])],
        },
    ),
    "maps": ("Maps", {"maps": first_maps(1)}),
    "separation": ("Maps", {"statistics": "<results>/tables/map_statistics.csv"}),
    "covariance": ("Maps", {"maps": first_maps(RG["layers"])}),
    "layer_temperatures": ("Layers", {"readings": LAYER_TEMPERATURES}),
}
if BASE:
    FIGURES["ablation"] = (
        "Maps",
        {
            "statistics": "<results>/tables/map_statistics.csv",
            "ablations": "<results>/tables/ablations.csv",
            "machines": "<results>/tables/machines.csv",
        },
    )

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
