"""Projects that use csocket: by meson as a subproject, and by CMake where it is installed."""

import shutil

import pytest
from building import CONSUMER, ROOT, output


@pytest.fixture
def project(request, tmp_path):
    """A copy of a project of this folder."""
    shutil.copytree(CONSUMER.parent / request.param, tmp_path / "project")
    shutil.copy(CONSUMER, tmp_path / "project")
    return tmp_path / "project"


@pytest.mark.parametrize("project", ["meson"], indirect=True)
@pytest.mark.parametrize(
    "option, shared",
    [
        ("-Ddefault_library=shared", True),
        ("-Ddefault_library=static", False),
        ("-Dcsocket:library=false", False),
    ],
)
def test_meson_subproject(project, option, shared):
    (project / "subprojects").mkdir()
    (project / "subprojects" / "csocket").symlink_to(ROOT)
    build = project / "build"
    output("meson", "setup", "--fatal-meson-warnings", option, build, cwd=project)
    output("meson", "test", "-C", build, cwd=project)
    assert ("libcsocket.so.0" in output("ldd", build / "consumer")) == shared
    # Neither the extension nor the tests.
    assert not list(build.rglob("_csocket*")) and not list(build.rglob("socket_test*"))


@pytest.mark.skipif(not shutil.which("cmake"), reason="no cmake")
@pytest.mark.parametrize("project", ["cmake"], indirect=True)
def test_cmake_package(project, prefix):
    build = project / "build"
    output("cmake", "-S", project, "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}")
    output("cmake", "--build", build)
    for library in ("csocket", "static"):
        program = build / f"{library}_consumer"
        assert ("libcsocket.so.0" in output("ldd", program)) == (library == "csocket")
        output(program)
