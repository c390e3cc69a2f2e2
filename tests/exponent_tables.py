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
    return pd.DataFrame(rows, columns=names.split())
