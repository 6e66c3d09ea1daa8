#!/bin/sh
# free-threaded.sh: prints the path of a CPython 3.13 without a GIL, which it makes if there is none.
# Debian has no package of it: it is built from the source of Debian's python3.13, in some minutes.
# Exit status: 75 where that cannot be had.
set -eu

prefix=${XDG_CACHE_HOME:-$HOME/.cache}/cpython-without-gil
python=$prefix/bin/python3.13t

give_up() {
	echo "free-threaded.sh: $*" >&2
	exit 75
}

# Prints the end of what a step has said only if it fails.
step() {
	"$@" >"$work/log" 2>&1 </dev/null || { tail -n 5 "$work/log" >&2; give_up "failed: $*"; }
}

# Debian 13 has the source, whatever release this machine has. Its lists are kept apart from the system's.
fetch() {
	# shellcheck disable=SC2016 # apt-get's own variable
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
	mkdir -p "$work/lists/partial" "$work/cache"
	echo "deb-src [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror trixie main" \
		>"$work/sources.list"
	set -- -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=- \
		-o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
		-o Acquire::Check-Valid-Until=false -o APT::Sandbox::User=root
	step apt-get "$@" update
	cd "$work"
	step apt-get "$@" source --download-only --only-source python3.13
	step tar xf python3.13_*.orig.tar.xz --one-top-level=source --strip-components=1
}

build() {
	cd "$work/source"
	# The tests need it soon rather than fast.
	step ./configure --disable-gil --prefix="$prefix" OPT="-DNDEBUG -O1"
	step make -j "$(nproc)"
	step make install
	touch "$prefix/.ready"
}

if [ -e "$prefix/.ready" ]; then
	echo "$python"
	exit
fi
{ [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; } || give_up "needs root, and Debian's packages"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DEBIAN_FRONTEND=noninteractive
step apt-get install -y -qq --no-install-recommends \
	gcc libc6-dev make xz-utils libssl-dev libffi-dev zlib1g-dev
fetch
build
echo "$python"
