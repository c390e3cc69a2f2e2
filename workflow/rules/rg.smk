# Coarse graining, and the visible–hidden maps of RG rules and of machines.


rule coarse_grain:
    input:
        spins=finer,
        code=lambda w: code("coarse_grain.py", without=unused(rg.RULES, w.rg_rule)),
    output:
        "<results>/rg/{rg_rule}/layer={layer}.nc",
    log:
        "<logs>/coarse_grain/{rg_rule}/layer={layer}.log",
    params:
        seed=SEED,
    script:
        "../scripts/coarse_grain.py"


rule map_rule:
    input:
        visible=samples(RG["L"], [RG["T"]]),
        hidden="<results>/rg/{rg_rule}/layer={layer}.nc",
        code=code("map_rule.py"),
    output:
        "<results>/maps/rules/{rg_rule}/layer={layer}.nc",
    log:
        "<logs>/map_rule/{rg_rule}/layer={layer}.log",
    script:
        "../scripts/map_rule.py"


rule map_machine:
    input:
        visible=samples(RG["L"], [RG["T"]]),
        machine="<results>/machines/{machine}/seed={seed}.nc",
        code=code("map_machine.py"),
    output:
        "<results>/maps/machines/{machine}/seed={seed}.nc",
    log:
        "<logs>/map_machine/{machine}/seed={seed}.log",
    params:
        seed=SEED,
    script:
        "../scripts/map_machine.py"
