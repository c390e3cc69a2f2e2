# Coarse graining, and the visible–hidden maps of RG rules and of machines.


def finer(w):
    """The lattice below layer w.layer: the samples, or the layer before."""
    if w.layer == "1":
        return samples(RG["L"], [RG["T"]])
    return f"<results>/rg/{w.rg_rule}/layer={int(w.layer) - 1}.nc"


def other_rules(w):
    """Modules of all RG rules but w.rg_rule: the registry imports them, this job does not use them."""
    return [rule.__name__ for name, rule in rg.RULES.items() if name != w.rg_rule]


rule coarse_grain:
    input:
        spins=finer,
        code=lambda w: code("coarse_grain.py", without=other_rules(w)),
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
