"""What a document is called, for ever and everywhere."""

from hashlib import sha256


def document_id(url: str) -> str:
    """128 bits of the SHA-256 of its first canonical URL, in hex."""
    return sha256(url.encode()).hexdigest()[:32]
