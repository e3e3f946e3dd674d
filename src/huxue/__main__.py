"""``python -m huxue COMMAND …``."""

from __future__ import annotations

import sys

from huxue.commands.main import main

sys.exit(main())
