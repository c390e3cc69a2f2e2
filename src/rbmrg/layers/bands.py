"""Where statistics of machines lie between the untrained machine (0) and RG rules (1), and the band of these rules."""

import numpy as np
import pandas as pd

KEYS = ["L", "layer", "of", "statistic"]
WIDER = 0.1  # of the distance between the untrained machine and the range of the rules, at both of its ends
SEEN = 3.0  # standard errors by which the untrained machine must differ from the nearest rule
SHARES = ("of_units", "share", "share_error", "share_low", "share_high")
EQUAL = 1e-6  # relative difference below which two rules are the same rule to a statistic


def bands(statistics):
    """The band of RG rules for each L, layer, `of` and statistic: DataFrame, see below.

    `statistics`: rows of `over_units` with the columns kind, source, control, L, layer, of.  rules_low and
    rules_high are the extremes of the means of RG rules, `null` the mean of untrained machines.  low and high are the
    band, which is wider on both sides by WIDER times the distance from the null to the nearer extreme.

    A statistic is `valid` if it tells each rule from nothing: the null is SEEN outside the range of the rules, and each
    rule lies in the band of the others.  Rules with EQUAL values, as `average` and `rescaled` have by every statistic
    without a scale, are one rule: they are not others of each other, and cannot vouch for each other.  `reason` says
    why a statistic is not valid.
    """
    rows = [dict(zip(KEYS, key, strict=True)) | _band(rows) for key, rows in statistics.groupby(KEYS, sort=False)]
    return pd.DataFrame(rows)


def _band(rows):
    """The band of one statistic from its `rows`."""
    rules = rows[(rows.kind == "rule") & rows["mean"].notna()]
    untrained = rows[(rows.control == "untrained") & rows["mean"].notna()]
    null = untrained["mean"].mean()
    low, high = _widened(rules["mean"].min(), rules["mean"].max(), null)
    found = {"low": low, "high": high, "rules_low": rules["mean"].min(), "rules_high": rules["mean"].max()}
    reason = "; ".join(_reasons(rules, untrained))
    return found | {"null": null, "valid": not reason, "reason": reason}


def _widened(low, high, null):
    """(low, high) of the band from the range of the rules and the null."""
    margin = WIDER * max(low - null, null - high, 0)
    return low - margin, high + margin


def _reasons(rules, untrained):
    """Why a statistic is not valid, in words; nothing if it is."""
    if rules.empty or untrained.empty:
        yield "no RG rule has a value" if rules.empty else "no untrained machine has a value"
        return
    null = untrained["mean"].mean()
    errors = np.hypot(rules.error, np.sqrt((untrained.error**2).sum()) / len(untrained))
    signs = np.where((rules["mean"] - null).abs() > SEEN * errors, np.sign(rules["mean"] - null), 0)
    if abs(signs.sum()) < len(signs):
        yield "the untrained machine lies among the rules"
    for rule in rules.itertuples():
        low, high = _of_others(rules["mean"], rule.mean, null)
        if np.isnan(low):
            yield "all rules are one rule"
        elif not low <= rule.mean <= high:
            yield f"{rule.source} is outside the band of the other rules"


def _of_others(means, mean, null):
    """(low, high) of the band of the rules, with these `means`, that are others than the one with this `mean`."""
    others = means[~np.isclose(means, mean, rtol=EQUAL, atol=0)]
    return _widened(others.min(), others.max(), null)


def placed(statistics, bands, values):
    """`statistics` with the columns position, position_error, of_units, share, …_error, …_low, …_high, share_by_others.

    position: 0 at the null and 1 at the middle of the rules' range; its error is that of the mean, as the scale is
    common to all machines.  share: that of the units whose own value lies inside the band, of all units, `of_units`.
    Units without a value are outside.  Its error is half the width of Wilson's interval at 1 σ, JASA 22, 209 (1927),
    which is not 0 where the share is 0 or 1; share_low and share_high are that interval at 95 %.  share_by_others: the
    share of the units of a rule that lie inside the band of the other rules; of machines, NaN.

    `values`: a Dataset for each map, with its `statistic_value` and, as attributes, kind, source, L, layer and replica,
    the seed.  Raises ValueError unless each row has one.
    """
    units = {_source(each.attrs): each.statistic_value for each in values}
    table = statistics.merge(bands, how="left", on=KEYS, validate="many_to_one")
    scale = (table.rules_low + table.rules_high) / 2 - table.null
    rules = dict(iter(statistics[statistics.kind == "rule"].groupby(KEYS)["mean"]))
    inside = []
    by_others = []
    for row in table.itertuples():
        key = (row.kind, row.source, row.L, row.layer, row.seed)
        if key not in units:
            raise ValueError(f"no map of {' '.join(map(str, key))}: must be among the values")
        own = units[key].sel(of=row.of, statistic=row.statistic).values
        inside.append((len(own), *share_inside(own, row.low, row.high)))
        if row.kind == "rule":
            low, high = _of_others(rules[row.L, row.layer, row.of, row.statistic], row.mean, row.null)
        by_others.append(share_inside(own, low, high)[0] if row.kind == "rule" else np.nan)
    position = (table["mean"] - table.null) / scale
    added = {"position": position.to_numpy(), "position_error": (table.error / scale.abs()).to_numpy()}
    added |= dict(zip(SHARES, np.transpose(inside), strict=True))
    return statistics.assign(**added, share_by_others=by_others)


def positions(bands):
    """`bands` with low and high on the scale from the null (0) to the middle of the rules' range (1)."""
    scale = (bands.rules_low + bands.rules_high) / 2 - bands.null
    ends = [(bands[end] - bands.null) / scale for end in ("low", "high")]
    return bands.assign(low=np.minimum(*ends), high=np.maximum(*ends))


def share_inside(values, low, high):
    """The `share` of the `values` [n] from `low` to `high`; NaN is outside."""
    return share(((values >= low) & (values <= high)).sum(), len(values))


def share(count, n):
    """(share, error, low, high) of `count` of n: half the width of Wilson's interval at 1 σ, and its ends at 95 %."""
    p = count / n
    _, error = _wilson(p, n, 1.0)
    centre, half = _wilson(p, n, 1.959964)
    return p, error, centre - half, centre + half


def _wilson(p, n, z):
    """(centre, half-width) of Wilson's interval for a share p of n, within z standard errors."""
    return (p + z**2 / (2 * n)) / (1 + z**2 / n), z * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)


def _source(attrs):
    return tuple(attrs[name] for name in ("kind", "source", "L", "layer", "replica"))
