#!/bin/sh
# free-threaded.sh: prints the path of a CPython 3.13 without a GIL. If there is none, it builds one from the
# source of Debian's python3.13 in a few minutes, because Debian has no package of it.
# Exit status: 75 if it cannot.
set -eu

tools=$(cd "$(dirname "$0")" && pwd)
prefix=${XDG_CACHE_HOME:-$HOME/.cache}/cpython-without-gil

# Prints the end of a step's output if it fails.
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
	# Debian 13 has the source. The root has its key, whatever this machine is.
	# shellcheck disable=SC2016 # expanded inside
	step "$tools/debian.sh" sid sh -c 'sed "s/^deb \(.*\) sid /deb-src \1 trixie /" /etc/apt/sources.list >source.list
		mkdir -p lists/partial
		set -- -o Dir::Etc::SourceList="$PWD/source.list" -o Dir::State::Lists="$PWD/lists" \
			-o Dir::Cache="$PWD" -o APT::Sandbox::User=root
		apt-get "$@" update && apt-get "$@" source --download-only --only-source python3.13'
	step env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -qq \
		--no-install-recommends gcc libc6-dev make xz-utils libssl-dev libffi-dev zlib1g-dev
	step tar xf python3.13_*.orig.tar.xz --strip-components=1
	# A fast build matters more than a fast interpreter.
	step ./configure --disable-gil --prefix="$prefix" OPT="-DNDEBUG -O1"
	step make -j "$(nproc)"
	step make install
	touch "$prefix/.ready"
}

[ -e "$prefix/.ready" ] || build
echo "$prefix/bin/python3.13t"
