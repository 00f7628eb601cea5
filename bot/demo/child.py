"""A part of the demo as a process of its own that ends when the demo does, however it does: by Ctrl-C, or killed.

`python -m bot.demo.child serve --with-clock` is `python -m bot serve --with-clock` with an ear on its standard input:
nothing is ever written there, and it is closed when nobody is left to write. Without it a killed demo leaves a town
that holds its port and its database, and the next start refuses.
"""

from __future__ import annotations

import os
import runpy
import threading


def _end_with_the_demo() -> None:
    os.read(0, 1)
    os._exit(1)  # as if killed too: what was in hand is looked for by the next start


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_demo, daemon=True).start()
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
