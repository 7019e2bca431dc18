"""Who we say we are."""

from typing import Final

from marsad import __version__

# What a robots.txt names us by (RFC 9309, 2.2.1).
PRODUCT: Final = "marsad"
SOFTWARE: Final = f"{PRODUCT}/{__version__}"


def user_agent(contact: str) -> str:
    return f"{SOFTWARE} (+{contact})"
