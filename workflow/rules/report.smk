# The table of claims and the report that stands alone, of the stages that the study has.

EVIDENCE = {}  # what claims are weighed by
SHOWN = {"observables": "<results>/tables/observables.csv"}  # the tables of the page

if STUDY.machines:
    SHOWN |= {"machines": "<results>/tables/machines.csv"}

if STUDY.thermometers:
    SHOWN |= {"thermometers": "<results>/tables/thermometers.csv"}

if STUDY.flows:
    EVIDENCE |= {
        "points": "<results>/tables/fixed_points.csv",
        "equilibrium": "<results>/tables/equilibrium.csv",
        "dimensions": "<results>/tables/dimensions.csv",
    }

if STUDY.rg:
    SHOWN |= {
        "layers": [
            f"<results>/maps/rules/{rule}/L={STUDY.rg.L}/layer={layer}.nc"
            for rule in STUDY.rg.rules
            for layer in range(1, STUDY.rg.layers + 1)
        ],
        "statistics": "<results>/tables/map_statistics.csv",
    }
    if SIDES:
        EVIDENCE |= {
            "statistics": "<results>/tables/map_statistics.csv",
            "bands": "<results>/tables/bands.csv",
            "temperatures": "<results>/tables/layer_temperatures.csv",
        }

if JUDGED:
    EVIDENCE |= {"couplings": "<results>/tables/couplings.csv"}
if STUDY.exponents and FILTERS:
    EVIDENCE |= {"exponents": "<results>/tables/exponents.csv"}

CLAIMS = ["<results>/claims.csv", "<results>/answers.csv"] if EVIDENCE else []
if CLAIMS:
    EVIDENCE |= {"machines": "<results>/tables/machines.csv"}
    SHOWN |= dict(zip(["claims", "answers"], CLAIMS))


if KNOWN:
    SHOWN |= {name: f"<results>/tables/{name}.csv" for name in ("known_answers", "power")}
READ = [EVIDENCE, SHOWN, *(inputs for _, _, inputs in FIGURES.values())]
DESCRIBED = [path for inputs in READ for path in inputs.values() if str(path).endswith(".csv")]
DESCRIBED += [f"<results>/figures/{figure}.csv" for figure in FIGURES]
DESCRIBED += ["<results>/tables/ablations.csv"] if STUDY.rg else []


rule assess_claims:
    input:
        **EVIDENCE,
    output:
        claims=report(
            "<results>/claims.csv",
            caption="../report/claims.rst",
            category="Claims",
            labels={"figure": "table of claims", "shows": "all"},
        ),
        answers="<results>/answers.csv",
    log:
        "<logs>/assess_claims.log",
    group:
        packs.short("report")
    resources:
        **ask("assess_claims"),
    params:
        code=code("assess_claims.py"),
    script:
        "../scripts/assess_claims.py"


rule write_report:
    input:
        **SHOWN,
        figures=[f"<results>/figures/{figure}.png" for figure in FIGURES],
        described=list(dict.fromkeys(DESCRIBED)),
    output:
        page="<results>/report.html",
        columns="<results>/columns.csv",
    log:
        "<logs>/write_report.log",
    group:
        packs.short("report")
    resources:
        **ask("write_report"),
    params:
        benchmarks=f"{RESULTS}/benchmarks",
        study=STUDY.name,
        settings=STUDY.described(),
        captions=[source(f"../report/{figure}.rst").read_text() for figure in FIGURES],
        shows=[shows for _, shows, _ in FIGURES.values()],
        code=code("write_report.py"),
    script:
        "../scripts/write_report.py"


if CLAIMS:

    rule compare_claims:
        input:
            claims=CLAIMS[0],
            released=str(ROOT / "results" / "reference" / STUDY.name / "claims.csv"),
        output:
            "<results>/comparison.csv",
        log:
            "<logs>/compare_claims.log",
        localrule: True
        resources:
            **ask("compare_claims"),
        params:
            code=code("compare_claims.py"),
        script:
            "../scripts/compare_claims.py"

    # A target, to be asked for by name: it has no output, so that it says its answer each time.
    rule compare:
        input:
            "<results>/comparison.csv",
        log:
            "<logs>/compare.log",
        localrule: True
        resources:
            **ask("compare"),
        params:
            study=STUDY.name,
            code=code("compare.py"),
        script:
            "../scripts/compare.py"


rule verify:
    # Asks whether each file of the study is whole, and made by this configuration, code and inputs; it makes none.
    input:
        "<results>/report.html",
    log:
        "<logs>/verify.log",
    localrule: True
    script:
        "../scripts/verify.py"
