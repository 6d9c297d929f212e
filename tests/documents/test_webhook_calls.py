"""Which addresses are called, what is sent there, and what is made of the answer."""

import json
import os
import re
import socket
import ssl
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from config.local.session import PROJECT
from documents.exports.webhook_address import UnableToCall, is_public, parse_address
from documents.exports.webhook_call import make_secret, sign, write_body, write_call
from documents.facts.webhooks import Answer, Call, Outcome
from documents.operations.webhooks import call as calling
from documents.operations.webhooks.call import resolve, send_call
from tests.documents.receivers import receiving, verify

_NOW = datetime.now(tz=UTC)
_ID = "0f9c1f9e-8d5e-4f0e-9c57-0d8a0b8f8a01"


def _call(url: str, *secrets: str) -> Call:
    body = write_body(topic="notice.applied", happened_at=_NOW, data={"id": "ü"})
    return write_call(
        target=parse_address(url, allow_private=True), message_id=_ID, body=body,
        secrets_in_force=secrets or [make_secret()], now=_NOW,
    )  # fmt: skip


def _send(url: str, **limits: Any) -> Answer:
    return send_call(_call(url), allow_private=True, **limits)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://lohn.example.org/hooks", "NOT_HTTPS"),
        ("ftp://lohn.example.org/hooks", "NOT_HTTPS"),
        ("//lohn.example.org/hooks", "NOT_HTTPS"),
        ("https://wir:geheim@lohn.example.org/", "WITH_PASSWORD"),
        ("https://lohn.example.org@169.254.169.254/", "WITH_PASSWORD"),
        ("https://@lohn.example.org/", "WITH_PASSWORD"),
        ("https://lohn.example.org/#oben", "WITH_FRAGMENT"),
        ("https://lohn.example.org:22/", "WRONG_PORT"),
        ("https://lohn.example.org:0/", "WRONG_PORT"),
        ("https://lohn.example.org:5432/", "WRONG_PORT"),
        ("https://lohn.example.org:99999/", "NOT_READABLE"),
        ("https://[::1/", "NOT_READABLE"),
        ("https://[fe80::1%25eth0]/", "NOT_READABLE"),
        ("https:///hooks", "NOT_READABLE"),
        ("https://lohn.example.org/a b", "NOT_READABLE"),
        ("https://lohn.example.org/\r\nHost: innen", "NOT_READABLE"),
        ("https://lohn.example.org\\@innen/", "NOT_READABLE"),
        ("https://löhne.example.org/", "NOT_READABLE"),
        ("https://lohn.example.org/" + "a" * 500, "TOO_LONG"),
    ],
)
def test_addresses_that_are_not_taken(url: str, code: str) -> None:
    with pytest.raises(UnableToCall) as caught:
        parse_address(url)
    assert caught.value.code == code


def test_an_address_is_taken_apart() -> None:
    target = parse_address("https://Lohn.example.org:8443/hooks?of=1&to=2")
    assert (target.host, target.port, target.path) == (
        "lohn.example.org", 8443, "/hooks?of=1&to=2",
    )  # fmt: skip
    assert parse_address("https://lohn.example.org").path == "/"


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254",  # noqa: S104
        "168.63.129.16", "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192",
        "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
        "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255",
        "::", "::1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "3fff::1",
        "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
        "2a00:1450:4001::1%eth0", "keine Adresse",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2a00:1450:4001:80b::200e"])
def test_addresses_outside_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "0", "[::1]",
     "[::ffff:169.254.169.254]", "localhost", "169.254.169.254"],
)  # fmt: skip
def test_no_way_of_writing_an_inner_address_leads_there(host: str) -> None:
    call = _call(f"https://{host}/")
    with pytest.raises(UnableToCall) as caught:
        resolve(call.target, allow_private=False)
    assert caught.value.code == "PRIVATE_ADDRESS"
    assert send_call(call).outcome is Outcome.REFUSED_ADDRESS


