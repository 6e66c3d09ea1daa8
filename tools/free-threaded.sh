#!/bin/sh
# free-threaded.sh: prints the path of a CPython 3.13 without a GIL, which it makes if there is none.
# No Debian has a package of it: it is built from the source of Debian's python3.13, in some minutes.
# Exit status: 75 where that cannot be had.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
prefix=${XDG_CACHE_HOME:-$HOME/.cache}/cpython-without-gil

# Prints the end of what a step said if it fails.
step() {
	"$@" >"$work/log" 2>&1 </dev/null || {
		printf 'free-threaded.sh: failed: %s\n%s\n' "$*" "$(tail -n 5 "$work/log")" >&2
		exit 75
	}
}

build() {
	work=$(mktemp -d)
	trap 'rm -rf "$work"' EXIT
	cd "$work"
	# Debian 13 has the source. That it comes by way of a root keeps this machine's package lists as they are.
	# shellcheck disable=SC2016 # expanded inside
	step "$tools/debian.sh" sid sh -c 'sed "s/^deb \(.*\) sid /deb-src \1 trixie /" /etc/apt/sources.list >source.list
		set -- -o Dir::Etc::SourceList="$PWD/source.list" -o APT::Sandbox::User=root
		apt-get "$@" update && apt-get "$@" source --download-only --only-source python3.13'
	step env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -qq \
		--no-install-recommends gcc libc6-dev make xz-utils libssl-dev libffi-dev zlib1g-dev
	step tar xf python3.13_*.orig.tar.xz --strip-components=1
	# The tests need it soon rather than fast.
	step ./configure --disable-gil --prefix="$prefix" OPT="-DNDEBUG -O1"
	step make -j "$(nproc)"
	step make install
	touch "$prefix/.ready"
}

[ -e "$prefix/.ready" ] || build
echo "$prefix/bin/python3.13t"
