#!/bin/sh
# test-wheel.sh PYTHON DIRECTORY: pip installs the project into a fresh environment, which must
# then hold the package with its stubs, and nothing of the C library.
set -eu

python=$1
directory=$2

rm -rf "$directory"
"$python" -m venv "$directory/venv"
"$directory/venv/bin/python" -m pip install --quiet --disable-pip-version-check .
cd "$directory"
venv/bin/python - <<'EOF'
import importlib.metadata
import csocket

left, right = csocket.socketpair()
with left, right:
    left.sendall(b"hello")
    assert right.recv(5) == b"hello"

files = {str(path) for path in importlib.metadata.files("csocket")}
for name in "__init__.py", "__init__.pyi", "py.typed":
    assert "csocket/" + name in files, name
assert any(name.startswith("csocket/_csocket.") for name in files)
unwanted = {name for name in files if "libcsocket" in name or name.endswith((".h", ".pc", ".a"))}
assert not unwanted, unwanted
print("csocket", importlib.metadata.version("csocket"), "installed by pip:", len(files), "files")
EOF
