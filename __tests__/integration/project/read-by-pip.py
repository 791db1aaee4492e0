"""What pip itself, packaging and python-dotenv make of files; a JSON answer to a JSON question on standard input.

{"folder": of requirement files "N.txt", "count", "markers": [..], "env": [texts]} ->
{"requirements": [[[requirement, constraint]..] or null where pip fails], "markers": [bool or null], "env": [{..}]}
"""

import io
import json
import os
import sys

from dotenv import dotenv_values
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements
from pip._vendor.packaging.markers import Marker

asked = json.load(sys.stdin)
os.environ.clear()


def requirements(file):
    rows = []
    try:
        for parsed in parse_requirements(file, session=PipSession()):
            found = install_req_from_parsed_requirement(parsed)
            if found.match_markers():
                rows.append([found.name, str(found.req.specifier), bool(found.has_hash_options), parsed.constraint])
    except Exception:
        return None
    return rows


def marker(text):
    try:
        return Marker(text).evaluate({"extra": ""})
    except Exception:
        return None


json.dump(
    {
        "requirements": [requirements(os.path.join(asked["folder"], "%d.txt" % at)) for at in range(asked["count"])],
        "markers": [marker(text) for text in asked["markers"]],
        "env": [list(dotenv_values(stream=io.StringIO(text, newline=None)).items()) for text in asked["env"]],
    },
    sys.stdout,
)
