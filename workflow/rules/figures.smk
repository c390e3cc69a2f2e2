# Figures: each a module of rbmrg.figures with its category in Snakemake's report, the claims (or the inputs) that it
# shows in the main text of ours, where one that shows none is in the appendix, and its inputs, by stage.


rule gather_tables:
    input:
        lambda w: GATHERED[w.table],
    output:
        "<results>/tables/{table}.csv",
    log:
        "<logs>/gather_tables/{table}.log",
    wildcard_constraints:
        table="|".join(GATHERED) or "none",
    group:
        packs.short("tables")
    resources:
        **ask("gather_tables"),
    params:
        code=code("gather_tables.py"),
    script:
        "../scripts/gather_tables.py"


ANSWERED = STUDY.flows or (STUDY.rg and SIDES) or JUDGED or (STUDY.exponents and FILTERS)
FIGURES = {"answers": ("Claims", [], {"answers": "<results>/answers.csv"})} if ANSWERED else {}
FIGURES |= {"energy": ("Samples", ["inputs"], {"observables_table": "<results>/tables/observables.csv"})}

if STUDY.machines:
    files = [
        f"<results>/machines/{machine.name}/seed={seed}.nc"
        for machine in STUDY.machines
        if machine.variation is None  # they have a figure of their own
        for seed in range(machine.seeds)
    ]
    FIGURES |= {"learning": ("Machines", [], {"machines": files})}

if STUDY.thermometers:
    FIGURES |= {"thermometers": ("Thermometers", [], {"calibration": "<results>/thermometers/calibration.nc"})}

if STUDY.flows:
    L = STUDY.thermometers.L
    tables = {name: f"<results>/tables/{name}.csv" for name in (*OF_FLOWS, "training")}
    points = tables["fixed_points"]
    FIGURES |= {
        "flow_temperatures": ("Flows", [], {"readings": tables["temperatures"]}),
        "flow_histograms": ("Flows", [], {"histograms": tables["histograms"]}),
        "fixed_points": ("Flows", ["C1"], {"points": points}),
        "mixtures": ("Flows", ["C1"], {"points": points}),
        "relaxation": ("Flows", [], {"points": points}),
        "equilibrium": ("Equilibrium", [], {"tests": tables["equilibrium"]}),
        "momentum": ("Equilibrium", [], {"spectra": tables["momentum"]}),
        "singular_values": ("Equilibrium", [], {"singular": tables["singular_values"]}),
    }
    if FOLLOWED:
        FIGURES |= {"training": ("Flows", [], {"training": tables["training"], "points": points})}
    correlators = {
        "samples": f"<results>/correlators/samples/L={L}/T={TC}.nc",
        "flows": per_machine("correlators/flows/{machine}.nc", L),
    }
    FIGURES |= {
        "magnetisation": ("Exponents", ["C2"], {"groups": tables["groups"]}),
        "correlators": ("Exponents", [], correlators),
        "dimensions": ("Exponents", ["C3", "C4"], {"dimensions": "<results>/tables/dimensions.csv"}),
        "windows": ("Exponents", [], {"windows": "<results>/tables/windows.csv", "scans": tables["scans"]}),
    }

if STUDY.rg:
    FIGURES |= {
        "maps": ("Maps", ["C5"], {"maps": [f"<results>/maps/{name}.nc" for name in maps(STUDY.rg.L, 1, seeds=1)]}),
        "separation": (
            "Maps",
            ["C5", "C6"],
            {"statistics": "<results>/tables/map_statistics.csv", "bands": "<results>/tables/bands.csv"},
        ),
        "covariance": (
            "Maps",
            [],
            {"maps": [f"<results>/maps/{name}.nc" for name in maps(STUDY.rg.L, STUDY.rg.layers, seeds=1)]},
        ),
        "layer_temperatures": ("Layers", ["C7"], {"readings": "<results>/tables/layer_temperatures.csv"}),
    }

if STUDY.ablation:
    tables = {
        "statistics": "<results>/tables/map_statistics.csv",
        "bands": "<results>/tables/bands.csv",
        "ablations": "<results>/tables/ablations.csv",
        "machines": "<results>/tables/machines.csv",
    }
    FIGURES |= {"ablation": ("Maps", [], tables)}

if STUDY.couplings:
    couplings = {"couplings": "<results>/tables/couplings.csv"}
    FIGURES |= {"couplings_plane": ("Couplings", ["C9"], couplings)}
    FIGURES |= {"couplings_table": ("Couplings", ["C8"], couplings)} if STUDY.machines else {}
if STUDY.exponents:
    tables = {name: f"<results>/tables/{name}.csv" for name in ("exponents", "matching", "finite_size")}
    alone = {"exponents": tables["exponents"]}
    FIGURES |= {"exponents": ("Exponents", ["C10"], alone), "operators": ("Exponents", [], alone)}
    FIGURES |= {"dial": ("Exponents", [], alone)} if DIAL else {}
    FIGURES |= {"matching": ("Exponents", [], tables)}
    FIGURES |= {"information": ("Exponents", [], {"information": "<results>/tables/mutual_information.csv"})}

if ERRORS:
    FIGURES |= {"coverage": ("Trials", [], {"coverage": "<results>/tables/coverage.csv"})}

for figure, (category, shows, inputs) in FIGURES.items():

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
                labels={"figure": figure.replace("_", " "), "shows": ", ".join(shows)},
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
