"""``huxue serve``: the pages, for as many people as a city has."""

from __future__ import annotations

import argparse
import os
import socket
from importlib import import_module
from typing import Final

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from huxue.commands.main import open_site
from huxue.core.values import Refused, Text

HOST: Final = "127.0.0.1"
PORT: Final = 8000
TARGET: Final = "huxue.wsgi:application"
EPILOG: Final = """examples:
  huxue serve
  huxue serve --port 8080 --workers 4

Behind a proxy with https, set HUXUE_HOSTS and HUXUE_HTTPS=yes.
"""
_SERVING: Final = Text(
    zh="请用浏览器打开 http://{host}:{port}/ （按 Ctrl+C 停止）",
    en="Open http://{host}:{port}/ in a browser (Ctrl+C stops it).",
)


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Declare the command."""
    parser = subparsers.add_parser(
        "serve", help="serve the pages of a site", epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False,
    )  # fmt: skip
    add_address(parser)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes (default: one a core)")


def add_address(parser: argparse.ArgumentParser) -> None:
    """Declare where to serve."""
    parser.add_argument("--host", default=HOST, help=f"address to listen at (default: {HOST}, this machine only)")
    parser.add_argument("--port", type=int, default=PORT, help=f"port (default: {PORT})")


def run(args: argparse.Namespace) -> None:
    """Serve until stopped."""
    open_site()
    check_free(args.host, args.port)
    print(_SERVING.say(args.lang).format(host=args.host, port=args.port), flush=True)
    serve(args.host, args.port, workers=args.workers)


def check_free(host: str, port: int) -> None:
    """Refuse (``port_taken``) before anything long is begun where somebody else listens already."""
    try:
        with socket.create_server((host, port)):
            return
    except OSError as problem:
        raise Refused(
            "port_taken",
            f"无法在 {host}:{port} 监听（{problem.strerror}），请用 --port 换一个端口。",
            f"Cannot listen at {host}:{port} ({problem.strerror}); choose another with --port.",
        ) from None


def serve(host: str, port: int, *, workers: int) -> None:
    """Run the server in this process and its workers until it is stopped.

    The application is loaded before the workers are forked, so that they share what they only read.
    """
    module, name = TARGET.split(":")
    application = getattr(import_module(module), name)
    server = Granian(
        TARGET, address=host, port=port, interface=Interfaces.WSGI, workers=workers,
        blocking_threads=4, log_level=LogLevels.warning, log_access=False, respawn_failed_workers=True,
    )  # fmt: skip
    server.serve(target_loader=lambda: application, wrap_loader=False)
