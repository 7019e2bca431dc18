"""marsad (مرصد): an unattended monitor of the Arabic press."""

__version__ = "0.1.0"
