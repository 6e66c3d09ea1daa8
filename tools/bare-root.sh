#!/bin/sh
# bare-root.sh RELEASE COMMAND [ARGUMENT..]: runs a command, such as make test, in a copy of this checkout
# inside a bare Debian (bookworm, trixie) that has make and nothing else. Afterwards the copy is thrown away.
# $BARE_ROOTS (by default /var/tmp/csocket-bare) keeps the installed release. Needs root and debootstrap.
# Exit status: that of the command; 75 if this machine cannot make the root.
set -eu

release=$1
shift
roots=${BARE_ROOTS:-/var/tmp/csocket-bare}
checkout=$(cd "$(dirname "$0")/.." && pwd)

give_up() {
	echo "bare-root.sh: $*" >&2
	exit 75
}

make_release() {
	[ -e "$roots/$release/.ready" ] && return
	command -v debootstrap >/dev/null || give_up "there is no debootstrap"
	# The archive that this machine's own packages come from.
	# shellcheck disable=SC2016 # apt-get's own variable
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
	rm -rf "${roots:?}/$release"
	mkdir -p "$roots"
	debootstrap --variant=minbase --include=make "$release" "$roots/$release" "$mirror" \
		>"$roots/$release.log" 2>&1 || { tail -n 3 "$roots/$release.log" >&2; give_up "no $release"; }
	touch "$roots/$release/.ready"
}

# Copies the settings of the network, and keeps services from starting.
furnish() {
	for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
		[ ! -e "$file" ] || install -D -m 644 "$file" "$1$file"
	done
	printf '#!/bin/sh\nexit 101\n' | install -m 755 /dev/stdin "$1/usr/sbin/policy-rc.d"
	echo 'Acquire::Check-Valid-Until "false";' >"$1/etc/apt/apt.conf.d/90bare-root"
	mkdir "$1/csocket"
	(cd "$checkout" && git ls-files -z -co --exclude-standard | tar c --null -T -) | tar x -C "$1/csocket"
}

[ "$(id -u)" = 0 ] || give_up "needs root"
scratch=${BARE_ROOT_SCRATCH-}
if [ -z "$scratch" ]; then
	make_release
	scratch=$(mktemp -d -p "$roots")
	trap 'rm -rf "$scratch"' EXIT
	BARE_ROOT_SCRATCH=$scratch unshare --mount "$0" "$release" "$@"
	exit
fi
# Now in a separate mount namespace. The overlay writes beside the release.
root=$scratch/root
mkdir "$root" "$scratch/upper" "$scratch/work"
mount -t overlay -o "lowerdir=$roots/$release,upperdir=$scratch/upper,workdir=$scratch/work" bare "$root"
for kind in proc sys dev; do mount --rbind "/$kind" "$root/$kind"; done
furnish "$root"
chroot "$root" env -i HOME=/root TERM=dumb LANG=C.UTF-8 \
	PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
	sh -c 'cd /csocket && exec "$@"' sh "$@"
