"""Maps and spectra of layers show the numbers they are given, machines as in other figures."""

import numpy as np
import pytest
import xarray as xr
from drawn import render, titles
from matplotlib.colors import to_rgb
from synthetic_layers import MACHINES, ORDER, RULES, recipe, sources

from rbmrg.figures import covariance, maps, style


def layer_file(kind, name, control, seed, layer=1, L=32):
    """A layer as the workflow writes it: one patch a unit on a background, those of machines of both signs."""
    rng = np.random.default_rng([seed, layer, len(name)])
    side = L // 2**layer
    y, x = (2**layer * place + 0.5 for place in divmod(np.arange(side**2), side))
    away = [np.abs((np.arange(L) - centre[:, None] + L / 2) % L - L / 2) for centre in (y, x)]
    r2 = away[0][:, :, None] ** 2 + away[1][:, None, :] ** 2
    sign = rng.choice([-1, 1], side**2)[:, None, None] if kind == "machine" else 1.0
    trained = 0.05 if control == "untrained" else 1.0
    values = sign * trained * (0.45 + 0.33 * np.exp(-np.sqrt(r2) / 4)) + rng.normal(0, 0.01, r2.shape)
    field = np.where(r2 < 1, 0.4, 0.0) if kind == "rule" else sign * trained * np.exp(-r2 / 8) + rng.normal(0, 0.02)
    eigenvalue = np.arange(1, side**2 + 1.0) ** (-7 / 8 * trained) * rng.normal(1, 0.02, side**2)
    return xr.Dataset(
        {"correlator": (("unit", "y", "x"), values), "field": (("unit", "y", "x"), field),
         "eigenvalue": ("mode", eigenvalue), "eigenvalue_error": ("mode", 0.05 * eigenvalue)},
        attrs={"kind": kind, "source": name, "control": control, "L": L, "replica": seed, "layer": layer,
               "recipe": "", "training": ""} | recipe(kind, name),
    )  # fmt: skip


@pytest.fixture(scope="module")
def files():
    given = [layer_file(*source, layer) for source in sources(MACHINES) for layer in (1, 2)]
    return [*given, layer_file("machine", "small", "none", 0, L=16)]


def test_maps_stand_above_their_fields(files):
    figure, numbers = maps.draw(files)
    order = ["majority", *ORDER]
    assert list(numbers.source.unique()) == order  # the small lattice, later seeds and layers are left out
    paper = next(source for source in files if source.attrs["source"] == "paper")
    names = [title.replace("\n", "") for title in titles(figure)]  # long ones are wrapped
    place = names.index("paper")
    assert names == order
    above, below = (figure.axes[6 * (place // 3) + place % 3 + 3 * row].images[0] for row in (0, 1))
    units = np.linspace(0, 255, 16).round().astype(int)
    for image, values in ((above, paper.correlator.values), (below, paper.field.values)):
        picture = np.ma.filled(image.get_array(), np.nan)
        for number, unit in enumerate(units):
            row, column = divmod(number, 4)
            tile = picture[33 * row : 33 * row + 32, 33 * column : 33 * column + 32]
            np.testing.assert_array_equal(tile, values[unit])
    assert above.get_clim() == (-1, 1)
    assert below.get_clim()[1] == np.abs(paper.field.values[units]).max()
    assert sum(axis.axison for axis in figure.axes) == 2 * len(order) + 1  # and the colour bar
    mine = numbers[numbers.source == "paper"].set_index("unit")
    assert list(mine.index) == list(units)
    np.testing.assert_allclose(mine.map_mean, paper.correlator.values[units].mean(axis=(1, 2)))
    np.testing.assert_allclose(mine.field_minimum, paper.field.values[units].min(axis=(1, 2)))


@pytest.mark.parametrize(
    ("machines", "rules", "shown"),
    [
        ({}, ["average"], ["average"]),
        ({"a": 1, "blank": 1}, [], ["a", "blank"]),
        ({}, ["decimation", "rescaled"], ["decimation"]),
        ({"a": 1}, ["decimation"], ["decimation", "a"]),
        (dict.fromkeys(["blank", *"abcdef"], 1), RULES, ["majority", *"abcd", "blank"]),
    ],
)
def test_maps_of_few_and_of_many_sources(machines, rules, shown):
    figure, numbers = maps.draw([layer_file(*source) for source in sources(machines, rules)])
    render(figure)
    assert list(numbers.source.unique()) == shown


def test_a_machine_may_have_the_name_of_a_rule():
    given = [layer_file(*source) for source in sources({"average": 1}, ["average"])]
    assert [source.attrs["kind"] for source in maps.chosen(given)] == ["rule", "machine"]
    _, numbers = covariance.draw(given)
    np.testing.assert_allclose(numbers.groupby("kind").share.sum(), 1)


def test_spectra_are_in_units_of_the_trace(files):
    figure, numbers = covariance.draw(files)
    render(figure)
    assert [axis.get_title(loc="left") for axis in figure.axes] == ["RG rules", "machines"]
    assert set(numbers.source) == {*RULES, *MACHINES}
    np.testing.assert_allclose(numbers.groupby(["source", "layer"]).share.sum(), 1)
    seeds = [source for source in files if (source.attrs["source"], source.attrs["layer"]) == ("paper", 2)]
    shares = np.array([source.eigenvalue.values / source.eigenvalue.values.sum() for source in seeds])
    mine = numbers[(numbers.source == "paper") & (numbers.layer == 2)]
    np.testing.assert_allclose(mine.share, shares.mean(axis=0))
    dashed = [line for line in figure.axes[1].lines if line.get_linestyle() == "--"]
    assert any(np.array_equal(line.get_ydata(), mine.share) for line in dashed)
    named = {text.get_text(): text.get_color() for text in figure.axes[1].texts}
    assert set(named) == set(ORDER)
    assert named["blank"] == to_rgb("0.45")  # as a control has it in all figures, and a recipe its own colour
    assert named["paper"] == to_rgb(style.COLOURS[3])
    assert named["untrained-by-name"] == to_rgb(style.COLOURS[2])


@pytest.mark.parametrize(("machines", "layers"), [({}, 1), ({"a": 2}, 3)])
def test_spectra_of_a_small_study(machines, layers):
    given = [layer_file(*each, n) for each in sources(machines, ["average"]) for n in range(1, layers + 1)]
    given[0]["eigenvalue"][-1] = 0.0  # a hidden unit that is the sum of others
    figure, _ = covariance.draw(given)
    render(figure, layout=not machines)
