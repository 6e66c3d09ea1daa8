"""What meson would ask an interpreter that does not run on this machine (PEP 739)."""

import json


def write(file, version, platform, suffix, headers, libpython=None):
    """Write the facts of CPython of that version ("3.13") for -Dpython.build_config=file.

    The names of its extensions end with suffix. headers is the folder of Python.h, and libpython the
    library that extensions link with, if there is one.
    """
    major, minor = map(int, version.split("."))
    info = {"major": major, "minor": minor, "micro": 0, "releaselevel": "final", "serial": 0}
    link = {"link_extensions": False}
    if libpython:
        link = {"link_extensions": True, "dynamic": str(libpython)}
    facts = {
        "schema_version": "1.0",
        "base_prefix": "/usr",
        "platform": platform,
        "language": {"version": version, "version_info": info},
        "implementation": {
            "name": "cpython",
            "cache_tag": f"cpython-{major}{minor}",
            "version": info,
            "hexversion": 0,
        },
        "abi": {"flags": [], "extension_suffix": suffix, "stable_abi_suffix": ".abi3.so"},
        "suffixes": {"extensions": [suffix]},
        "libpython": link,
        "c_api": {"headers": str(headers)},
    }
    file.write_text(json.dumps(facts, indent=1))
    return file
