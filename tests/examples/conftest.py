"""The installed library, for the programs in C."""

from building import prefix  # noqa: F401
