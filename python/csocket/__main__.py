"""The command line: ``python -m csocket``."""

import argparse
import sys

import csocket


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m csocket",
        usage="%(prog)s [--no-children] (program | -m module | -c code) [argument ...]\n"
        "       %(prog)s --info | --version | --help",
        description="Runs a Python program with csocket in the place of socket.",
    )
    parser.add_argument("program", nargs="?", help="a file, or - for standard input")
    parser.add_argument("-m", metavar="module", help="run a module, as python -m does")
    parser.add_argument("-c", metavar="code", help="run code, as python -c does")
    parser.add_argument(
        "--children",
        action=argparse.BooleanOptionalAction,
        help="let the Python processes that the program starts use csocket too, or not. They do by"
        " default, except under -E or -I: csocket reaches them through the environment",
    )
    parser.add_argument(
        "--info",
        action="store_true",
        help="show each protocol: whether this build and this kernel have it, the form of"
        " its addresses, and what it takes to get it",
    )
    parser.add_argument("--version", action="version", version=f"csocket {csocket.__version__}")
    return parser


def split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Split into csocket's own options, and the program with its arguments."""
    for index, argument in enumerate(arguments):
        if argument == "-" or argument[:1] != "-" or argument[:2] in ("-m", "-c"):
            return arguments[:index], arguments[index:]
    return arguments, []


def run(command: list[str]) -> None:
    from csocket import _run

    way, rest = command[0][:2], command[1:]
    if way not in ("-m", "-c"):
        _run.run_program(command[0], rest)
        return
    what = command[0][2:] or rest.pop(0)
    if way == "-m":
        _run.run_module(what, rest)
    else:
        _run.run_code(what, rest)


def main() -> None:
    parser = make_parser()
    own, command = split(sys.argv[1:])
    options = parser.parse_args(own)
    if options.info:
        from csocket._info import print_info

        print_info()
        return
    if command in ([], ["-m"], ["-c"]):
        parser.error("a program, -m and a module, or -c and code, is needed")
    if options.children and sys.flags.ignore_environment:
        parser.error("--children needs the environment, which -E and -I have Python ignore")
    csocket.install()
    if options.children is not False and not sys.flags.ignore_environment:
        from csocket._children import reach

        reach()
    run(command)


if __name__ == "__main__":
    main()
