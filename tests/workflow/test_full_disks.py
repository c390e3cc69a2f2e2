"""A disk that fills at one place after another: nothing half-written is taken for whole; with room, a run goes on."""

import json
import re
import subprocess
import sys

import pytest
import test_kills
from test_kills import undisturbed  # noqa: F401  (a fixture)

# In a namespace of its own any user may mount a small disk, which grows from run to run.
GROWING = """
import json, subprocess, sys
from pathlib import Path

folder, first, *command = sys.argv[1:]
size = int(first)
said = []
subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}k", "none", folder], check=True)
while size < 1000:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said.append((size, done.returncode, done.stdout))
    if done.returncode == 0:
        break
    size = size * 13 // 10 + 1
    subprocess.run(["mount", "-o", f"remount,size={size}k", folder], check=True)
results = Path(folder, "results")
files = {str(path.relative_to(results)): path.read_bytes().hex() for path in results.rglob("*") if path.is_file()}
print(json.dumps([said, files]))
"""
REASONS = r"No space left on device|the disk is full"


@pytest.mark.long
@pytest.mark.parametrize("first", [8, 9])  # kB of the smallest disk
def test_a_study_goes_on_when_there_is_room(project, undisturbed, tmp_path, first, row):  # noqa: F811
    if subprocess.run(["unshare", "-rm", "true"], check=False).returncode:
        pytest.skip("no user may mount anything here")
    config, expected = undisturbed[0]
    (tmp_path / "disk").mkdir()
    command = project.command(tmp_path / "disk", *test_kills.TARGETS, config=config)
    done = subprocess.run(
        ["unshare", "-rm", sys.executable, "-c", GROWING, str(tmp_path / "disk"), str(first), *command],
        env=project.environment, cwd=project.root, stdout=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    runs, files = json.loads(done.stdout)
    assert len(runs) > 8
    full = [said for _, code, said in runs if code]
    assert [said[-3000:] for said in full if not re.search(REASONS, said)] == []
    found = {name: bytes.fromhex(content) for name, content in files.items() if "/." not in name}
    assert {name: content for name, content in found.items() if name.endswith((".nc", ".csv"))} == expected
    assert not [name for name in files if ".part" in name]
    row(f"a disk that is full {len(full)} times, each time later", "the same bytes once there is room")
