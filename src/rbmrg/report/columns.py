"""The data dictionary: the unit and the meaning of each column of each table of a study."""

import re
from pathlib import Path

import pandas as pd

from rbmrg import store

T = "J/k_B"
J = "J"
MACHINE = "machine (or data, beside machines)"
# {column: (unit, meaning)}, for all tables that do not say otherwise in OWN; numbers without a unit have "1", texts "".
COLUMNS = {
    "claim": ("", "the claim, C1 to C10"),
    "kind": ("", "kind of the source: machine, rule, placed machine, optimum, or Monte Carlo"),
    "source": ("", "machine, RG rule or data that the row is of"),
    "machine": ("", MACHINE),
    "quantity": ("", "what was estimated"),
    "scope": ("", "what the interval speaks of: several machines of a kind, one, a rule, the method"),
    "machines": ("1", "number of machines over which the interval is taken; 0 for rules and methods"),
    "estimate": ("that of the quantity", "the estimate"),
    "error": ("that of the estimate", "standard error of the estimate of the row"),
    "median": (T, "median over the seeds that speak together of where their flows end; none of other quantities"),
    "low": ("that of the estimate", "lower end of the 95 % interval"),
    "high": ("that of the estimate", "upper end of the 95 % interval"),
    "region_low": ("that of the estimate", "lower end of the region in which the claim holds"),
    "region_high": ("that of the estimate", "upper end of the region in which the claim holds"),
    "verdict": ("", "reproduced, not reproduced, undecided or not diagnostic"),
    "reason": ("", "why a test cannot tell, or which other test of the same claim decides"),
    "recipe": ("", "how the machine was trained; RG rules and data have no recipe"),
    "training": (f"{T}, or a text", "temperature or mixture of temperatures of the training data"),
    "counted": ("", "whether the row counts in the answer of its kind of machine"),
    "shown": ("", "whether the figure shows the row"),
    "end": (T, "T of the fixed point, or the middle between its cold and its hot end if the flow is not stationary"),
    "near": ("", "whether end is within 0.1 of Tc"),
    "rows": ("1", "number of rows of claims.csv that count in the answer"),
    "control": ("", "which negative control the source is, or none"),
    "seed": ("1", "number of the independent machine, from 0"),
    "seeds": ("1", "number of seeds that the row takes together"),
    "seeds_stationary": ("1", "number of seeds whose flow is stationary"),
    "L": ("sites", "side of the lattice"),
    "T": (T, "temperature"),
    "n": ("1", "number of configurations"),
    "layer": ("1", "number of coarse grainings above the spins, which are 0"),
    "parameter": ("", "what is varied"),
    "value": ("that of the parameter", "value of the parameter"),
    "base": ("", "machine of which this one is a variation"),
    "of": ("", "what was measured: map or receptive field, or whose Hamiltonian"),
    "statistic": ("", "statistic of maps; the report defines each"),
    "operator": ("", "local operator, or the field of a two-point function"),
    "r": ("sites", "distance"),
    "step": ("steps", "number of steps of training or of the flow"),
    # samples
    "energy": (J, "mean energy per spin"),
    "energy_exact": (J, "the same from Kaufman's exact solution of this torus"),
    "specific_heat": ("k_B", "specific heat per spin"),
    "specific_heat_exact": ("k_B", "the same from Kaufman's exact solution of this torus"),
    "abs_magnetisation": ("1", "mean |m|, m the magnetisation per spin"),
    "z": ("σ", "difference from what is expected, in standard errors"),
    # machines
    "replica": ("1", "number of the independent machine or of the set of data, from 0"),
    "options": ("", "options of the recipe, as JSON"),
    "temperatures": ("1", "number of temperatures of the training data"),
    "visible": ("1", "number of visible units"),
    "hidden": ("1", "number of hidden units"),
    "steps": ("1", "number of training steps"),
    "kl": ("nat per visible unit", "Kullback–Leibler distance from the data to the machine"),
    "ess": ("1", "effective sample size with which ln Z was found"),
    "method": ("", "how the number was found"),
    "data_energy": (J, "mean energy per spin of the training data"),
    "pseudo_likelihood": ("nat per visible unit", "mean log pseudo-likelihood of held-out data"),
    # thermometers
    "thermometer": ("", "what reads the temperature"),
    "cross_entropy": ("nat", "cross-entropy of the temperature of single configurations"),
    "excess": ("nat", "cross-entropy above that of Bayes, the smallest possible"),
    "bias": (T, "root mean square over temperatures of the mean reading minus the true temperature"),
    "reading": (T, "mean reading of configurations of this temperature"),
    "temperature": (T, "what the thermometer reads"),
    "without": (T, "the reading without one of 20 parts of the configurations, for the jackknife"),
    "class": (T, "most probable class of temperature of a configuration"),
    "count": ("1", "number of configurations, or of momenta"),
    "share": ("1", "part of the whole"),
    # flows
    "start": (T, "temperature of the configurations at the start of the flow"),
    "length": ("steps", "length of the flow"),
    "training_step": ("steps", "training step at which the machine was taken"),
    "u": (J, "energy per spin at the end of the flow, all starts together"),
    "u_cold": (J, "energy per spin at the end of the flow from the coldest start"),
    "u_hot": (J, "energy per spin at the end of the flow from the hottest start"),
    "T_cold": (T, "temperature T_E at the end of the flow from the coldest start"),
    "T_hot": (T, "temperature T_E at the end of the flow from the hottest start"),
    "drift_cold": (J, "change of u_cold during the second half of the flow"),
    "drift_hot": (J, "change of u_hot during the second half of the flow"),
    "moved_cold": ("σ", "drift_cold in standard errors"),
    "moved_hot": ("σ", "drift_hot in standard errors"),
    "stationary": ("", "whether both ends agree and neither moves"),
    "time_cold": ("steps", "nonlinear relaxation time of the energy from the coldest start"),
    "time_hot": ("steps", "nonlinear relaxation time of the energy from the hottest start"),
    "Tc": (T, "critical temperature of the infinite lattice"),
    "T_peak": (T, "temperature of the maximum of the specific heat of this lattice"),
    "T_mix": (T, "temperature of the mean energy of the training data"),
    "family": ("", "recipe or control"),
    "reference": (
        "",
        "what the flow is compared with: equilibrium at T_E, or the training data",
    ),
    "observable": ("", "what is compared"),
    "flow": ("that of the observable", "mean over configurations of the flow"),
    "expected": ("that of the observable", "mean over the reference"),
    "difference": ("that of the observable", "flow less expected, for the same energy"),
    "k2": ("1", "squared lattice momentum, 4 − 2 cos k_x − 2 cos k_y"),
    "weight_power": ("1", "power |W(k)|² of hidden units in units of its mean over k"),
    "S_flow": ("1", "structure factor at the end of the flow"),
    "S_data": ("1", "structure factor of the training data"),
    "ratio": ("1", "S_flow over S_data"),
    "rank": ("1", "place in the order of size, from 1"),
    "singular_value": ("1", "singular value of the weights"),
    "participation": ("sites", "number of sites over which the left singular vector is spread"),
    # maps and layers
    "units": ("1", "number of units that have a value"),
    "of_units": ("1", "number of units"),
    "unit": ("1", "number of the hidden unit"),
    "mean": ("that of the statistic", "mean over units"),
    "spread": ("that of the statistic", "standard deviation over units"),
    "position": ("1", "place of the mean on the scale from the untrained machine (0) to RG rules (1)"),
    "share_low": ("1", "lower end of the 95 % interval of the share"),
    "share_high": ("1", "upper end of the 95 % interval of the share"),
    "share_by_others": ("1", "for an RG rule: its share by the band of the other rules"),
    "rules_low": ("that of the statistic", "smallest mean of an RG rule"),
    "rules_high": ("that of the statistic", "largest mean of an RG rule"),
    "null": ("that of the statistic", "mean of the untrained machine"),
    "valid": ("", "whether the statistic tells RG rules from the untrained machine"),
    "map_minimum": ("1", "smallest correlation of the unit with a spin"),
    "map_maximum": ("1", "largest correlation of the unit with a spin"),
    "map_mean": ("1", "mean correlation of the unit with the spins"),
    "field_minimum": ("1", "smallest value of the receptive field"),
    "field_maximum": ("1", "largest value of the receptive field"),
    "field_mean": ("1", "mean value of the receptive field"),
    # couplings
    "K": ("1", "K_nn of the data: 1/T in units of k_B/J"),
    "coupling": ("1", "dimensionless coupling of the operator"),
    "unexplained": ("1", "share of the variance of the Hamiltonian that no operator explains"),
    "fourier": ("1", "mean coupling of the pairs of this operator, from the closed form of all fair spins"),
    "scatter": ("1", "standard deviation of the couplings of single bonds"),
    "quality": ("1", "share of the squared weights in the blocks of the units of a placed machine"),
    "truncation": ("1", "change of the coupling if there are two more operators"),
    "last": ("", "whether this is the last step of training, or of the rule"),
    "nn": ("1", "coupling of nearest neighbours"),
    "others": ("1", "all other couplings as the one of next-nearest neighbours that is as far from criticality"),
    # exponents
    "level": ("1", "number of the RG step, from 1"),
    "operators": ("1", "number of even operators in the linearised matrix"),
    "y_t": ("1", "thermal exponent"),
    "y_h": ("1", "magnetic exponent"),
    "y_t_settled": ("", "whether y_t is that of the step where it has settled"),
    "y_h_settled": ("", "whether y_h is that of the step where it has settled"),
    "dial": ("1", "place of a filter on the dial: 0 is the majority rule, 1 decimation"),
    "shift": ("1", "K* − K where two lattices match; none for odd operators"),
    "y": ("1", "exponent from the ratio of the slopes of two lattices"),
    "exponent": ("1", "value, or name, of the exponent"),
    "lowest": (f"sites, or {T}", "lower end of the fitted range of distances, or of temperatures"),
    "highest": (f"sites, or {T}", "upper end of the fitted range of distances, or of temperatures"),
    "fit": ("", "function that was fitted"),
    "dimension": ("1", "scaling dimension"),
    "total": ("1", "weighted sum of the two-point function that gives the dimension by its known amplitude"),
    "ensemble": ("", "which configurations were taken"),
    "windows": ("1", "number of ranges that a reader could choose"),
    "minimum": ("1", "smallest result of all ranges"),
    "maximum": ("1", "largest result of all ranges"),
    "q16": ("1", "16 % quantile of the results of all ranges"),
    "q84": ("1", "84 % quantile of the results of all ranges"),
    "quoted": ("1", "result of the quoted range"),
    "information": ("nat", "mutual information of a block and its environment"),
    "less": ("nat", "what is missing to the best rule of 2 × 2 blocks"),
    "label": ("", "name in the figure"),
    # trials
    "case": ("", "data of known truth"),
    "truth": ("", "whether the claim holds for these data"),
    "wrong_share": ("1", "share of verdicts that say the opposite of the truth"),
    "right_share": ("1", "share of verdicts that say the truth"),
    "replicas": ("1", "number of independent sets of data"),
    "distance": ("that of the estimate", "true distance from the claimed value"),
    "pull_mean": ("σ", "mean of estimate less truth in standard errors; 0 without bias"),
    "pull_width": ("σ", "standard deviation of the same; 1 if the error is right"),
    "ks": ("1", "probability of so uneven a distribution of pulls, by Kolmogorov and Smirnov"),
    "holds": ("", "whether the coverage is what is wanted"),
    "note": ("", "why it is not, or what is special"),
    "coverage68": ("1", "share of 68 % intervals that hold the truth"),
    "coverage95": ("1", "share of 95 % intervals that hold the truth"),
}
# Where a column means something else.
OWN = {
    "claims": {"kind": ("", "kind of machine, RG rule, or method")},
    "answers": {"kind": ("", "kind of machine, or RG rule"), "verdict": ("", "verdict of all rows that count"),
                "seeds": ("1", "number of seeds of which the rows that count speak; 0 for RG rules")},
    "machines": {"kind": ("", "kind of machine"), "steps": ("steps", "number of training steps")},
    "known_answers": {"verdict": ("", "most frequent verdict")},
    "power": {"verdict": ("", "most frequent verdict"), "estimate": ("that of the quantity", "mean estimate")},
    "correlators": {"value": ("1", "two-point function")},
    "covariance": {"share": ("1", "share of the variance that this component has"), "rank": ("1", "component, from 1")},
    "flow_histograms": {"share": ("1", "share of configurations in this class")},
    "map_statistics": {"share": ("1", "share of units in the band of RG rules")},
    "maps": {"source": ("", "machine or RG rule")},
    "couplings_table": {"value": ("1", "coupling in units of K_nn of the data")},
    "momentum": {"count": ("1", "number of momenta of this k2")},
    "groups": {"count": ("1", "number of configurations in this class"), "T": (T, "class of temperature")},
    "magnetisation": {"count": ("1", "number of configurations in this class"), "T": (T, "class of temperature")},
    "coverage": {"truth": ("that of the quantity", "true value"), "quantity": ("", "what was estimated")},
    "matching": {"exponent": ("", "y_t or y_h")},
    "scans": {"exponent": ("1", "exponent Δm of |m|"), "lowest": (T, "coldest class"), "highest": (T, "hottest class")},
}  # fmt: skip
UNKNOWN = ("", "")


def described(headers):
    """The dictionary as a table with columns table, column, unit, meaning, from `headers` {path: names of columns}.

    A column that is not known has an empty meaning; that of `x_error` is the standard error of x.
    """
    rows = [(path, name, *_meaning(Path(path).stem, name)) for path, names in headers.items() for name in names]
    return pd.DataFrame(rows, columns=["table", "column", "unit", "meaning"])


def of_files(paths, output):
    """`described` for CSV files, each named by its path below the folder of `output`, a file."""
    folder = Path(output).parent
    return described({str(Path(path).relative_to(folder)): list(store.read_tables(path)) for path in paths})


def _meaning(table, column):
    known = COLUMNS | OWN.get(table, {})
    base = column.removesuffix("_error")
    if base != column and base in known:
        return known[base][0], f"standard error of {base}"
    return known.get(part(column), UNKNOWN)


def part(column):
    """`without` of `without_3`: columns that differ by a number mean the same."""
    return re.sub(r"_\d+$", "", column)


def by_table(rows):
    """{table: its rows} of a table of `described`, for the page."""
    return {table: list(here.itertuples()) for table, here in rows.groupby("table", sort=False)} if len(rows) else {}
