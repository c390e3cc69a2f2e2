"""Reading a figure back: titles, labels and points of its panels; for the tests of this folder."""

import numpy as np


def titles(figure):
    """Titles of the panels that are shown."""
    return [axis.get_title() for axis in figure.axes if axis.axison and axis.get_title()]


def panel(figure, title):
    """The panel with a title, whatever its line breaks."""
    return next(axis for axis in figure.axes if axis.get_title().replace("\n", "_") == title)


def labels(legend):
    """The texts of a legend."""
    return [text.get_text() for text in legend.get_texts()]


def points(axis, markers):
    """The points of an axis that are drawn with any of `markers`, [points, 2]."""
    found = [line.get_xydata() for line in axis.lines if line.get_marker() in tuple(markers)]
    return np.concatenate([np.empty((0, 2)), *found])


def has(found, x, y):
    """Whether (x, y) is one of the points `found` [points, 2]."""
    return bool((np.isclose(found[:, 0], x) & np.isclose(found[:, 1], y)).any())


def render(figure, layout=True):
    """Draw all that is in a figure; most of the time goes into the layout, which one figure of a kind needs."""
    if not layout:
        figure.set_layout_engine("none")
    figure.draw_without_rendering()
