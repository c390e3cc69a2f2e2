# The table of claims and the report that stands alone.


rule assess_claims:
    input:
        points=per_machine("tables/fixed_points/{machine}.csv", THERMOMETERS["L"]),
        scans=["<results>/tables/scans.csv", *per_machine("tables/scans/{machine}.csv", THERMOMETERS["L"])],
        dimensions="<results>/tables/dimensions.csv",
        statistics="<results>/tables/map_statistics.csv",
        temperatures=LAYER_TEMPERATURES,
        code=code("assess_claims.py"),
    output:
        report("<results>/claims.csv", caption="../report/claims.rst", category="Claims"),
    log:
        "<logs>/assess_claims.log",
    script:
        "../scripts/assess_claims.py"


rule write_report:
    input:
        claims="<results>/claims.csv",
        thermometers="<results>/tables/thermometers.csv",
        machines="<results>/tables/machines.csv",
        layers=[f"<results>/maps/{name}.nc" for name in rule_maps(RG["L"], RG["layers"])],
        statistics="<results>/tables/map_statistics.csv",
        figures=[f"<results>/figures/{figure}.png" for figure in FIGURES],
        captions=[Path(workflow.basedir, "workflow", "report", f"{figure}.rst") for figure in FIGURES],
        code=code("write_report.py"),
    output:
        "<results>/report.html",
    log:
        "<logs>/write_report.log",
    params:
        study=STUDY,
        settings=STUDIED,
    script:
        "../scripts/write_report.py"
