"""Why there is no master key, in words that say what to do."""


class KeyProblem(Exception):
    """The master key can't be used as it was given. The message says the remedy and never holds key material."""
