#!/bin/sh
# setup.sh VENV [SUITE..]: makes the virtual environment VENV with what builds csocket, or finds it made.
# It also installs Debian's packages that the suites need. If it cannot, it says so and goes on.
#
# PYTHON is the interpreter, a name or a path; by default python3. Python packages come from PyPI, or from
# Debian if pip cannot reach PyPI. Root gets missing packages of Debian; other users are told their names.
set -eu

venv=$1
shift
missing=

works() {
	"$@" >/dev/null 2>&1
}

# Installs the packages in $missing, because of $1. If it cannot, it prints the command that does.
install() {
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" != 0 ] || ! works command -v apt-get; then
		printf 'setup: %s. On Debian or Ubuntu:\n  sudo apt-get install%s\n' "$1" "$missing" >&2
		return 1
	fi
	echo "setup: $1: apt-get install$missing"
	# An old package list may do.
	works apt-get update -qq || true
	# shellcheck disable=SC2086 # a list of names
	DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -qq --no-install-recommends \
		$missing >/dev/null </dev/null && missing=
}

find_python() {
	for name in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
		works "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' && command -v "$name" && return
	done
	return 1
}

version_of() {
	"$1" -c 'import sys; print("python%d.%d" % sys.version_info[:2])' 2>/dev/null || basename "${PYTHON:-python3}"
}

# A C compiler, and an interpreter with its headers and venv.
need_build_tools() {
	# shellcheck disable=SC2086 # CC may bring arguments
	echo '#include <stdio.h>' | works ${CC:-cc} -E - || missing="$missing gcc libc6-dev"
	python=$(find_python) || missing="$missing $(version_of "")"
	works "$python" -c 'import ensurepip, os, sysconfig, venv
os.stat(sysconfig.get_path("include") + "/Python.h")' ||
		missing="$missing $(version_of "$python")-dev $(version_of "$python")-venv"
}

# Adds to $missing the packages that this Debian does not have.
want() {
	works dpkg-query --version || return 0
	for package; do
		status=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) || true
		case "$missing $status" in *" $package "* | *" installed") continue ;; esac
		missing="$missing $package"
	done
}

want_for_suites() {
	for suite; do
		case $suite-$python in
		c-*) want pkg-config libcmocka-dev ;;
		python-*) want netbase ;;
		machines-*) want pkg-config kmod qemu-system-arm qemu-system-misc qemu-system-x86 ;;
		windows-*) want pkg-config wine wine64 gcc-mingw-w64-x86-64 ;;
		vm-*) want qemu-system-x86 busybox-static kmod iproute2 ;;
		esac
		case $suite-$python in *conformance*-/usr/bin/*) want "lib$(version_of "$python")-testsuite" ;; esac
	done
}

from_pypi() {
	rm -rf "$venv" && mkdir -p "$venv" && : >"$venv/pip.log" && "$python" -m venv "$venv" &&
		"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
			--timeout 5 --retries 2 meson ninja nox pytest >"$venv/pip.log" 2>&1
}

# Debian's Python packages serve only its own interpreter.
from_debian() {
	echo "setup: no packages from PyPI ($(grep -i error "$venv/pip.log" | tail -n 1)): Debian's are used (until make clean)"
	case ${PYTHON:-/usr/bin/python3} in
	/usr/bin/python3) PYTHON=/usr/bin/python3 ;;
	*) echo "setup: without PyPI only PYTHON=/usr/bin/python3 works" >&2 && return 1 ;;
	esac
	need_build_tools
	want meson ninja-build nox python3-pytest
	install "Debian's packages are missing" &&
		/usr/bin/python3 -m venv --clear --system-site-packages --without-pip "$venv" && : >"$venv/pip.log"
}

make_venv() {
	if [ -e "$venv" ] && [ ! -e "$venv/pip.log" ]; then
		echo "setup: $venv was not made by setup.sh, and is not touched: remove it, or set another VENV" >&2
		return 1
	fi
	need_build_tools
	# Tell a user all packages at once.
	[ -z "$missing" ] || [ "$(id -u)" = 0 ] || want_for_suites c python conformance
	install "csocket needs CPython 3.11 or newer with headers and venv, and a C compiler" || return 1
	python=$(find_python) || {
		echo "setup: csocket needs CPython 3.11 or newer, and finds no such ${PYTHON:-python3}" >&2
		return 1
	}
	echo "setup: making $venv with $("$python" -V) ($python)"
	from_pypi || from_debian
}

works "$venv/bin/python" -c 'import mesonbuild.mesonmain, nox, pytest' || make_venv
python=$(readlink -f "$venv/bin/python")
want_for_suites "$@"
install "some tests are left out" || true
