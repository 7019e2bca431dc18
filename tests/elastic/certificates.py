"""Certificates for a node: an authority of the test's own, and what it signed, valid or expired."""

from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

Pair = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def make_authority(name: str = "authority") -> Pair:
    key = ec.generate_private_key(ec.SECP256R1())
    return _signed(name, key, name, key, days=30, authority=True), key


def write_server_pair(folder: Path, authority: Pair, *, days: int = 30) -> None:
    """`server.crt` and `server.key` for 127.0.0.1; negative `days`: expired so long ago."""
    certificate, authority_key = authority
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    signed = _signed("server", key, str(issuer), authority_key, days=days)
    (folder / "server.crt").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def write_authority(file: Path, authority: Pair) -> Path:
    file.write_bytes(authority[0].public_bytes(serialization.Encoding.PEM))
    return file


def _signed(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
    *,
    days: int,
    authority: bool = False,
) -> x509.Certificate:
    until = datetime.now(UTC) + timedelta(days=days)
    identifier = x509.SubjectKeyIdentifier.from_public_key(issuer_key.public_key())
    builder = (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - timedelta(days=60))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier), critical=False)
    )
    if authority:
        builder = builder.add_extension(_usage(), critical=True)
    else:
        address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
        builder = builder.add_extension(address, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def _usage() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False, key_encipherment=False,
        data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
