#!/usr/bin/env python3
"""Writes MediaAspire.Core/Media/UnicodeNormalization.txt, the tables of Core/Media/UnicodeNormalization.cs.

Unicode never changes the normal form of an assigned character, so the table only grows with a newer Python.
"""

import pathlib
import unicodedata

HANGUL = range(0xAC00, 0xAC00 + 11172)
POINTS = [point for point in range(0x110000) if point not in HANGUL and not 0xD800 <= point < 0xE000]


def codes(text):
    return " ".join(f"{ord(character):04X}" for character in text)


lines = [f"# Unicode {unicodedata.unidata_version}, made by eng/normalization-table.py. D: decomposition, C: combining class, P: composed pair."]
for point in POINTS:
    character = chr(point)
    whole = unicodedata.normalize("NFKD", character)
    if whole != character:
        lines.append(f"D {point:04X} {codes(whole)}")
    if unicodedata.combining(character):
        lines.append(f"C {point:04X} {unicodedata.combining(character)}")
    pair = unicodedata.decomposition(character)
    if pair and "<" not in pair and len(pair.split()) == 2:
        first, second = (chr(int(code, 16)) for code in pair.split())
        if unicodedata.normalize("NFC", first + second) == character:
            lines.append(f"P {point:04X} {codes(first + second)}")

target = pathlib.Path(__file__).parent.parent / "MediaAspire.Core/Media/UnicodeNormalization.txt"
target.write_text("\n".join(lines) + "\n", encoding="ascii")
