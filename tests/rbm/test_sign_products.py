"""Looked-up sums are the product of ±1 units with a matrix, for sizes that groups of four do and do not divide."""

import numpy as np
import pytest

from rbmrg.rbm import sign_products

SIZES = [(1, 1, 1), (5, 3, 2), (7, 4, 33), (16, 81, 100), (40, 100, 81), (3, 162, 5)]  # rows, n, m


def case(rows, n, m):
    rng = np.random.default_rng(rows)
    return rng.choice(np.array([-1, 1], np.float32), (rows, n)), rng.normal(size=(n, m)).astype(np.float32)


def looked_up(patterns, matrix, rows):
    products = np.full((rows, matrix.shape[1]), np.nan, np.float32)  # what was there before does not matter
    sign_products.look_up(matrix, sign_products.tables(matrix), patterns, products)
    part_by_part = np.empty_like(products)
    sign_products.look_up(matrix, sign_products.tables(matrix[:0]), patterns, part_by_part)
    np.testing.assert_array_equal(part_by_part, products)
    return products


@pytest.mark.parametrize("size", SIZES)
def test_rows_of_units_times_a_matrix(size):
    units, matrix = case(*size)
    patterns = sign_products.row_patterns(units)
    exact = units.astype(float) @ matrix
    bound = 1e-6 * size[1]  # n roundings of sums that are a few √n large
    np.testing.assert_allclose(looked_up(patterns, matrix, size[0]), exact, rtol=0, atol=bound)
    units[-1, -1] *= -1  # negative control: one unit of one row
    other = looked_up(sign_products.row_patterns(units), matrix, size[0])
    assert np.abs(other - exact)[-1].max() > bound
    np.testing.assert_allclose(other[:-1], exact[:-1], rtol=0, atol=bound)


@pytest.mark.parametrize("size", SIZES)
def test_products_for_few_rows(size):
    units, matrix = case(*size)
    products = np.empty((size[0], size[2]), np.float32)
    sign_products.few_products(units, np.ascontiguousarray(matrix.T), products)
    np.testing.assert_allclose(products, units.astype(float) @ matrix, rtol=0, atol=1e-6 * size[1])


@pytest.mark.parametrize("size", SIZES)
def test_columns_of_units_are_rows_of_the_transposed(size):
    units, _ = case(*size)
    np.testing.assert_array_equal(
        sign_products.column_patterns(np.ascontiguousarray(units.T)), sign_products.row_patterns(units)
    )


@pytest.mark.parametrize("size", SIZES)
def test_integers_are_summed_exactly(size):
    units, matrix = case(*size)
    matrix = np.rint(100 * matrix)
    np.testing.assert_array_equal(looked_up(sign_products.row_patterns(units), matrix, size[0]), units @ matrix)


def test_flipping_all_units_flips_the_products_bit_by_bit():
    """Without biases a machine keeps P(v) = P(−v) exactly."""
    units, matrix = case(40, 100, 81)
    products = [looked_up(sign_products.row_patterns(sign * units), matrix, 40) for sign in (1, -1)]
    np.testing.assert_array_equal(products[0], -products[1])
