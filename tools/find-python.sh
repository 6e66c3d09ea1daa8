#!/bin/sh
# find-python.sh NAME: the path of the CPython, 3.11 or newer, that NAME stands for: a path, a
# command, or a python3.N that pyenv has without having selected it. Fails where there is none.
set -eu

answer() {
	"$1" -c 'import sys; sys.exit(1) if sys.version_info < (3, 11) else print(sys.executable)' \
		2>/dev/null
}

newest_of_pyenv() {
	command -v pyenv >/dev/null || return 1
	find "$(pyenv root)/versions" -path "*/versions/${1#python}.*[0-9]/bin/$1" 2>/dev/null |
		sort -V | tail -n 1
}

if path=$(answer "$1"); then
	echo "$path"
	exit
fi
case $1 in
python3.*)
	path=$(newest_of_pyenv "$1") && [ -n "$path" ] && answer "$path" && exit
	;;
esac
echo "csocket needs CPython 3.11 or newer; no such interpreter: $1" >&2
exit 1
