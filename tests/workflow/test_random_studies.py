"""Whatever the check accepts runs to its report: studies drawn at random from all that a configuration may say."""

import pytest
import yaml
from random_studies import draw, merged


def run(project, folder, raw):
    """Run the study `raw`; its report must be there."""
    config = project.config(yaml.safe_dump(raw), "random")
    done = project.run(folder, config=config)
    assert done.returncode == 0, f"{config.read_text()}\n{done.stdout[-5000:]}"
    assert (folder / "results" / "random" / "report.html").exists()


def test_machines_of_random_studies_run_to_their_report(project, tmp_path):
    run(project, tmp_path, merged([draw(seed, sections=("machines",), most=1) for seed in range(5)]))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40))
def test_a_random_study_runs_to_its_report(project, tmp_path, seed):
    run(project, tmp_path, draw(seed))
