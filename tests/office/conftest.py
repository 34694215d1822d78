"""These tests start LibreOffice, which is large and slow: only `make test-office` runs them."""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("MANUAL_TEST_OFFICE") else ["test_*.py"]
