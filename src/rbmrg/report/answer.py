"""The answer to the question of the page, in three sentences that follow from the table of answers alone."""

from rbmrg.figures.answers import SAYS
from rbmrg.machines.kinds import ISING, PAPER, TRAINED, UNTRAINED
from rbmrg.report.claims import RULE
from rbmrg.report.verdicts import VERDICTS, together

REPRODUCED, FAILED, UNDECIDED, NOT_DIAGNOSTIC = VERDICTS
# What is said of machines of the paper's recipe, by the verdict of all their answers together.
OF_PAPER = {
    REPRODUCED: "For machines trained by the paper's recipe{seeds}, yes: they pass {passed}.",
    FAILED: "For machines trained by the paper's recipe{seeds}, no: they fail {failed}{but}{open}.",
    UNDECIDED: "For machines trained by the paper's recipe{seeds}, it is not decided: more data would tell of "
    "{undecided}{but}.",
    NOT_DIAGNOSTIC: "For machines trained by the paper's recipe{seeds}, nothing can be told: no test of theirs is "
    "diagnostic.",
}
# What is said of machines trained otherwise, by the best verdict of their answers.
OF_OTHERS = {
    REPRODUCED: "Machines trained otherwise pass {passed}, and fail {failures} tests that can tell{open}.",
    UNDECIDED: "Machines trained otherwise pass no test, and fail {failures} tests that can tell{open}.",
    FAILED: "Machines trained otherwise fail all {failures} tests that can tell.",
    NOT_DIAGNOSTIC: "Of machines trained otherwise nothing can be told: no test of theirs is diagnostic.",
}
BEST_FIRST = (REPRODUCED, UNDECIDED, FAILED, NOT_DIAGNOSTIC)


def sentences(answers, known=None):
    """The sentences: on the paper's machines, on others, and on how far the tests can be trusted.

    `answers`, `known`: the tables of answers and of known answers, of which a study may have none.  A sentence on what
    a study does not have is left out, and that all answers rest on single seeds is said.  Raises ValueError for a
    verdict that is none of VERDICTS.
    """
    unknown = set(answers.verdict) - set(VERDICTS)
    if unknown:
        raise ValueError(f"verdict = {unknown.pop()!r}: must be one of {', '.join(VERDICTS)}")
    others = [kind for kind in TRAINED if kind != PAPER]
    found = [of_paper(answers[answers.kind == PAPER]), of_others(answers[answers.kind.isin(others)])]
    return [text for text in [*found, of_tests(answers, known)] if text]


def of_paper(answers):
    """The sentence on machines of the paper's recipe; "" if there are none."""
    if answers.empty:
        return ""
    said = {verdict: [f"{claim} ({SAYS[claim]})" for claim in _claims(answers, verdict)] for verdict in VERDICTS}
    return OF_PAPER[together(answers.verdict)].format(
        seeds=" (one seed of each)" if (answers.seeds == 1).all() else "",
        passed=_listed(said[REPRODUCED]),
        but=f"; they pass {_listed(said[REPRODUCED])}" if said[REPRODUCED] else "",
        failed=_listed(said[FAILED]),
        undecided=_listed(said[UNDECIDED]),
        open=_open(_claims(answers, UNDECIDED)),
    )


def of_others(answers):
    """The sentence on machines of all other recipes; "" if there are none."""
    if answers.empty:
        return ""
    said = {verdict: [f"{row.claim} ({row.kind})" for row in answers[answers.verdict == verdict].itertuples()]
            for verdict in VERDICTS}  # fmt: skip
    best = next(verdict for verdict in BEST_FIRST if said[verdict])
    telling = sum(answers.verdict != NOT_DIAGNOSTIC)
    failures = len(said[FAILED])
    return OF_OTHERS[best].format(
        passed=_listed(said[REPRODUCED]),
        failures=failures if best == FAILED else _share(failures, telling),
        open=_open(said[UNDECIDED]),
    )


def of_tests(answers, known):
    """The sentence on trials and controls; "" if there are none."""
    parts = []
    if known is not None and len(known):
        right, wrong = (round((share * known.replicas).sum()) for share in (known.right_share, known.wrong_share))
        total = int(known.replicas.sum())
        said = f"of {total} verdicts on data of known truth {right} were right, {wrong or 'none'} wrong"
        parts.append(f"{said}, the others undecided or not diagnostic")
    for subject, kinds in (("RG rules and the Ising model", (RULE, ISING)), ("untrained machines", (UNTRAINED,))):
        telling = answers[answers.kind.isin(kinds) & (answers.verdict != NOT_DIAGNOSTIC)]
        if len(telling):
            passed = _share(sum(telling.verdict == REPRODUCED), len(telling))
            parts.append(f"{subject} pass {passed} tests that can tell")
    text = "; ".join(parts)
    return f"{text[0].upper()}{text[1:]}." if text else ""


def _claims(answers, verdict):
    return list(answers.claim[answers.verdict == verdict])


def _listed(items):
    """`a, b and c`."""
    return " and ".join(filter(None, [", ".join(items[:-1]), *items[-1:]]))


def _open(items):
    """`; C1 and C2 are undecided`, or nothing."""
    return f"; {_listed(items)} {'is' if len(items) == 1 else 'are'} undecided" if items else ""


def _share(count, total):
    """`none of 9`, `2 of 9` or `all 9`."""
    return f"none of {total}" if count == 0 else f"all {total}" if count == total else f"{count} of {total}"
