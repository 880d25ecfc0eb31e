"""CAS Registry Numbers and InChIKeys: their form, and what their form proves."""

import re

_CAS = re.compile(r"([1-9][0-9]{1,6})-([0-9]{2})-([0-9])")
_INCHIKEY = re.compile(r"[A-Z]{14}-[A-Z]{8}[SN][A-Z]-[A-Z]")
_SKELETON = 14


def is_cas(written: str) -> bool:
    """Whether `written` is a CAS Registry Number: the last digit is the sum of the others, each times its place from
    the right, modulo 10 (Chemical Abstracts Service, check digit verification)."""
    found = _CAS.fullmatch(written)
    if found is None:
        return False
    digits = f"{found[1]}{found[2]}"[::-1]
    return sum(place * int(digit) for place, digit in enumerate(digits, start=1)) % 10 == int(found[3])


def is_inchikey(written: str) -> bool:
    """Whether `written` has the form of a standard or other InChIKey (IUPAC, InChI technical manual)."""
    return _INCHIKEY.fullmatch(written) is not None


def skeleton(inchikey: str) -> str:
    """The first block of an InChIKey: which atoms are bound to which, without stereochemistry, isotopes and charge."""
    return inchikey[:_SKELETON]
