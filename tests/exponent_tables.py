"""A table of exponents with known values, for the tests of figures and claims."""

import pandas as pd

SOURCES = {  # (kind, source, seed): (control, dial, y_t and y_h of each of three steps)
    ("rule", "majority", 0): ("none", None, (0.96, 1.004, 0.999), (1.881, 1.8755, 1.875)),
    ("rule", "decimation", 0): ("none", None, (1.16, 1.15, 1.05), (1.946, 1.932, 1.92)),
    ("dial", "dial 0.5", 0): ("none", 0.5, (1.1, 1.05, 1.03), (1.92, 1.91, 1.90)),
    ("machine", "filter", 0): ("none", 0.01, (0.99, 1.0, 1.01), (1.86, 1.874, 1.876)),
    ("machine", "filter", 1): ("none", 0.02, (0.9, 0.95, 0.96), (1.8, 1.81, 1.811)),
    ("machine", "untrained", 0): ("untrained", 0.3, (-4.0, -5.0, -6.0), (5.0, -3.0, -4.0)),
}


def table(error=1e-4, **changes):
    """The table for SOURCES, with two numbers of operators; `changes`: {source: (y_t, y_h)} of its last steps."""
    rows = []
    for (kind, source, seed), (control, dial, y_t, y_h) in SOURCES.items():
        for level in (1, 2, 3):
            both = changes.get(source, (y_t[level - 1], y_h[level - 1])) if level > 1 else (y_t[0], y_h[0])
            for operators, shift in ((1, 0.005), (2, 0.0)):
                rows.append((kind, source, control, seed, dial, level, operators, both[0] + shift, error,
                             both[1] + shift, error, 64, 4096))  # fmt: skip
    names = "kind source control seed dial level operators y_t y_t_error y_h y_h_error L n"
    return pd.DataFrame(rows, columns=names.split()).assign(quality=float("nan"))


def placed(quality, y_t=1.0, y_h=1.875):
    """Rows of a dense machine that is placed with some `quality` and makes one step."""
    one = table().query("source == 'majority' and level == 1")
    return one.assign(kind="placed", source="dense", y_t=y_t, y_h=y_h, quality=quality)


def matched(error=0.01):
    """The table of matched lattices for SOURCES: two even operators and one odd one at each of three steps."""
    rows = []
    for (kind, source, seed), (control, dial, *_) in SOURCES.items():
        for level in (1, 2, 3):
            for exponent, operator, y in (("y_t", "nn", 0.9), ("y_t", "nnn", 0.8), ("y_h", "field", 1.8)):
                shift = 1e-3 / level if exponent == "y_t" else None
                value = y + 0.01 * level
                rows.append(
                    (kind, source, control, seed, dial, level, operator, exponent, shift, 1e-4, value, error, 64)
                )
    names = "kind source control seed dial level operator exponent shift shift_error y y_error L"
    return pd.DataFrame(rows, columns=names.split())


def finite_size():
    """The table of finite-size scaling."""
    rows = [("K* − Kc", 2e-4, 1e-4), ("1/ν", 0.95, 0.05), ("β/ν", 0.12, 0.01), ("γ/ν", 1.76, 0.01)]
    return pd.DataFrame(rows, columns=["quantity", "estimate", "error"]).assign(L=64)
