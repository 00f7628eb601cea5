"""D42: behind a proxy that only knows CONNECT, and with a certificate authority of the house's own.

Nothing but the proxy can be reached: the sandbox's TLS front has a name no resolver knows, so whoever did not go through
the proxy, or did not trust its authority, would not arrive.
"""

from __future__ import annotations

import base64
import select
import socket
import ssl
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr

from bot.settings import Settings
from bot.slack.hello import NoHello, say_hello
from tests.support.databases import Databases
from tests.support.town import RunningTown

SLACK = "slack.indgang.test"
WHO, PASSWORD = "en ansat", "må:ikke@siges"


class Authority:
    """A municipality's own, and a certificate by it for the name the sandbox is reached by."""

    def __init__(self, folder: Path) -> None:
        self.file, self.served = folder / "own-ca.pem", folder / "slack.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        ours = _named("Kommunens egen CA")
        authority = _signed(ours, ours, key.public_key(), key, authority=True)
        self.file.write_bytes(authority.public_bytes(serialization.Encoding.PEM))
        theirs = ec.generate_private_key(ec.SECP256R1())
        served = _signed(_named(SLACK), ours, theirs.public_key(), key, authority=False)
        self.served.write_bytes(
            theirs.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + served.public_bytes(serialization.Encoding.PEM)
        )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _signed(
    who: x509.Name,
    by: x509.Name,
    public: ec.EllipticCurvePublicKey,
    key: ec.EllipticCurvePrivateKey,
    *,
    authority: bool,
) -> x509.Certificate:
    now = datetime.now(UTC)
    signer = key.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(by)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(SLACK)]), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer), critical=False)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True, key_cert_sign=authority, crl_sign=authority, content_commitment=False,
                key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )  # fmt: skip


class Listener(ABC):
    """Takes connections on a free port of this machine, each in a thread, until it is closed."""

    def __init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._door.getsockname()[1])
        threading.Thread(target=self._take, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _take(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    @abstractmethod
    def _serve(self, line: socket.socket) -> None:
        """What is done with somebody who has come in."""


class TlsFront(Listener):
    """Where Slack's TLS ends: what comes out of it goes on to the sandbox."""

    def __init__(self, authority: Authority, sandbox_port: int) -> None:
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(authority.served)
        self._sandbox = sandbox_port
        super().__init__()

    def _serve(self, line: socket.socket) -> None:
        with (
            suppress(OSError),
            self._context.wrap_socket(line, server_side=True) as safe,
            socket.create_connection(("127.0.0.1", self._sandbox)) as on,
        ):
            _carry(safe, on)


class Proxy(Listener):
    """A proxy of the kind a municipality has: CONNECT only, and only for who says their name and password."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.asked: list[str] = []
        super().__init__()

    def _serve(self, line: socket.socket) -> None:
        with suppress(OSError), line:
            head = b""
            while b"\r\n\r\n" not in head:
                head += line.recv(1)
            place = head.split()[1].decode()
            self.asked.append(place)
            right = b"Basic " + base64.b64encode(f"{WHO}:{PASSWORD}".encode())
            if right not in head:
                line.sendall(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
                return
            with socket.create_connection(("127.0.0.1", self.places[place])) as on:
                line.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                _carry(line, on)


def _carry(one: socket.socket, other: socket.socket) -> None:
    """Both ways, until somebody hangs up. TLS may hold bytes that the socket no longer shows."""
    pairs = {one: other, other: one}
    while True:
        held = [s for s in pairs if isinstance(s, ssl.SSLSocket) and s.pending()]
        for ready in held or select.select(list(pairs), [], [])[0]:
            piece = ready.recv(65536)
            if not piece:
                return
            pairs[ready].sendall(piece)


class ProxiedTown(RunningTown):
    """The bot reaches its sandbox by https and wss, by a name only the proxy knows."""

    def __init__(self, database_url: str, folder: Path) -> None:
        super().__init__(database_url)
        self.authority, self.proxy = Authority(folder), Proxy()

    def __enter__(self) -> ProxiedTown:
        self.stage.start()
        self.front = TlsFront(self.authority, self.stage.port)
        self.proxy.places[f"{SLACK}:443"] = self.front.port
        self.start_bot()
        return self

    def __exit__(self, *how: object) -> None:
        super().__exit__(*how)
        self.front.close()
        self.proxy.close()

    @property
    def proxy_url(self) -> str:
        return f"http://en%20ansat:m%C3%A5%3Aikke%40siges@127.0.0.1:{self.proxy.port}"

    def settings(self) -> Settings:
        return (
            super()
            .settings()
            .model_copy(
                update={
                    "slack_api_url": f"https://{SLACK}/api/",
                    "proxy": SecretStr(self.proxy_url),
                    "ca_file": self.authority.file,
                }
            )
        )


@pytest.fixture
def town(databases: Databases, tmp_path: Path) -> Iterator[ProxiedTown]:
    with ProxiedTown(databases.fresh("sqlite", tmp_path), tmp_path) as running:
        yield running


@pytest.mark.rule("D42")
def test_people_work_as_ever_through_the_proxy_websocket_and_all(town: ProxiedTown) -> None:
    maja = town.person("Maja Holm")
    maja.types("/sag ny")
    assert maja.modal is not None
    maja.home()
    maja.sees("Ny sag", in_="home")
    assert set(town.proxy.asked) == {f"{SLACK}:443"}
    lines = [e for e in town.stage.journaled("api") if e["method"] == "apps.connections.open"]
    assert lines[-1]["response"]["url"].startswith(f"wss://{SLACK}/")


@pytest.mark.rule("D42")
def test_without_the_own_authority_or_the_password_nobody_is_let_through(town: ProxiedTown) -> None:
    def hello(**how: str | None) -> str:
        try:
            said = {"proxy": town.proxy_url, "ca_file": str(town.authority.file), **how}
            return say_hello(town.stage.bot_token, base_url=f"https://{SLACK}/api/", **said).bot_user  # type: ignore[arg-type]
        except NoHello as silence:
            return silence.code

    assert hello() == town.stage.bot_user
    assert hello(ca_file=None) == "URLError"
    assert hello(proxy=f"http://127.0.0.1:{town.proxy.port}") in ("OSError", "URLError")
