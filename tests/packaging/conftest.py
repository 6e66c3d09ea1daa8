"""The installed library, for all tests of this folder."""

import pytest
from building import ROOT, install


@pytest.fixture(scope="session")
def prefix(tmp_path_factory):
    prefix = tmp_path_factory.mktemp("prefix")
    install(ROOT, tmp_path_factory.mktemp("build"), prefix)
    return prefix
