# Data whose truth is known, through the same code as machines: how often verdicts and error bars are right and wrong.

from rbmrg.trials.analyses import ANALYSES, module
from rbmrg.trials import cases

VERDICTS = STUDY.trials.verdicts if STUDY.trials else 0  # replicas
ERRORS = STUDY.trials.errors if STUDY.trials else 0
KNOWN = []

if STUDY.flows and VERDICTS:
    KNOWN += [f"<results>/tables/trials/flow_ends/{part}.csv" for part in range(cases.PARTS)]

    rule judge_flow_ends:
        input:
            dimensions="<results>/tables/dimensions.csv",
        output:
            "<results>/tables/trials/flow_ends/{part}.csv",
        log:
            "<logs>/judge_flow_ends/{part}.log",
        benchmark:
            "<benchmarks>/judge_flow_ends/{part}.tsv"
        wildcard_constraints:
            part=r"\d+",
        group:
            packs.short("ends", lambda w: resources.judging(STUDY))
        resources:
            **ask("judge_flow_ends", minutes=lambda w: resources.judging(STUDY)),
        params:
            seed=STUDY.seed,
            L=STUDY.thermometers.L,
            starts=STUDY.flows.starts,
            n=STUDY.flows.n,
            replicas=VERDICTS,
            code=code("judge_flow_ends.py", without=other_samplers(STUDY.thermometers.L)),
        script:
            "../scripts/judge_flow_ends.py"


if STUDY.rg and SIDES and VERDICTS:
    KNOWN += ["<results>/tables/trials/layers.csv"]

    rule judge_layers:
        output:
            "<results>/tables/trials/layers.csv",
        log:
            "<logs>/judge_layers.log",
        benchmark:
            "<benchmarks>/judge_layers.tsv"
        group:
            packs.short("trials")
        resources:
            **ask("judge_layers", minutes=lambda w: 2 + 0.05 * VERDICTS),
        params:
            seed=STUDY.seed,
            rules=RG.rules,
            replicas=max(2, -(-VERDICTS // 20)),  # one takes as long as 80 of the ends of flows
            code=code("judge_layers.py", without=other_rules("majority", *RG.rules)),
        script:
            "../scripts/judge_layers.py"


if JUDGED and VERDICTS:
    KNOWN += ["<results>/tables/trials/couplings.csv"]

    rule judge_couplings:
        output:
            "<results>/tables/trials/couplings.csv",
        log:
            "<logs>/judge_couplings.log",
        benchmark:
            "<benchmarks>/judge_couplings.tsv"
        group:
            packs.short("trials")
        resources:
            **ask("judge_couplings", minutes=lambda w: 2 + 0.05 * VERDICTS),
        params:
            seed=STUDY.seed,
            replicas=max(2, -(-VERDICTS // 20)),
            code=code("judge_couplings.py", without=other_rules("majority", "decimation")),
        script:
            "../scripts/judge_couplings.py"


if STUDY.exponents and FILTERS and VERDICTS:
    KNOWN += ["<results>/tables/trials/exponents.csv"]

    rule judge_exponents:
        output:
            "<results>/tables/trials/exponents.csv",
        log:
            "<logs>/judge_exponents.log",
        benchmark:
            "<benchmarks>/judge_exponents.tsv"
        group:
            packs.short("trials")
        resources:
            **ask("judge_exponents", minutes=lambda w: 2 + 0.05 * VERDICTS),
        params:
            seed=STUDY.seed,
            replicas=VERDICTS,
            majority=STUDY.trials.majority,
            code=code("judge_exponents.py", without=other_rules("majority", "decimation")),
        script:
            "../scripts/judge_exponents.py"


if KNOWN:

    rule known_answers:
        input:
            KNOWN,
        output:
            known="<results>/tables/known_answers.csv",
            power="<results>/tables/power.csv",
        log:
            "<logs>/known_answers.log",
        group:
            packs.short("report")
        resources:
            **ask("known_answers"),
        params:
            code=code("known_answers.py"),
        script:
            "../scripts/known_answers.py"


if ERRORS:

    rule try_errors:
        output:
            "<results>/tables/trials/errors/{trial}.csv",
        log:
            "<logs>/try_errors/{trial}.log",
        benchmark:
            "<benchmarks>/try_errors/{trial}.tsv"
        wildcard_constraints:
            trial="|".join(map(re.escape, ANALYSES)),
        resources:
            **ask("try_errors"),
        params:
            seed=STUDY.seed,
            replicas=ERRORS,
            code=lambda w: code("try_errors.py", also=[module(w.trial)]),
        script:
            "../scripts/try_errors.py"

    rule cover_truths:
        input:
            [f"<results>/tables/trials/errors/{trial}.csv" for trial in ANALYSES],
        output:
            "<results>/tables/coverage.csv",
        log:
            "<logs>/cover_truths.log",
        group:
            packs.short("report")
        resources:
            **ask("cover_truths"),
        params:
            code=code("cover_truths.py"),
        script:
            "../scripts/cover_truths.py"
