"""The man pages where a build installs them, and in a source archive."""

import shutil

import pytest
from building import ROOT, install, output, run


def man(prefix, page):
    if not shutil.which("man"):
        pytest.skip("no man-db")
    return output("man", "-M", prefix / "share" / "man", page, MANPAGER="cat", MANWIDTH="80")


def test_a_build_installs_them(tmp_path):
    install(ROOT, tmp_path / "build", tmp_path / "prefix", "-Dmanual=enabled")
    assert "csock_stream(3)" in man(tmp_path / "prefix", "csocket")
    assert "int csock_open(struct csock_socket *sock," in man(tmp_path / "prefix", "csock_open")


def test_a_source_archive_has_them(tmp_path):
    """So those who build from it, as Debian does, need no Sphinx."""
    if run("git", "clone", "--quiet", ROOT, tmp_path / "clone").returncode:
        pytest.skip("no repository of git")
    build = tmp_path / "build"
    output("meson", "setup", "-Dpython=disabled", "-Dtests=false", build, tmp_path / "clone")
    output("meson", "dist", "-C", build, "--no-tests", "--formats", "gztar")
    (archive,) = (build / "meson-dist").glob("*.tar.gz")
    output("tar", "xf", archive, "-C", tmp_path)
    source = tmp_path / archive.name.removesuffix(".tar.gz")
    install(source, tmp_path / "other", tmp_path / "prefix")
    assert not (tmp_path / "other" / "docs" / "man3").exists()
    assert "int csock_open(struct csock_socket *sock," in man(tmp_path / "prefix", "csock_open")
