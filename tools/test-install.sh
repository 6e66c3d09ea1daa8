#!/bin/sh
# test-install.sh DIRECTORY: builds libcsocket without Python, installs it under DIRECTORY and
# builds the C examples against what was installed.
set -eu

directory=$1
prefix=$directory/prefix
examples=$directory/examples

rm -rf "$directory"
mkdir -p "$examples"
meson setup --prefix "$prefix" --libdir lib -Dpython=disabled -Dtests=false "$directory/build" \
	>"$directory/meson.log" || { cat "$directory/meson.log"; exit 1; }
ninja --quiet -C "$directory/build"
meson install --no-rebuild --quiet -C "$directory/build"
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig"

foreign=$(nm -D --defined-only "$prefix/lib/libcsocket.so" | grep -v ' csock_' || true)
if [ -n "$foreign" ]; then
	echo "libcsocket.so exports what is not its interface: $foreign" >&2
	exit 1
fi

dynamic=$(readelf --wide --dynamic "$prefix/lib/libcsocket.so")
case $dynamic in
*STATIC_TLS*)
	echo "libcsocket.so takes static thread memory" >&2
	exit 1
	;;
*BIND_NOW*) ;;
*)
	echo "libcsocket.so is not linked with -z now" >&2
	exit 1
	;;
esac

# shellcheck disable=SC2046 # pkg-config answers with several arguments
for source in examples/c/*.c; do
	name=$(basename "$source" .c)
	${CC:-cc} -Wall -Wextra -Werror -o "$examples/$name" "$source" \
		$(pkg-config --cflags --libs csocket)
	${CC:-cc} -Wall -Wextra -Werror -o "$examples/$name-static" "$source" \
		$(pkg-config --cflags csocket) "$prefix/lib/libcsocket.a" -pthread
	LD_LIBRARY_PATH=$prefix/lib ldd "$examples/$name" | grep "$prefix/lib/libcsocket.so.0"
done
