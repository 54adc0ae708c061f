"""Markers of tests that need something that only some operating systems have."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="isolation needs fork(), which Windows does not have")
needs_posix = pytest.mark.skipif(os.name != "posix", reason="needs a shell, signals or permissions of POSIX")
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="needs a call or a limit that only Linux has")
needs_full_device = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
needs_endless_file = pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs a file that never ends")
