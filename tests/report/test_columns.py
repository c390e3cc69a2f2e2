"""The data dictionary: what a column means, in general and in one table."""

from rbmrg.report import columns


def meanings(table, *names):
    return list(columns.described({table: names}).meaning)


def test_a_column_has_a_unit_and_a_meaning():
    [row] = columns.described({"tables/fixed_points.csv": ["T_mix"]}).itertuples(index=False)
    assert row == ("tables/fixed_points.csv", "T_mix", "J/k_B", "temperature of the mean energy of the training data")


def test_errors_are_those_of_their_column_in_its_unit():
    [row] = columns.described({"tables/observables.csv": ["energy_error"]}).itertuples(index=False)
    assert row[2:] == ("J", "standard error of energy")
    assert meanings("tables/dimensions.csv", "error") == ["standard error of the estimate of the row"]


def test_a_table_may_mean_something_else():
    general, own = (meanings(f"tables/{table}.csv", "exponent") for table in ("any", "scans"))
    assert general != own == ["exponent Δm of |m|"]


def test_numbered_columns_are_one():
    first, last = meanings("tables/layer_temperatures.csv", "without_0", "without_19")
    assert first == last != ""


def test_what_is_not_known_has_no_meaning():
    assert meanings("tables/new.csv", "new", "new_error") == ["", ""]


def test_the_dictionary_of_the_page_is_by_table():
    found = columns.by_table(columns.described({"a.csv": ["seed", "L"], "b.csv": ["T"]}))
    assert {table: [row.column for row in rows] for table, rows in found.items()} == {
        "a.csv": ["seed", "L"],
        "b.csv": ["T"],
    }
    assert columns.by_table(()) == {}
