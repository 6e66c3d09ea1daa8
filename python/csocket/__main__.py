"""The command line: ``python -m csocket``."""

import argparse
import sys

import csocket


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m csocket",
        usage="%(prog)s [--children] (program | -m module) [argument ...]\n"
        "       %(prog)s --info | --version | --help",
        description="Runs a Python program with csocket in the place of socket.",
    )
    parser.add_argument("program", nargs="?", help="a file, or - for standard input")
    parser.add_argument("-m", metavar="module", help="run a module, as python -m does")
    parser.add_argument(
        "--children",
        action="store_true",
        help="have the Python processes that the program starts use csocket too",
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
    """The options of csocket's own, and what they are followed by: what to run, and how."""
    for index, argument in enumerate(arguments):
        if argument == "-" or argument[:1] != "-" or argument[:2] == "-m":
            return arguments[:index], arguments[index:]
    return arguments, []


def main() -> None:
    parser = make_parser()
    own, command = split(sys.argv[1:])
    options = parser.parse_args(own)
    if options.info:
        from csocket._info import print_info

        print_info()
        return
    if command in ([], ["-m"]):
        parser.error("a program, or -m and a module, is needed")
    if options.children and sys.flags.ignore_environment:
        parser.error("--children needs the environment, which -E and -I have Python ignore")
    from csocket import _run

    csocket.install()
    if options.children:
        from csocket._children import reach

        reach()
    if command[0][:2] != "-m":
        _run.run_program(command[0], command[1:])
    elif command[0] == "-m":
        _run.run_module(command[1], command[2:])
    else:
        _run.run_module(command[0][2:], command[1:])


if __name__ == "__main__":
    main()
