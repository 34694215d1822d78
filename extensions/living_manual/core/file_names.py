"""Names of files that every computer can hold: a manual is copied from one to another."""

from __future__ import annotations

import unicodedata

#: What Windows refuses in a name, and the names of its devices.
_SIGNS = '<>:"|?*\\'
_DEVICES = frozenset(
    [
        "con",
        "prn",
        "aux",
        "nul",
        *(f"{port}{nth}" for port in ("com", "lpt") for nth in "123456789"),
    ]
)
#: Signs that change how a name reads and are not seen themselves.
_UNSEEN = "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
#: Bytes that most file systems take for one name.
LONGEST = 255


def name_fault(name: str) -> str:
    """What is wrong with the name of a file or folder, as the end of a sentence; empty for none."""
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name):
        return "holds a sign that cannot be written"
    if any(sign in _UNSEEN for sign in name):
        return "holds a sign that cannot be seen"
    for sign in _SIGNS:
        if sign in name:
            return f"holds {sign}, which Windows does not take in a name"
    if name != name.rstrip(" ."):
        return "ends with a blank or a dot, which Windows drops"
    if name.split(".", maxsplit=1)[0].strip().casefold() in _DEVICES:
        return "is a name that Windows keeps for itself"
    if len(name.encode("utf-8", "surrogateescape")) > LONGEST:
        return f"is longer than {LONGEST} bytes"
    return ""
