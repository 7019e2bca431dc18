"""Which network addresses may be spoken to: those of the public internet, on the web's own ports."""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, TypeAlias
from urllib.parse import urlsplit

Address: TypeAlias = IPv4Address | IPv6Address
Network: TypeAlias = IPv4Network | IPv6Network

DEFAULT_PORTS: Final = {"http": 80, "https": 443}
WEB_PORTS: Final = frozenset(DEFAULT_PORTS.values())
NAT64: Final = IPv6Network("64:ff9b::/96")
# Names that lead into a local network wherever they resolve (RFC 6761, 6762, 8375; .internal is reserved by ICANN).
LOCAL_SUFFIXES: Final = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "home.arpa")


class RefusedAddress(Exception):
    """An address that we do not speak to, whatever the reason to ask for it. Never retried."""


def may_connect(address: Address, port: int, allowed: Iterable[Network]) -> bool:
    """`allowed` networks are exempt from both rules: public addresses only, ports 80 and 443 only."""
    inner = embedded(address)
    if any(address in network or inner in network for network in allowed):
        return True
    return port in WEB_PORTS and is_public(inner)


def is_public(address: Address) -> bool:
    """`is_global` alone counts multicast as global, and the deprecated site-local range of IPv6."""
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def embedded(address: Address) -> Address:
    """The IPv4 address that an IPv6 address leads to (mapped, 6to4, Teredo, NAT64), else the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def literal(host: str) -> Address | None:
    """The address that a host is written as, in any form that a C library reads: dotted, decimal, octal, hex."""
    try:
        return ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def check_unresolved(host: str, port: int, allowed: Iterable[Network]) -> None:
    """What can be refused by its name alone: behind a proxy we never see the address. Raises RefusedAddress."""
    name = host.rstrip(".").lower()
    address = literal(name)
    if address is not None:
        if not may_connect(address, port, allowed):
            raise RefusedAddress(f"port {port} of {host} is not on the public web")
    elif port not in WEB_PORTS:
        raise RefusedAddress(f"port {port} of {host} is not a web port")
    elif "." not in name or any(name == suffix or name.endswith("." + suffix) for suffix in LOCAL_SUFFIXES):
        raise RefusedAddress(f"{host} is a name of a local network")


def refusal(url: str, allowed: Iterable[Network]) -> str | None:
    """Why an address will not be asked, as far as it can be told from its spelling; None where it can not."""
    parts = urlsplit(url)
    try:
        check_unresolved(parts.hostname or "", parts.port or DEFAULT_PORTS[parts.scheme], allowed)
    except RefusedAddress as error:
        return str(error)
    return None
