"""The command line: ``python -m csocket``."""

import argparse
import sys

import csocket


def make_parser():
    parser = argparse.ArgumentParser(
        prog="python -m csocket",
        usage="%(prog)s [--children] (program | -m module) [argument ...]\n"
        "       %(prog)s --info | --version | --help",
        description="Runs a Python program with csocket in the place of socket.",
    )
    parser.add_argument("program", nargs="?", help="a file, or - for standard input")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="those of the program")
    parser.add_argument(
        "-m",
        dest="module",
        nargs=argparse.REMAINDER,
        help="run a module, as python -m does; the rest is its arguments",
    )
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


def main():
    parser = make_parser()
    options = parser.parse_args()
    if options.info:
        from csocket._info import print_info

        print_info()
        return
    if options.program is None and not options.module:
        parser.error("a program, or -m and a module, is needed")
    if options.children and sys.flags.ignore_environment:
        parser.error("--children needs the environment, which -E and -I have Python ignore")
    from csocket import _run

    csocket.install()
    if options.children:
        from csocket._children import reach

        reach()
    if options.program is None:
        _run.run_module(options.module[0], options.module[1:])
    else:
        _run.run_program(options.program, options.arguments)


if __name__ == "__main__":
    main()
