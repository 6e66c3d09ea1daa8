#!/bin/sh
# setup.sh VENV [test|typing|programs|vm]: makes VENV with all that the build needs, or finds it made.
# It also sees to what only the tests need, the type checkers, the real programs, or the virtual machine.
# Where "test" and "vm" cannot be had it goes on; where the others cannot it says why, and fails.
#
# PYTHON is the interpreter, a name or a path. Without it a VENV that stands keeps its own, and a
# new one gets python3. Packages come from PyPI where pip reaches it, otherwise from Debian, which
# only root can install: everybody else is told the names.
set -eu

venv=$1
purpose=${2-build}
tools=$(dirname "$0")
ready=$venv/.csocket-ready
python=
missing=

say() {
	echo "setup: $*"
}

works() {
	"$@" >/dev/null 2>&1
}

need() {
	for package; do
		case " $missing " in
		*" $package "*) ;;
		*) missing="${missing:+$missing }$package" ;;
		esac
	done
}

as_root() {
	[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null
}

# Installs what is missing, or fails.
install_missing() {
	[ -n "$missing" ] || return 0
	as_root || return 1
	say "apt-get install $missing"
	log=$(mktemp)
	# A package list that cannot be renewed may still know the packages.
	apt-get update -qq >"$log" 2>&1 || true
	# shellcheck disable=SC2086 # a list of names
	if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing \
		>>"$log" 2>&1 </dev/null; then
		rm -f "$log"
		missing=
	else
		tail -n 3 "$log" >&2
		rm -f "$log"
		return 1
	fi
}

stop_for_missing() {
	echo "setup: something is missing. On Debian or Ubuntu this installs it:" >&2
	echo "  sudo apt-get install $missing" >&2
	exit 1
}

need_compiler() {
	# shellcheck disable=SC2086 # CC may bring arguments
	echo '#include <stdio.h>' | works ${CC:-cc} -E - || need gcc libc6-dev
}

# The packages of a /usr/bin/python3.N bear its name, those of the default one do not.
package_prefix() {
	if [ "$(readlink -f "$1")" = "$(readlink -f /usr/bin/python3)" ]; then
		echo python3
	else
		basename "$1"
	fi
}

choose_python() {
	if python=$("$tools/find-python.sh" "${1:-python3}" 2>/dev/null); then
		return
	fi
	# Ubuntu 22.04 has a python3 that is too old, and a newer one beside it.
	for name in python3.14 python3.13 python3.12 python3.11; do
		[ -z "$1" ] && python=$("$tools/find-python.sh" "$name" 2>/dev/null) && return
	done
	python=
	if [ -z "$1" ]; then
		if works python3 -V; then name=python3.11; else name=python3; fi
		need "$name" "$name-dev" "$name-venv"
	else
		"$tools/find-python.sh" "$1"
	fi
}

need_python_parts() {
	[ -n "$python" ] || return 0
	prefix=$(package_prefix "$python")
	works "$python" -c 'import ensurepip, venv' || need "$prefix-venv"
	works "$python" -c '
import os, sys, sysconfig
sys.exit(not os.path.exists(os.path.join(sysconfig.get_path("include"), "Python.h")))
' || need "$prefix-dev"
}

# Before 1.3 meson needs distutils, which CPython lost in 3.12.
is_known_to_meson() {
	works "$python" -c 'import distutils' ||
		printf '%s\n' 1.3 "$(meson --version)" | sort -C -V
}

need_debian_tools() {
	works meson --version || need meson
	works ninja --version || need ninja-build
	case $python in
	'' | /usr/bin/*) works "${python:-python3}" -c 'import pytest' || need python3-pytest ;;
	esac
}

has_cmocka() {
	works pkg-config --exists cmocka
}

# CPython's own tests, which are a separate package in Debian, and the names of services.
need_test_parts() {
	has_cmocka || need pkg-config libcmocka-dev
	[ -e /etc/services ] || need netbase
	case $python in
	/usr/bin/*)
		works "$python" -c '
import importlib.util, sys
sys.exit(importlib.util.find_spec("test.test_socket") is None)
' || need "libpython$(version_of "$python" | cut -d. -f1,2)-testsuite"
		;;
	esac
}

has_program() {
	PATH=$PATH:/usr/sbin:/sbin works command -v "$1"
}

need_vm_parts() {
	[ "$(uname -m)" = x86_64 ] || return 0
	has_program qemu-system-x86_64 || need qemu-system-x86
	# The one of this package is a static program, which others need not be.
	[ -e /usr/share/doc/busybox-static ] || need busybox-static
	has_program depmod || need kmod
	has_program ip || need iproute2
}

# The packages that tests/NAME/requirements.txt names, into the virtual environment.
need_packages() {
	log=$venv/pip-$1.log
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --timeout 5 \
		--retries 1 -r "$tools/../tests/$1/requirements.txt" >"$log" 2>&1 && return
	echo "no packages for tests/$1 ($(tail -n 1 "$log"))"
	return 1
}

version_of() {
	"$1" -c 'import platform; print(platform.python_version())'
}

identity_of() {
	echo "$1 $(version_of "$1")"
}

is_ready() {
	[ -e "$ready" ] && works "$venv/bin/python" -c '' || return 1
	[ -z "${PYTHON-}" ] && return 0
	wanted=$("$tools/find-python.sh" "$PYTHON" 2>/dev/null) &&
		 [ "$(cat "$ready")" = "$(identity_of "$wanted")" ]
}

remove_venv() {
	[ -e "$venv" ] || return 0
	if [ ! -e "$venv/pyvenv.cfg" ]; then
		echo "setup: $venv is there and is no virtual environment: not touched" >&2
		exit 1
	fi
	rm -rf "$venv"
}

venv_from_pypi() {
	"$python" -m venv "$venv" || return 1
	log=$venv/pip.log
	"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-input \
		--timeout 5 --retries 0 meson ninja pytest >"$log" 2>&1 && return
	say "no packages from PyPI ($(grep -i error "$log" | tail -n 1)): Debian's are used"
	return 1
}

venv_from_debian() {
	if [ -z "${PYTHON-}" ]; then
		choose_python /usr/bin/python3
		need_python_parts
	fi
	need_debian_tools
	install_missing || stop_for_missing
	if ! is_known_to_meson; then
		echo "setup: Debian's meson $(meson --version) is too old for $python;" \
			"without PyPI choose PYTHON=/usr/bin/python3" >&2
		exit 1
	fi
	remove_venv
	"$python" -m venv --system-site-packages --without-pip "$venv"
	for tool in meson ninja; do
		ln -s "$(command -v $tool)" "$venv/bin/$tool"
	done
}

set_up() {
	need_compiler
	choose_python "${PYTHON-}"
	need_python_parts
	if [ -n "$missing" ] && ! as_root; then
		# One line for all: nobody can ask PyPI yet.
		need_debian_tools
		need_test_parts
	fi
	install_missing || stop_for_missing
	[ -n "$python" ] || choose_python "${PYTHON-}"
	remove_venv
	say "making $venv for CPython $(version_of "$python") ($python)"
	venv_from_pypi || venv_from_debian
	identity_of "$python" >"$ready"
}

if is_ready; then
	python=$(cut -d ' ' -f 1 "$ready")
else
	set_up
fi
case $purpose in
test)
	need_test_parts
	install_missing || say "some tests are left out without: sudo apt-get install $missing"
	;;
typing | programs)
	need_packages "$purpose"
	;;
vm)
	need_vm_parts
	install_missing || say "no virtual machine without: sudo apt-get install $missing"
	reason=$(need_packages vm) || say "$reason"
	;;
*)
	say "$venv has CPython $(cut -d ' ' -f 2 "$ready") ($python)"
	;;
esac
