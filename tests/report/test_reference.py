"""The page of released results says what their tables say, whatever other columns these have."""

from pathlib import Path

import exponent_tables
import numpy as np
import pandas as pd
import pytest
from jinja2 import UndefinedError

from rbmrg.report import reference

FOLDER = Path(__file__).parents[2] / reference.FOLDER


def read(name):
    return pd.read_csv(FOLDER / name)


def cells(table):
    """The cells of a Markdown table, line by line, without the line of dashes."""
    head, _, *rows = table.splitlines()
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in (head, *rows)]


def test_the_page_is_what_the_generator_makes():
    template = (FOLDER / "README.md.jinja").read_text()
    assert (FOLDER / "README.md").read_text() == reference.render(template, read)


def test_columns_are_chosen_by_name():
    template = (FOLDER / "README.md.jinja").read_text()

    def wider(name):
        table = read(name).assign(new="?")
        return table[table.columns[::-1]]

    assert reference.render(template, wider) == reference.render(template, read)


def test_the_page_links_to_files_that_exist():
    page = (FOLDER / "README.md").read_text()
    links = [part.partition(")")[0] for part in page.split("](")[1:]]
    assert len(links) >= 4
    assert all((FOLDER / link).exists() for link in links)


def test_main_writes_the_page_of_any_folder(tmp_path):
    read("default/claims.csv").to_csv(tmp_path / "claims.csv", index=False)
    (tmp_path / "README.md.jinja").write_text('# Title\n\n{{ read("claims.csv") | verdicts }}\n')
    reference.main(tmp_path)
    title, _, *table = (tmp_path / "README.md").read_text().split("\n")
    assert title == "# Title"
    assert "\n".join(table) == reference.verdicts(read("default/claims.csv")) + "\n"


def test_a_misspelt_filter_argument_is_an_error():
    with pytest.raises(UndefinedError):
        reference.render("{{ tables }}", read)


def test_verdicts_are_counted_by_claim():
    table = pd.DataFrame({"claim": ["C1", "C2", "C1"], "verdict": ["not reproduced", "reproduced", "not reproduced"]})
    head, first, second = cells(reference.verdicts(table))
    assert head == ["claim", "reproduced", "not reproduced", "undecided", "not diagnostic"]
    assert first == ["C1", "0", "2", "0", "0"]
    assert second == ["C2", "1", "0", "0", "0"]


def test_claims_are_chosen_by_patterns_in_their_order():
    row = {"region_low": 2.1692, "region_high": 2.3692, "scope": "3 machines", "verdict": "not reproduced"}
    rows = [
        ("C2", "Δ of |m|", "one", np.nan, np.nan, np.nan, np.nan),
        ("C1", "fixed point", "two", 2.5, 0.01, 2.48, 2.52),
        ("C1", "fixed point", "three", 2.6, 0.01, 2.58, 2.62),
    ]
    columns = ["claim", "quantity", "source", "estimate", "error", "low", "high"]
    table = pd.DataFrame(rows, columns=columns).assign(**row)
    _, *found = cells(reference.claims(table, "C1, *, two", "*Δ*"))
    assert found == [
        ["two (3 machines)", "fixed point", "2.500(10)", "2.48 to 2.52", "2.169 to 2.369", "not reproduced"],
        ["one (3 machines)", r"Δ of \|m\|", "no estimate", "", "2.169 to 2.369", "not reproduced"],
    ]
    with pytest.raises(ValueError, match=r"pattern = 'C1, fixed point': must fit the quantity of a claim"):
        reference.claims(table, "C1, fixed*", "C1, fixed point")


MACHINES = pd.DataFrame(
    [
        ("a", 0, 1, "paper", 10, "2.600000", 100, 81, 5, 0.2, 0.01),
        ("b", 0, 1, "best", 10, "2.269185", 100, 81, 5, 0.3, 0.01),
        ("stack", 0, 1, "paper", 10, "2.269185", 100, 81, 5, 0.25, 0.02),
        ("stack", 0, 2, "paper", 10, "2.269185", 81, 16, 5, np.nan, np.nan),
        ("stack", 1, 1, "paper", 10, "2.269185", 100, 81, 5, 0.15, 0.02),
        ("c", 0, 1, "best", 10, "0 to 5.9, 60 temperatures", 100, 81, 5, 0.1, 0.01),
    ],
    columns=["machine", "replica", "layer", "recipe", "L", "training", "visible", "hidden", "steps", "kl", "kl_error"],
)


