"""A second verifier of Writ's evidence.

Written from the format pages and the RFCs alone, in another language than the first, with nothing but Python's
standard library. It exists to disagree: the tests ask both verifiers about everything and hold the answers together.
"""
