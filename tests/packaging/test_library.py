"""What is installed: what the library exports, how it is linked, and that programs work with it."""

import os
import re
import shutil
import subprocess

import pytest
from building import CC, CONSUMER, ROOT, flags, output

EXAMPLES = sorted((ROOT / "examples" / "c").glob("*.[ch]"))

pytestmark = pytest.mark.skipif(not shutil.which("pkg-config"), reason="no pkg-config")


def symbols(*options):
    """The names that nm lists, with their types."""
    lines = [line.split() for line in output("nm", *options).splitlines()]
    return {words[-1]: words[-2] for words in lines if len(words) >= 2}


def test_the_library_exports_its_interface_alone(prefix):
    names = symbols("-D", "--defined-only", prefix / "lib" / "libcsocket.so")
    assert names.pop("LIBCSOCKET_0") == "A"
    assert len(names) > 50
    assert [name for name in names if not re.fullmatch(r"csock_\w+@@LIBCSOCKET_0", name)] == []


def test_the_archive_has_the_same_interface(prefix):
    exported = symbols("-D", "--defined-only", prefix / "lib" / "libcsocket.so")
    names = symbols("--extern-only", "--defined-only", prefix / "lib" / "libcsocket.a")
    assert {f"{name}@@LIBCSOCKET_0" for name in names} == {*exported} - {"LIBCSOCKET_0"}


def test_the_library_is_linked_as_it_should_be(prefix):
    """All symbols are bound at once, and any program can load it later."""
    dynamic = output("readelf", "--wide", "--dynamic", prefix / "lib" / "libcsocket.so")
    assert "BIND_NOW" in dynamic and "STATIC_TLS" not in dynamic
    assert "soname: [libcsocket.so.0]" in dynamic


def test_the_constants_are_not_relocated(prefix):
    """The loader writes to no page of theirs, so all processes share them."""
    types = symbols(prefix / "lib" / "libcsocket.so")
    assert (types["csi_constants"], types["csi_constant_texts"]) == ("r", "r")


@pytest.mark.parametrize("linked", ["shared", "static"])
def test_the_examples_talk_to_each_other(prefix, linked, tmp_path):
    library = flags(prefix, "--libs") if linked == "shared" else [prefix / "lib" / "libcsocket.a"]
    for source in (path for path in EXAMPLES if path.suffix == ".c"):
        program = tmp_path / source.stem
        output(*CC, "-o", program, source, *flags(prefix, "--cflags"), *library, "-pthread")
        libraries = output("ldd", program, LD_LIBRARY_PATH=f"{prefix}/lib")
        assert (f"{prefix}/lib/libcsocket.so.0" in libraries) == (linked == "shared")
    path = {"LD_LIBRARY_PATH": f"{prefix}/lib"}
    command = [tmp_path / "echo_server", "0"]
    with subprocess.Popen(command, env=os.environ | path, stdout=-1, text=True) as server:
        try:
            port = server.stdout.readline().rpartition(":")[2].strip()
            reply = output(tmp_path / "echo_client", "localhost", port, "Hello", **path)
        finally:
            server.terminate()
    assert (reply, server.returncode) == ("Hello\n", 0)


def test_a_program_may_have_names_of_the_inside(prefix, tmp_path):
    archive, inside = prefix / "lib" / "libcsocket.a", tmp_path / "inside.c"
    names = [name for name in symbols(archive) if re.fullmatch(r"csi_[a-z_]+", name)]
    assert len(names) > 10
    inside.write_text("".join(f"int {name}(void);\nint {name}(void) {{ return 1; }}\n" for name in names))
    command = *CC, "-o", tmp_path / "consumer", CONSUMER, inside, *flags(prefix, "--cflags")
    output(*command, archive, "-pthread")
    output(tmp_path / "consumer")


def test_the_linker_leaves_out_what_a_program_does_not_use(prefix, tmp_path):
    command = *CC, "-o", tmp_path / "consumer", CONSUMER, *flags(prefix, "--cflags"), "-pthread"
    output(*command, "-Wl,--gc-sections", prefix / "lib" / "libcsocket.a")
    names = symbols(tmp_path / "consumer")
    assert "csock_open" in names and "csi_constants" not in names


def test_pkg_config_tells_what_a_static_program_needs(prefix, tmp_path):
    needed = flags(prefix, "--static", "--cflags", "--libs")
    assert "-pthread" in needed and "-pthread" not in flags(prefix, "--libs")
    output(*CC, "-static", "-o", tmp_path / "consumer", CONSUMER, *needed)
    output(tmp_path / "consumer")


def test_pages_and_examples_are_installed(prefix):
    """They keep their places, so the pages' links lead to pages and examples."""
    folder = prefix / "share" / "doc" / "csocket"
    installed = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    pages = [path for path in ROOT.glob("docs/*.md")]
    wanted = {path.relative_to(ROOT) for path in [*pages, *EXAMPLES, ROOT / "README.md"]}
    assert installed >= wanted



def test_unloading_leaves_no_handler_behind(prefix, tmp_path):
    source = CONSUMER.with_name("unload.c")
    command = *CC, "-D_GNU_SOURCE", "-o", tmp_path / "unload", source, *flags(prefix, "--cflags")
    output(*command, "-pthread", "-ldl")
    assert output(tmp_path / "unload", prefix / "lib" / "libcsocket.so.0") == "1 0\n"
