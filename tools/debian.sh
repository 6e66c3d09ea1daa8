#!/bin/sh
# debian.sh RELEASE COMMAND [ARGUMENT..]: runs a command in this folder, with the root file system of another
# Debian: bookworm, trixie or sid. The first call makes that root; it has make and certificates, and keeps what
# commands install. $DEBIAN_ROOTS (/var/tmp/csocket-roots) holds the roots: with an empty folder the command
# gets a bare Debian. Only root can run this, on a Debian.
# Exit status: that of the command; 75 if the root cannot be made.
set -eu

release=$1
shift
roots=${DEBIAN_ROOTS:-/var/tmp/csocket-roots}
root=$roots/$release

give_up() {
	echo "debian.sh: $*" >&2
	exit 75
}

bootstrap() {
	command -v debootstrap >/dev/null || apt-get install -qq debootstrap >/dev/null || give_up "no debootstrap"
	# Use the archive of this machine's own packages.
	# shellcheck disable=SC2016 # apt-get's own variable
	mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | head -n 1)
	mkdir -p "$roots"
	rm -rf "$root.part"
	debootstrap --variant=minbase --include=make,ca-certificates "$release" "$root.part" "$mirror" >"$root.log" 2>&1 ||
		give_up "no $release: $(tail -n 1 "$root.log")"
	echo 'Acquire::Check-Valid-Until "false";' >"$root.part/etc/apt/apt.conf.d/90csocket"
	# No package starts a service.
	printf '#!/bin/sh\nexit 101\n' | install -m 755 /dev/stdin "$root.part/usr/sbin/policy-rc.d"
	mv "$root.part" "$root"
}

[ "$(id -u)" = 0 ] || give_up "needs root"
[ -e "$root" ] || bootstrap
for file in /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/ssl/certs/ca-certificates.crt; do
	[ ! -e "$file" ] || install -D -m 644 "$file" "$root$file"
done
mkdir -p "$root$PWD"
# shellcheck disable=SC2016 # expanded inside, where nothing stays mounted afterwards
exec unshare --mount sh -euc '
	mount --bind "$0" "$0" # "ip -netns" wants a root that is a mount point
	for folder in /proc /sys /dev "$PWD"; do mount --rbind "$folder" "$0$folder"; done
	exec chroot "$0" env -i HOME=/root TERM=dumb LANG=C.UTF-8 WERROR="${WERROR-}" \
		PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
		sh -c "cd \"\$0\" && exec \"\$@\"" "$PWD" "$@"' "$root" "$@"
