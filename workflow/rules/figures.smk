# Figures: each a module of rbmrg.figures with its category in the report and its inputs, by stage.

ANSWERED = STUDY.flows or (STUDY.rg and SIDES) or JUDGED or (STUDY.exponents and FILTERS)
FIGURES = {"answers": ("Claims", {"answers": "<results>/answers.csv"})} if ANSWERED else {}
FIGURES |= {"energy": ("Samples", {"observables_table": "<results>/tables/observables.csv"})}

if STUDY.machines:
    files = [
        f"<results>/machines/{machine.name}/seed={seed}.nc"
        for machine in STUDY.machines
        if machine.variation is None  # they have a figure of their own
        for seed in range(machine.seeds)
    ]
    FIGURES |= {"learning": ("Machines", {"machines": files})}

if STUDY.thermometers:
    FIGURES |= {"thermometers": ("Thermometers", {"calibration": "<results>/thermometers/calibration.nc"})}

if STUDY.flows:
    L = STUDY.thermometers.L
    points = per_machine("tables/fixed_points/{machine}.csv", L)
    training = [
        f"<results>/tables/training/{name}/seed={seed}.csv"
        for name, entry in ENTRIES.items()
        if entry.L == L and entry.steps
        for seed in range(min(SEEDS[name], STUDY.flows.training_seeds))
    ]
    FIGURES |= {
        "flow_temperatures": ("Flows", {"readings": per_machine("tables/temperatures/{machine}.csv", L)}),
        "flow_histograms": ("Flows", {"histograms": per_machine("tables/histograms/{machine}.csv", L)}),
        "fixed_points": ("Flows", {"points": points}),
        "mixtures": ("Flows", {"points": points}),
        "relaxation": ("Flows", {"points": points}),
        **({"training": ("Flows", {"training": training, "points": points})} if training else {}),
        "equilibrium": ("Equilibrium", {"tests": per_machine("tables/equilibrium/{machine}.csv", L)}),
        "momentum": ("Equilibrium", {"spectra": per_machine("tables/momentum/{machine}.csv", L)}),
        "singular_values": ("Equilibrium", {"singular": per_machine("tables/singular_values/{machine}.csv", L)}),
    }
    scans = ["<results>/tables/scans.csv", *per_machine("tables/scans/{machine}.csv", L)]
    groups = ["<results>/tables/groups.csv", *per_machine("tables/groups/{machine}.csv", L)]
    correlators = {
        "samples": f"<results>/correlators/samples/L={L}/T={TC}.nc",
        "flows": per_machine("correlators/flows/{machine}.nc", L),
    }
    FIGURES |= {
        "magnetisation": ("Exponents", {"groups": groups}),
        "correlators": ("Exponents", correlators),
        "dimensions": ("Exponents", {"dimensions": "<results>/tables/dimensions.csv"}),
        "windows": ("Exponents", {"windows": "<results>/tables/windows.csv", "scans": scans}),
    }

if STUDY.rg:
    FIGURES |= {
        "maps": ("Maps", {"maps": [f"<results>/maps/{name}.nc" for name in maps(STUDY.rg.L, 1, seeds=1)]}),
        "separation": (
            "Maps",
            {"statistics": "<results>/tables/map_statistics.csv", "bands": "<results>/tables/bands.csv"},
        ),
        "covariance": (
            "Maps",
            {"maps": [f"<results>/maps/{name}.nc" for name in maps(STUDY.rg.L, STUDY.rg.layers, seeds=1)]},
        ),
        "layer_temperatures": ("Layers", {"readings": LAYER_TEMPERATURES}),
    }

if STUDY.ablation:
    tables = {
        "statistics": "<results>/tables/map_statistics.csv",
        "bands": "<results>/tables/bands.csv",
        "ablations": "<results>/tables/ablations.csv",
        "machines": "<results>/tables/machines.csv",
    }
    FIGURES |= {"ablation": ("Maps", tables)}

if STUDY.couplings:
    couplings = {"couplings": "<results>/tables/couplings.csv"}
    FIGURES |= {"couplings_plane": ("Couplings", couplings)}
    FIGURES |= {"couplings_table": ("Couplings", couplings)} if STUDY.machines else {}
if STUDY.exponents:
    tables = {name: f"<results>/tables/{name}.csv" for name in ("exponents", "matching", "finite_size")}
    alone = {"exponents": tables["exponents"]}
    FIGURES |= {name: ("Exponents", alone) for name in ("exponents", "operators", *(["dial"] if DIAL else []))}
    FIGURES |= {"matching": ("Exponents", tables)}
    FIGURES |= {"information": ("Exponents", {"information": "<results>/tables/mutual_information.csv"})}

if ERRORS:
    FIGURES |= {"coverage": ("Trials", {"coverage": "<results>/tables/coverage.csv"})}

for figure, (category, inputs) in FIGURES.items():

    rule:
        name:
            f"figure_{figure}"
        input:
            **inputs,
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
        group:
            packs.short("report")
        resources:
            **ask("figure"),
        params:
            figure=figure,
            code=code("figure.py", also=[f"rbmrg.figures.{figure}"]),
        script:
            "../scripts/figure.py"
