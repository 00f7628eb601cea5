"""`indgang …`, its clock going as where people work.

What is measured lives on a day of its own, and so after the sandbox's clock: that one is asked five times a second, over
HTTP, and knocks twice a second, where a machine's own costs nothing and knocks every twenty seconds.
"""

from __future__ import annotations

from bot import clocks, serving
from bot.__main__ import main

clocks.FRESH_SECONDS = 3600.0
serving.KNOCK_SECONDS_IN_SANDBOX = serving.KNOCK_SECONDS

if __name__ == "__main__":
    main()