def test_recipes_by_kind_of_data_with_the_best_in_bold():
    head, *found = cells(reference.recipes(MACHINES[MACHINES.layer == 1], "paper", "best"))
    assert head == ["data", "`paper`", "`best`"]
    assert found == [
        ["L = 10, Tc", "**0.250(20), 0.150(20)**", "0.300(10)"],
        ["L = 10, T = 2.6", "**0.200(10)**", ""],
        ["L = 10, 0 to 5.9, 60 temperatures", "", "**0.100(10)**"],
    ]


def test_machines_with_the_sizes_of_their_layers():
    _, *found = cells(reference.machines(MACHINES, "s*"))
    assert found == [["stack", "paper", "Tc", "100 → 81 → 16", "5", "0.250(20), 0.150(20)"]]


def test_fields_are_those_of_the_first_layer_on_the_largest_lattice():
    rows = [
        ("rule", 8, 1, 0, "field", "best_four", 1.0, 0.0),
        ("rule", 8, 1, 0, "field", "moran", 0.5, 0.125),
        ("rule", 8, 1, 0, "map", "moran", 0.7, 0.1),
        ("rule", 8, 2, 0, "field", "moran", 0.8, 0.1),
        ("rule", 8, 1, 1, "field", "moran", 0.9, 0.1),
        ("small", 4, 1, 0, "field", "moran", 0.6, 0.1),
    ]
    table = pd.DataFrame(rows, columns=["source", "L", "layer", "seed", "of", "statistic", "mean", "spread"])
    assert cells(reference.fields(table, "moran", "best_four")) == [
        ["source", "moran", "best four"],
        ["rule", "0.500 ± 0.125", "1.000 ± 0.000"],
    ]


def test_layers_combine_seeds():
    rows = [
        ("rule", 8, 0, 0, 2.0, "energy", 2.0, 0.01),
        ("rule", 4, 1, 0, 2.0, "energy", 1.8, 0.02),
        ("rule", 4, 1, 1, 2.0, "energy", 1.6, 0.02),
        ("other", 4, 1, 0, 2.0, "energy", 9.0, 0.02),
    ]
    table = pd.DataFrame(rows, columns=["source", "L", "layer", "seed", "T", "thermometer", "temperature", "error"])
    assert cells(reference.layers(table, "rule")) == [
        ["from", "thermometer", "layer 0, L = 8", "layer 1, L = 4"],
        ["T = 2", "energy", "2.000(10)", "1.700(14)(100)"],
    ]


def test_couplings_combine_seeds():
    rows = [
        ("flow", "paper", 0, "nn", 0.2, 0.01), ("flow", "paper", 1, "nn", 0.4, 0.01),
        ("flow", "paper", 0, "nnn", 0.1, 0.02), ("flow", "paper", 1, "nnn", 0.1, 0.02),
        ("flow", "exact", 0, "nn", 0.44, 0.002), ("flow", "exact", 0, "nnn", 0.0, 0.001),
        ("visible", "exact", 0, "nn", 9.0, 0.1),
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["of", "source", "seed", "operator", "coupling", "error"])
    found = cells(reference.couplings(table, "flow", "nn", "nnn"))
    assert found[0] == ["source", "K_nn", "K_nnn"]
    assert found[1] == ["paper", "0.3000(71)(1000)", "0.100(14)"]
    assert found[2] == ["exact", "0.4400(20)", "0.0000(10)"]


def test_exponents_of_all_steps_with_all_operators():
    rows = cells(reference.exponents(exponent_tables.table()))
    assert rows[0] == ["rule", "exponent", "step 1", "step 2", "step 3"]
    assert rows[1] == ["majority", "y_t", "0.96000(10)", "1.00400(10)", "0.99900(10)"]
    assert rows[2] == ["majority", "y_h", "1.88100(10)", "1.87550(10)", "1.87500(10)"]
    assert [row[0] for row in rows[1::2]] == [
        "majority", "decimation", "dial 0.5", "filter, seed 0", "filter, seed 1", "untrained, seed 0",
    ]  # fmt: skip


def test_samplers_by_algorithm_and_size():
    rows = [
        ("transfer", 4, 0.5, 0.0, 0, 0.061),
        ("wolff", 4, 1.1706, 0.0326, 16, 7.574),
        ("wolff", 8, 1.2377, 0.0419, 19, 1051.7),
    ]
    table = pd.DataFrame(rows, columns=["algorithm", "L", "tau_energy", "tau_energy_error", "thinning", "us"])
    assert cells(reference.times(table, "energy")) == [
        ["algorithm", "L = 4", "L = 8"],
        ["wolff", "1.171(33)", "1.238(42)"],
    ]
    assert cells(reference.costs(table, "us"))[1:] == [["transfer", "0.061", ""], ["wolff", "7.57", "1052"]]
