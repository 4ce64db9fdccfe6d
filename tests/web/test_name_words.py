"""Every reason why somebody may be meant, and everything that may be asked, has its sentence and no other is kept."""

import re

from ikrar.domain import names
from ikrar.domain.names import Ask, Reason
from ikrar.web import name_words
from tests.house.test_source import PACKAGE, calls, name_of, texts, tree_of

SOURCES = (PACKAGE / "domain" / "names.py", PACKAGE / "bulk" / "name_index.py")


def made(kind):
    found = [call for path in SOURCES for call in calls(tree_of(path)) if name_of(call) == kind]
    return {text for call in found for text in texts(call.args[0])}


def test_every_reason_has_its_sentence_and_no_other_is_kept():
    given = made("Reason") | set(names._BY_WHY.values())
    assert given == set(name_words.REASONS) and len(given) > 10


def test_everything_that_is_asked_has_its_sentence():
    assert made("Ask") | set(names.AS_HELD) == set(name_words.ASKS)


def test_a_sentence_says_what_its_reason_gives():
    source = "".join(path.read_text(encoding="utf-8") for path in SOURCES)
    said = {name for text in name_words.REASONS.values() for name in re.findall(r"%\((\w+)\)s", str(text))}
    assert all(f'(("{name}",' in source or f', ("{name}", ' in source for name in said)
    assert name_words.sentence(Reason("missing", (("words", "hakim"),))) == "Tidak ada pada namanya: hakim."


def test_what_is_asked_names_examples():
    assert name_words.ask_sentence(Ask("unit", ("SMP 3", "SMP 4"))).endswith("misalnya: SMP 3 atau SMP 4.")
    assert "NIP" in name_words.ask_sentence(Ask("number"))
    assert name_words.ask_sentence(Ask("unit_nowhere", ("SMP 9",))).startswith("Tidak ada SMP 9 pada")
    assert "“xqz barat”" in name_words.ask_sentence(Ask("place_unknown", ("xqz", "barat")))
    assert name_words.ask_sentence(Ask("initials")).endswith("unit kerjanya.")
    said = name_words.sentence(Reason("place_short", (("short", "pyk"), ("place", "payakumbuh"))))
    assert said == "“pyk” dibaca sebagai “payakumbuh”."
