"""Who a build is for: everybody, or the district's own staff.

What is not marked public is staff; the staff edition holds both.
"""

from __future__ import annotations

from typing import Literal

Edition = Literal["public", "staff"]

PUBLIC: Edition = "public"
STAFF: Edition = "staff"
EDITIONS: tuple[Edition, ...] = (PUBLIC, STAFF)
