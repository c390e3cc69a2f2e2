"""How often verdicts on data of known truth are right and wrong."""

import numpy as np
import pandas as pd

from rbmrg.report.verdicts import together


def summaries(rows):
    """(known answers, power): DataFrames with a row for each claim and case of `rows`.

    `rows`: those of the table of claims with the columns case, replica, truth (whether the claim holds), power (which
    of the two tables); several rows of one replica are one verdict, `together`.  The tables have claim, case, truth
    (holds or fails), the most frequent verdict, wrong_share, right_share and the number of replicas; power also the
    mean estimate and its distance from the middle of the claim's region, or from its end if there is but one.  Of
    several quantities these are of the one that is farthest; what cannot tell is left out.
    """
    keys = ["claim", "case", "truth", "power"]
    found = [dict(zip(keys, key, strict=True)) | summary(of_case, key[2]) for key, of_case in rows.groupby(keys)]
    table = pd.DataFrame(found).sort_values("claim", key=lambda claim: claim.str[1:].astype(int), kind="stable")
    table["truth"] = table.truth.map({True: "holds", False: "fails"})
    known = table[~table.power].drop(columns=["power", "estimate", "distance"])
    return known, table[table.power].drop(columns="power")


def summary(rows, true):
    """What the replicas in `rows` say of a claim that is `true` or not, {column: value}."""
    verdicts = rows.groupby("replica").verdict.agg(together)
    right = "reproduced" if true else "not reproduced"
    wrong = "not reproduced" if true else "reproduced"
    shares = verdicts.value_counts(normalize=True)
    found = {
        "verdict": shares.index[0],
        "wrong_share": shares.get(wrong, 0.0),
        "right_share": shares.get(right, 0.0),
        "replicas": len(verdicts),
    }
    telling = rows[rows.verdict != "not diagnostic"]
    middle = (telling.region_low + telling.region_high) / 2
    away = telling.estimate - np.where(np.isinf(middle), telling.region_low, middle)
    means = telling.assign(distance=away).groupby("quantity")[["estimate", "distance"]].mean()
    farthest = means.loc[means.distance.abs().idxmax()] if len(means) else {"estimate": np.nan, "distance": np.nan}
    return found | dict(farthest)
