"""English stands beside the Indonesian of every page: nothing is left out, no placeholder is lost, pages render in it."""

import ast
import re
import runpy
from datetime import date
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template.loader import get_template
from django.utils import translation
from django.utils.translation import reloader
from django.utils.translation.template import templatize

import ikrar
from ikrar.domain import errors
from ikrar.web import context, messages
from ikrar.web.forms.account import PasswordSignInForm
from ikrar.web.forms.pacts import CheckForm

WEB = Path(ikrar.__file__).parent / "web"
BUILD = runpy.run_path(str(WEB.parent.parent / "tools" / "build_messages.py"))
SOURCE = WEB / "locale" / "en" / "LC_MESSAGES" / "django.po"
# How many of a call's first arguments are text, by the name of the function of django.utils.translation.
TEXTS = {"gettext": 1, "ngettext": 2, "pgettext": 2, "npgettext": 3}


def key(function: str, texts: list[str]) -> str:
    """Return a message id as a catalogue holds it: context, id and plural joined."""
    before = texts.pop(0) + "\4" if function.startswith(("p", "np")) else ""
    return before + "\0".join(texts)


def spoken(tree: ast.AST, functions: dict[str, str]) -> list[tuple[str | None, int]]:
    """Return the message ids in a tree with their lines; None where the text is not written out in the call."""
    found: list[tuple[str | None, int]] = []
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in functions:
            function = functions[call.func.id]
            texts = [node.value for node in call.args[: TEXTS[function]] if isinstance(node, ast.Constant)]
            found.append((key(function, texts) if len(texts) == TEXTS[function] else None, call.lineno))
    return found


