#!/bin/sh
# lint.sh DIRECTORY PYTHON: the format and lint checks, with builds of their own in DIRECTORY.
# All of them run; the exit status tells whether one failed.
# shellcheck disable=SC2317 # the checks are called through check()
set -eu

directory=$1
python=$2
failed=0

check() {
	title=$1
	tool=$2
	shift 2
	if ! command -v "$tool" >/dev/null; then
		echo "lint: $title: left out, $tool is not installed"
	elif "$@"; then
		echo "lint: $title: clean"
	else
		echo "lint: $title: FAILED"
		failed=1
	fi
}

check_format() {
	find include src python tests examples fuzz bench -name '*.[ch]' -print0 |
		xargs -0 clang-format --dry-run -Werror
}

# Everything there is, without a warning.
compile_with() {
	build=$directory/$1
	mkdir -p "$directory"
	{
		[ -e "$build/build.ninja" ] || CC=$1 meson setup -Dwerror=true -Dpython=enabled \
			"-Dpython_interpreter=$python" "$build"
		ninja -C "$build"
	} >"$build.log" 2>&1 || {
		cat "$build.log"
		return 1
	}
}

# On stderr it only counts the warnings that it does not show.
check_tidy() {
	find src python/src -name '*.c' -print0 |
		xargs -0 -n 1 -P "$(nproc)" clang-tidy --quiet -p "$directory/clang" 2>/dev/null
}

check_cppcheck() {
	cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
		--error-exitcode=1 -Iinclude -Isrc -Ipython/src -DPy_BEGIN_ALLOW_THREADS= -DPy_END_ALLOW_THREADS= \
		'-DPy_RETURN_NONE=return Py_None' '-DPy_RETURN_FALSE=return Py_False' \
		'-DPy_RETURN_TRUE=return Py_True' '-DPy_UNREACHABLE()=abort()' src python/src
}

check_sizes() {
	find include src python tests tools examples fuzz bench -type f \( -name '*.[ch]' -o -name '*.py' \) -exec wc -l {} + |
		awk '$2 != "total" && $1 > ($2 ~ /^(src|python.src)/ ? 400 : 600) { print $2 ": " $1 " lines"; long = 1 }
			END { exit long }'
}

check_shell() {
	shellcheck tools/*.sh .ci/run tests/vm/init tests/vm/guest
}

check "clang-format" clang-format check_format
check "compile with gcc" gcc compile_with gcc
check "compile with clang" clang compile_with clang
check "clang-tidy" clang-tidy check_tidy
check "cppcheck" cppcheck check_cppcheck
check "files under 400 lines, or 600 outside src and python/src" awk check_sizes
check "shellcheck" shellcheck check_shell
exit "$failed"
