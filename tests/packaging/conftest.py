"""The installed library, for all tests of this folder."""

from building import prefix  # noqa: F401
