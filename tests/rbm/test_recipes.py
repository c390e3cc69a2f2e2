"""Recipes: their numbers, and one vocabulary for names and options that are wrong."""

import dataclasses

import numpy as np
import pytest

from rbmrg import rbm
from rbmrg.rbm import recipes

SPINS = np.random.default_rng(0).choice(np.array([-1, 1], np.int8), (60, 4, 4))
NAMES = ", ".join(rbm.RECIPES)
OPTIONS = ", ".join(field.name for field in dataclasses.fields(rbm.Recipe))


def test_the_recipe_called_paper_is_the_papers():
    assert dataclasses.asdict(rbm.RECIPES["paper"]) == {
        "method": "pcd",
        "steps": 10_000,
        "batch": 100,
        "chains": 1,
        "gibbs_steps": 1,
        "learning_rate": 1e-3,
        "decay_from": 1.0,
        "epsilon": 1e-2,
        "initial_scale": 0.05,
        "tanh_means": False,
        "zero_biases": False,
        "flips": False,
        "averaging": 0.0,
        "l1": 0.0,
        "filters": 0,
        "size": 4,
    }


WRONG_RECIPES = [
    ("papre", f"recipe = 'papre': must be one of {NAMES}; did you mean paper?"),
    ("zzz", f"recipe = 'zzz': must be one of {NAMES}"),
    (None, f"recipe = None: must be one of {NAMES}"),
    (["paper"], f"recipe = ['paper']: must be one of {NAMES}; did you mean paper?"),
]
WRONG_OPTIONS = [
    ({"learning_rat": 1}, f"learning_rat: unknown option; allowed: {OPTIONS}; did you mean learning_rate?"),
    ({"gibbs": 1}, f"gibbs: unknown option; allowed: {OPTIONS}; did you mean gibbs_steps?"),
    ({"zzz": 1}, f"zzz: unknown option; allowed: {OPTIONS}"),
    ({"method": "nce"}, "method = 'nce': must be one of pcd, cd"),
    ({"method": 3}, "method = 3: must be one of pcd, cd"),
    ({"steps": "many"}, "steps = 'many': must be an integer ≥ 0 and ≤ 100 000 000"),
    ({"steps": -1}, "steps = -1: must be an integer ≥ 0 and ≤ 100 000 000"),
    ({"batch": 0}, "batch = 0: must be an integer ≥ 1 and ≤ 1 000 000"),
    ({"chains": 0}, "chains = 0: must be an integer ≥ 1 and ≤ 1 000 000"),
    ({"gibbs_steps": 0}, "gibbs_steps = 0: must be an integer ≥ 1 and ≤ 100 000"),
    ({"learning_rate": 0}, "learning_rate = 0: must be a number ≥ 1e-12 and ≤ 1000"),
    ({"learning_rate": np.nan}, "learning_rate = nan: must be a number ≥ 1e-12 and ≤ 1000"),
    ({"learning_rate": np.inf}, "learning_rate = inf: must be a number ≥ 1e-12 and ≤ 1000"),
    ({"epsilon": -1}, "epsilon = -1: must be a number ≥ 1e-12 and ≤ 1000"),
    ({"decay_from": 1.5}, "decay_from = 1.5: must be a number from 0 to 1"),
    ({"decay_from": True}, "decay_from = True: must be a number from 0 to 1"),
    ({"initial_scale": -0.1}, "initial_scale = -0.1: must be a number ≥ 0 and ≤ 1000"),
    ({"l1": -1}, "l1 = -1: must be a number ≥ 0 and ≤ 1000"),
    ({"l1": np.inf}, "l1 = inf: must be a number ≥ 0 and ≤ 1000"),
    ({"averaging": 30}, "averaging = 30: must be a number from 0 to 1"),
    ({"steps": 2.5}, "steps = 2.5: must be an integer ≥ 0 and ≤ 100 000 000"),
    ({"steps": np.inf}, "steps = inf: must be an integer ≥ 0 and ≤ 100 000 000"),
    ({"batch": 100.0}, "batch = 100.0: must be an integer ≥ 1 and ≤ 1 000 000"),
    ({"steps": True}, "steps = True: must be an integer ≥ 0 and ≤ 100 000 000"),
    ({"filters": -1}, "filters = -1: must be an integer ≥ 0 and ≤ 1024"),
    ({"size": 0}, "size = 0: must be an integer ≥ 1 and ≤ 1024"),
    ({"learning_rate": 1e300}, "learning_rate = 1e+300: must be a number ≥ 1e-12 and ≤ 1000"),
    ({"learning_rate": 10**400}, f"learning_rate = 1{'0' * 99} …: must be a number ≥ 1e-12 and ≤ 1000"),
    ({"epsilon": 1e-300}, "epsilon = 1e-300: must be a number ≥ 1e-12 and ≤ 1000"),
    ({"steps": 16**5000}, "steps = a number of thousands of digits: must be an integer ≥ 0 and ≤ 100 000 000"),
    ({"method": "x" * 1000}, f"method = '{'x' * 99} …: must be one of pcd, cd"),
    ({"learning_rate": "1e-3"}, "learning_rate = '1e-3': must be a number ≥ 1e-12 and ≤ 1000"),
    ({"flips": 1}, "flips = 1: must be true or false"),
    (
        {"batch": None, "flips": "no"},
        "batch = None: must be an integer ≥ 1 and ≤ 1 000 000; flips = 'no': must be true or false",
    ),
]