def _answer_names(patch: pytest.MonkeyPatch, *addresses: str) -> None:
    def look_up(_host: str, port: int, **_: Any) -> list[Any]:
        return [
            (socket.AF_INET6 if ":" in a else socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, port))
            for a in addresses
        ]

    patch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.parametrize(
    "addresses", [("10.1.2.3",), ("8.8.8.8", "10.1.2.3"), ("8.8.8.8", "::ffff:10.1.2.3")]
)
def test_a_name_with_any_inner_address_is_refused(
    addresses: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    _answer_names(monkeypatch, *addresses)
    assert send_call(_call("https://lohn.example.org/")).outcome is Outcome.REFUSED_ADDRESS


def test_an_unknown_name_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def look_up(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert send_call(_call("https://lohn.example.org/")).outcome is Outcome.UNKNOWN_NAME


def test_a_call_is_signed_as_the_library_verifies() -> None:
    secret = make_secret()
    with receiving() as receiver:
        answer = send_call(_call(receiver.url, secret), allow_private=True)
    assert (answer.outcome, answer.status_code) == (Outcome.OK, 200)
    (came,) = receiver.received
    assert (came.path, came.headers["host"]) == ("/hooks?of=payroll", f"127.0.0.1:{receiver.port}")
    assert came.headers["webhook-id"] == _ID
    told = verify(secret, came.body, came.headers, _NOW)
    assert told == json.loads(came.body)
    assert set(told) == {"type", "timestamp", "data"}
    for changed in (came.body + b" ", came.body.replace(b"applied", b"decided")):
        with pytest.raises(WebhookVerificationError):
            verify(secret, changed, came.headers, _NOW)
    with pytest.raises(WebhookVerificationError):
        verify(make_secret(), came.body, came.headers, _NOW)


def test_our_signature_is_the_librarys() -> None:
    secret, body = make_secret(), b'{"type":"x"}'
    ours = sign(message_id="m", sent_at=int(_NOW.timestamp()), body=body, secret=secret)
    assert ours == Webhook(secret).sign("m", _NOW, body.decode())


def test_old_and_new_secret_verify_the_same_call() -> None:
    old, new = make_secret(), make_secret()
    call = _call("https://lohn.example.org/", new, old)
    for secret in (old, new):
        verify(secret, call.body, call.headers, _NOW)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(200, Outcome.OK), (204, Outcome.OK), (302, Outcome.STATUS), (307, Outcome.STATUS),
     (400, Outcome.STATUS), (410, Outcome.STATUS), (500, Outcome.STATUS)],
)  # fmt: skip
def test_what_an_answer_means(status: int, outcome: Outcome) -> None:
    with receiving() as receiver:
        receiver.answers = [status]
        answer = _send(receiver.url)
    assert (answer.outcome, answer.status_code) == (outcome, status)
    # A redirect leads nowhere else.
    assert [came.path for came in receiver.received] == ["/hooks?of=payroll"]


def test_who_does_not_answer_is_waited_for_no_longer_than_the_limit() -> None:
    with receiving() as receiver:
        receiver.is_silent.set()
        answer = _send(receiver.url, whole_seconds=0.2)
    assert answer.outcome is Outcome.TIMEOUT
    assert answer.duration_ms < 2_000


def test_who_answers_in_drops_is_waited_for_no_longer_either() -> None:
    def drip(listener: socket.socket) -> None:
        line, _ = listener.accept()
        with line:
            line.recv(10_000)
            try:
                for letter in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 1_000:
                    line.sendall(bytes([letter]))
                    stopped.wait(0.02)
            except OSError:
                return

    stopped = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=(listener,), daemon=True)
        thread.start()
        answer = _send(f"http://127.0.0.1:{listener.getsockname()[1]}/", whole_seconds=0.3)
        stopped.set()
        thread.join()
    assert answer.outcome is Outcome.TIMEOUT


def test_nobody_there_and_nonsense_are_failures_of_the_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        thread = threading.Thread(target=lambda: _talk_nonsense(listener), daemon=True)
        thread.start()
        assert _send(f"http://127.0.0.1:{port}/").outcome is Outcome.CONNECTION
        thread.join()
    assert _send(f"http://127.0.0.1:{port}/").outcome is Outcome.CONNECTION


def _talk_nonsense(listener: socket.socket) -> None:
    line, _ = listener.accept()
    with line:
        line.recv(10_000)
        line.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")


def _certificate(folder: Path, name: str) -> Path:
    """A certificate for a name with its key, which signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_NOW - timedelta(days=1))
        .not_valid_after(_NOW + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    form = serialization.PrivateFormat.PKCS8
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    path = folder / "certificate.pem"
    path.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, form, plain))
    return path


def test_the_name_is_proven_by_its_certificate_at_the_address_that_was_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _certificate(tmp_path, "lohn.example.org")
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    _answer_names(monkeypatch, "127.0.0.1")
    with receiving(server) as receiver:
        url = f"https://lohn.example.org:{receiver.port}/"
        # Nobody we know has signed it.
        assert _send(url).outcome is Outcome.CERTIFICATE
        trusting = ssl.create_default_context(cafile=str(path))
        monkeypatch.setattr(calling, "_tls", lambda: trusting)
        assert _send(url).outcome is Outcome.OK
        assert _send(url.replace("lohn", "andere")).outcome is Outcome.CERTIFICATE
    (came,) = receiver.received
    assert came.headers["host"] == f"lohn.example.org:{receiver.port}"


def _blocks(kind: str) -> list[str]:
    text = (PROJECT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    return re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)


def test_what_the_page_for_programmers_shows_verifies_a_call(tmp_path: Path) -> None:
    secret = make_secret()
    moment = datetime.now(tz=UTC)
    call = write_call(
        target=parse_address("https://lohn.example.org/"), message_id=_ID, body=b'{"a":1}',
        secrets_in_force=[secret], now=moment,
    )  # fmt: skip
    names: dict[str, Any] = {}
    exec(_blocks("python")[1], names)  # noqa: S102 -- our own page
    assert names["is_ours"](secret, call.headers, call.body)
    assert not names["is_ours"](secret, call.headers, call.body + b" ")
    (tmp_path / "body.json").write_bytes(call.body)
    told = {
        "PATH": os.environ["PATH"],
        "SECRET": secret,
        "WEBHOOK_ID": _ID,
        "WEBHOOK_TIMESTAMP": call.headers["webhook-timestamp"],
    }
    (script,) = _blocks("sh")
    run = subprocess.run(
        ["/bin/sh", "-c", script], env=told, cwd=tmp_path, capture_output=True, check=True
    )
    assert f"v1,{run.stdout.decode().strip()}" == call.headers["webhook-signature"]
