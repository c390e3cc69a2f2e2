"""At which step of Monte Carlo RG an exponent has settled, and its exact value."""

EXACT = {"y_t": 1.0, "y_h": 15 / 8}  # of the 2D Ising model: Onsager (1944) and Yang (1952)
WITHIN = {"y_t": 0.02, "y_h": 0.003}  # successive levels agree if they differ by no more


def settled(rows, exponent):
    """The row, with all operators, of the level at which an `exponent` of one rule has settled, from its `rows`.

    It is the first level that agrees with the one before (WITHIN); the last one if there is none.
    """
    full = rows[rows.operators == rows.operators.max()].sort_values("level")
    agree = full[exponent].diff().abs() <= WITHIN[exponent]
    return full[agree].iloc[0] if agree.any() else full.iloc[-1]
