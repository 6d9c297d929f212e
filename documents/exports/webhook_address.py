"""Which addresses may be called: none inside our own network (SSRF), whoever types them."""

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from documents.facts.webhooks import Target

LONGEST = 500
PORTS = frozenset({443, 8443})
_SECURE_PORT, _PLAIN_PORT = 443, 80
_VISIBLE = re.compile(r"[!-~]+")
_HOST = re.compile(r"[A-Za-z0-9.:-]+")

# Of IPv6 only what is routed in public (RFC 4291, 2.4); of this again not what stands for
# something else: Teredo and benchmarks, examples, 6to4.
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
_NOT_PUBLIC_V6 = tuple(
    map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
)
# Public by their number, but answered inside a data centre or by a relay. The first two Python
# takes for public in some of its versions.
_NOT_PUBLIC_V4 = tuple(
    map(
        ipaddress.IPv4Network,
        ("100.64.0.0/10", "192.0.0.0/24", "168.63.129.16/32", "192.88.99.0/24"),
    )
)


class UnableToCall(ValueError):
    """An address that is not called.

    `code`: TOO_LONG, NOT_READABLE, NOT_HTTPS, WITH_PASSWORD, WITH_FRAGMENT, WRONG_PORT,
    UNKNOWN_NAME, PRIVATE_ADDRESS.
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse_address(url: str, *, allow_private: bool = False) -> Target:
    """Take an address apart; `allow_private` lets http and any port through, for tests.

    Raises UnableToCall.
    """
    parts, port = _split(url)
    is_secure = parts.scheme == "https"
    host = parts.hostname or ""
    if port is None:
        port = _SECURE_PORT if is_secure else _PLAIN_PORT
    faults = {
        "NOT_HTTPS": not is_secure and not (allow_private and parts.scheme == "http"),
        "WITH_PASSWORD": "@" in parts.netloc,
        "WITH_FRAGMENT": "#" in url,
        "NOT_READABLE": not _HOST.fullmatch(host),
        "WRONG_PORT": port not in PORTS and not allow_private,
    }
    for code, is_at_fault in faults.items():
        if is_at_fault:
            raise UnableToCall(code)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(is_secure, host, port, path)


def _split(url: str) -> tuple[SplitResult, int | None]:
    if len(url) > LONGEST:
        raise UnableToCall("TOO_LONG")
    # Names with other letters are given in their ASCII form (xn--...), as in a browser's bar.
    if not _VISIBLE.fullmatch(url) or "\\" in url:
        raise UnableToCall("NOT_READABLE")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise UnableToCall("NOT_READABLE") from None
    return parts, port


def is_public(address: str) -> bool:
    """Whether an IP address lies in the public internet, in whatever form it is given."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        inside = not ip.is_global or ip.is_multicast or ip.is_reserved
        return not inside and not any(ip in network for network in _NOT_PUBLIC_V4)
    # Forms that hold an IPv4 address (mapped, NAT64, 6to4) are never needed: all are refused.
    has_scope = ip.scope_id is not None
    return not has_scope and ip in _PUBLIC_V6 and not any(ip in net for net in _NOT_PUBLIC_V6)
