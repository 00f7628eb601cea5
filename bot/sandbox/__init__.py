"""A small, strict Slack of our own, over HTTP and Socket Mode, on this machine only.

A real Slack app reaches it by base URL and tokens and cannot tell the difference, except that it refuses more readily.

    from bot.sandbox import PortTaken, serve

    serve(world=Path("world.json"), manifest=Path("manifest.yml"), state=Path("state"), host="127.0.0.1", port=8765,
          ready=lambda base: print(base), journal=None)

`serve` blocks until SIGINT or SIGTERM and then stops cleanly. `ready` is told the base (`http://127.0.0.1:8765`): the Web
API is `<base>/api/`, the page `<base>/`, the clock `<base>/clock` (the bot posts its marks to `<base>/clock/marks`). Port 0
means any free port. `PortTaken` is raised when the port is in use. The state directory holds everything, `journal.jsonl`
among it; a second start with the same directory goes on where the first one stopped, its clock too.

`Sandbox` is the same thing for an event loop that already runs: `Sandbox(world=World.read(path), manifest=..., state=...)`,
`await sandbox.start()`, `sandbox.base`, `await sandbox.stop()`.
"""

from bot.sandbox.server import PortTaken, Sandbox, serve
from bot.sandbox.world import FileUnfit, Manifest, World

__all__ = ["FileUnfit", "Manifest", "PortTaken", "Sandbox", "World", "serve"]
