"""What the errors that tell the user something have in common."""


class ForeseenError(Exception):
    """One sentence with a hint, which the command line prints as it is, without a traceback."""