def in_python(path: Path) -> list[tuple[str | None, int]]:
    """Return the message ids of a Python file, whatever name it gives to gettext and its kin."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = {
        name.asname or name.name: name.name.removesuffix("_lazy")
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if name.name.removesuffix("_lazy") in TEXTS
    }
    return spoken(tree, functions)


def in_template(path: Path) -> list[tuple[str | None, int]]:
    """Return the message ids of a template, as Django itself hands them to xgettext."""
    says = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    found = []
    for call in re.finditer(r"(?<!\w)(n?p?gettext|_)\(", says):
        function = "gettext" if call[1] == "_" else call[1]
        line = says.count("\n", 0, call.start()) + 1
        for end in re.finditer(r"\)", says[call.end() :]):
            try:
                tree = ast.parse(says[call.start() : call.end() + end.end()].strip())
            except SyntaxError:
                continue
            found.extend((message, line) for message, _ in spoken(tree, {call[1]: function}))
            break
    return found


@cache
def said() -> dict[str, str]:
    """Return every message id of the tree with the place that says it."""
    found = {}
    for path in sorted(WEB.rglob("*")):
        if path.suffix in (".py", ".html"):
            for message, line in in_python(path) if path.suffix == ".py" else in_template(path):
                place = f"{path.relative_to(WEB)}:{line}"
                assert message is not None, f"{place}: the text to translate must be written out in the call"
                assert message, f"{place}: an empty text would print the header of the catalogue"
                found.setdefault(message, place)
    return found


@pytest.fixture(scope="module")
def catalogue() -> dict[str, str]:
    return BUILD["read"](SOURCE)


@pytest.fixture(scope="module")
def built():
    """Compile the catalogue and let Django forget what it read before."""
    BUILD["main"]()
    reloader.translation_file_changed(None, SOURCE.with_suffix(".mo"))


@pytest.fixture
def english(built):
    with translation.override("en"):
        yield


def test_the_search_for_messages_finds_them():
    assert len(said()) > 600
    assert {"Pakta saya", "Nomor itu tidak sah", "Berkas tidak dapat dibaca.", "Tandatangani pakta"} <= set(said())
    assert "%(n)s sumber\0%(n)s sumber" in said()
    assert "Halaman %(now)s dari %(all)s" in said()


def test_every_message_has_its_english(catalogue):
    assert [f"{place}: {message}" for message, place in said().items() if not catalogue.get(message, "").strip()] == []


def test_no_english_is_kept_for_a_message_that_nobody_says(catalogue):
    assert set(catalogue) - set(said()) - {""} == set()


def test_no_translation_waits_for_a_second_look():
    assert "fuzzy" not in SOURCE.read_text(encoding="utf-8")


def test_the_header_names_language_letters_and_plurals(catalogue):
    header = catalogue[""]
    assert "Language: en\n" in header and "charset=UTF-8\n" in header
    assert "Plural-Forms: nplurals=2; plural=(n != 1);\n" in header


def test_every_plural_has_two_forms(catalogue):
    for message, text in catalogue.items():
        assert text.count("\0") == message.count("\0"), message


def test_placeholders_and_tags_agree(catalogue):
    marks = re.compile(r"%\(\w+\)[sd]|%[sd%]|</?\w+[^>]*>")
    for message, text in catalogue.items():
        if message:
            wanted = sorted(marks.findall(message.rpartition("\4")[2].split("\0")[0]))
            for form in text.split("\0"):
                assert sorted(marks.findall(form)) == wanted, message


def test_english_keeps_the_tone(catalogue):
    for message, text in catalogue.items() - {("", catalogue[""])}:
        assert "!" not in text, message
        for form in text.split("\0"):
            assert form == form.strip(), message


def test_the_words_of_python_are_english_in_english(english):
    assert str(context._MENU[0][2]) == "My pacts"
    assert messages.word("state", "excused") == "Excused"
    assert messages.word("role", "appointing_authority") == "Appointing authority"
    assert messages.sentence(errors.ReasonMissing("reason")) == "Give the reason."
    fault = {"field": "name", "code": "identifier_twice", "value": "17"}
    assert messages.fault_sentence(fault) == "Name: this number is already in the file, row 17"


def test_a_plural_is_english_in_english(english):
    assert translation.ngettext("%(n)s sumber", "%(n)s sumber", 1) == "%(n)s source"
    assert translation.ngettext("%(n)s sumber", "%(n)s sumber", 2) == "%(n)s sources"


VERSION = SimpleNamespace(title="Ikrar Bersama", opening="", points=["hadir dan setia"], closing="")
SIGNATURE = SimpleNamespace(
    name="Sari", version=VERSION, grade="password", code="0123456789ABCDEF", signed_on=date(2024, 10, 25),
    unit=SimpleNamespace(name="SMPN 1", agency=SimpleNamespace(name="Pemerintah Kota")), text_digest="0" * 64,
)  # fmt: skip
PAGES = {
    "landing.html": ({}, "<h1>A pledge of neutrality that anyone can check</h1>"),
    "check.html": (
        {"form": CheckForm, "result": SimpleNamespace(file="", signature=SIGNATURE, stands=True)},
        "<dt>Signed</dt><dd>25 October 2024</dd>",
    ),
    "account/sign_in.html": ({"form": PasswordSignInForm}, '<button type="submit">Sign in</button>'),
    "credits.html": ({}, "<h1>Credits and data sources</h1>"),
}


@pytest.fixture
def page(built, settings):
    """Render a page for a visitor without a session: it then needs no database, and no collected files."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}

    def render(name: str, language: str, values: dict[str, Any]) -> str:
        request = SimpleNamespace(LANGUAGE_CODE=language, user=AnonymousUser(), path="/")
        with translation.override(language):
            return get_template(name).render(values | {"request": request})

    return render


@pytest.mark.parametrize("name", PAGES)
def test_a_page_renders_in_english(name, page, catalogue):
    values, wanted = PAGES[name]
    html = page(name, "en", values)
    assert wanted in html
    for message, _ in in_template(WEB / "templates" / name) + in_template(WEB / "templates" / "base.html"):
        if catalogue[message] != message:
            assert not re.search(rf">\s*{re.escape(message)}\s*<", html), message


def test_indonesian_stays_as_it_is_written(page):
    assert ">Langsung ke isi<" in page("credits.html", "id", {})
    with translation.override("id"):
        assert str(context._MENU[0][2]) == "Pakta saya"