@pytest.mark.parametrize(
    ("recipe", "options", "message"),
    [(recipe, {}, message) for recipe, message in WRONG_RECIPES]
    + [("paper", options, message) for options, message in WRONG_OPTIONS]
    + [
        (
            "x",
            {"steps": -1},
            f"recipe = 'x': must be one of {NAMES}; steps = -1: must be an integer ≥ 0 and ≤ 100 000 000",
        )
    ],
)
def test_wrong_recipes_and_options_are_refused(recipe, options, message):
    """All problems in one message, whether a recipe is resolved or a machine trained."""
    for refused in (lambda: recipes.resolve(recipe, **options), lambda: rbm.train(SPINS, recipe, **options)):
        with pytest.raises(ValueError, match=r"must be|unknown option") as error:
            refused()
        assert str(error.value) == message


def test_a_recipe_of_ones_own_is_checked_too():
    own = rbm.Recipe(steps=-1, batch=5)
    with pytest.raises(ValueError, match=r"^steps = -1: must be an integer ≥ 0 and ≤ 100 000 000$"):
        recipes.resolve(own)
    assert recipes.resolve(own, steps=3) == rbm.Recipe(steps=3, batch=5)


def test_every_option_has_a_rule_that_its_default_obeys():
    assert list(recipes._ALLOWED) == [field.name for field in dataclasses.fields(rbm.Recipe)]
    for recipe in rbm.RECIPES.values():
        assert recipes.resolve(recipe) == recipe


@pytest.mark.parametrize(("options", "message"), WRONG_OPTIONS[:-1])
def test_problems_of_options_begin_with_their_key(options, message):
    assert recipes.problems("paper", options) == [f"options.{message}"]


@pytest.mark.parametrize(("recipe", "message"), WRONG_RECIPES)
def test_problems_name_an_unknown_recipe(recipe, message):
    assert recipes.problems(recipe, {}) == [message]


def test_problems_are_all_listed_with_the_names_that_are_known():
    known = [*rbm.RECIPES, "exact"]
    assert recipes.problems("exakt", {"steps": "many", "flips": True, "batch": 0}, known) == [
        f"recipe = 'exakt': must be one of {NAMES}, exact; did you mean exact?",
        "options.steps = 'many': must be an integer ≥ 0 and ≤ 100 000 000",
        "options.batch = 0: must be an integer ≥ 1 and ≤ 1 000 000",
    ]
    assert recipes.problems("best", {"steps": np.int64(3), "l1": 0, "size": 3}, known) == []
