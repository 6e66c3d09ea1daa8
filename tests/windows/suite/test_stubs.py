"""The type stubs against the module, as mypy.stubtest sees both on Windows."""

import subprocess
import sys
from pathlib import Path

ALLOWED = Path(__file__).parents[2] / "typing" / "stubtest-allowlist.txt"
# The folder of the interpreter has a sitecustomize. It has no types.
CONFIG = "[mypy]\n[mypy-sitecustomize]\nignore_missing_imports = true\n"
# This is no stub, and imports names that mypy knows in another form.
ALSO_ALLOWED = "csocket\\._rebind\\..*\n"


def test_stubs_are_those_of_the_module(tmp_path):
    config, more = tmp_path / "mypy.ini", tmp_path / "allowed.txt"
    config.write_text(CONFIG)
    more.write_text(ALSO_ALLOWED)
    options = ["--mypy-config-file", config, "--ignore-unused-allowlist"]
    options += ["--allowlist", ALLOWED, "--allowlist", more, "csocket"]
    result = subprocess.run(
        [sys.executable, "-m", "mypy.stubtest", *options],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=250,
        check=False,
    )
    assert result.returncode == 0, result.stdout
