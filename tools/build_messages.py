"""Compile the translations (.po to .mo) with Python alone, so that no gettext need be installed."""

import ast
import struct
import sys
from pathlib import Path

LOCALE = Path(__file__).parent.parent / "ikrar" / "web" / "locale"


def read(path: Path) -> dict[str, str]:
    """Return the messages of a .po file: id -> text, plural forms joined as gettext stores them. Fuzzy ones are left out."""
    messages: dict[str, str] = {}
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip()]
        if any(line.startswith("#,") and "fuzzy" in line for line in lines) and 'msgid ""' not in lines:
            continue
        parts: dict[str, str] = {}
        at = ""
        for line in lines:
            if line.startswith("#"):
                continue
            if line.startswith("msg"):
                at, _, text = line.partition(" ")
                parts[at] = ast.literal_eval(text)
            else:
                parts[at] += ast.literal_eval(line)
        if "msgid" not in parts:
            continue
        key, forms = parts["msgid"], [parts[name] for name in sorted(parts) if name.startswith("msgstr")]
        if "msgid_plural" in parts:
            key = f"{key}\0{parts['msgid_plural']}"
        if "msgctxt" in parts:
            key = f"{parts['msgctxt']}\4{key}"
        if all(forms):
            messages[key] = "\0".join(forms)
    return messages


def write(messages: dict[str, str], path: Path) -> None:
    """Write a .mo file (GNU gettext, little endian)."""
    pairs = [(key.encode(), text.encode()) for key, text in sorted(messages.items())]
    offset = 28 + 16 * len(pairs)
    keys, texts, data = b"", b"", b""
    for which in (0, 1):
        for pair in pairs:
            entry = struct.pack("<II", len(pair[which]), offset + len(data))
            if which == 0:
                keys += entry
            else:
                texts += entry
            data += pair[which] + b"\0"
    head = struct.pack("<IIIIIII", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, offset)
    path.write_bytes(head + keys + texts + data)


def main() -> None:
    """Compile every catalogue under the locale folder."""
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")):
        messages = read(source)
        write(messages, source.with_suffix(".mo"))
        print(f"messages: {source.parent.parent.name}, {len(messages) - 1}", file=sys.stdout)


if __name__ == "__main__":
    main()
