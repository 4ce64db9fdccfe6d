"""Pages: no inline script or style, nothing from another host, every form with its token, every link with its view."""

import ast
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.template.loader import get_template
from django.urls import get_resolver

import ikrar
from tests.house.test_access import _patterns
from tests.house.test_source import calls, name_of, place, sources, tree_of

TEMPLATES = Path(ikrar.__file__).parent / "web" / "templates"
ALL = sorted(path for path in TEMPLATES.rglob("*.html"))


@cache
def url_names() -> frozenset[str]:
    return frozenset(each.name for each in _patterns(get_resolver()))


def short(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


class Tags(HTMLParser):
    """Reads a template as a browser would, template tags left in as text."""

    def __init__(self, path: Path) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[tuple[str, dict[str, str], int]] = []
        self.forms: list[tuple[dict[str, str], str]] = []
        self.scripts: list[str] = []
        self._inside: list[str] = []
        self._form: list[str] | None = None
        self._script: list[str] | None = None
        self.feed(re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S))

    def handle_starttag(self, tag, attributes):
        values = {name: value or "" for name, value in attributes}
        self.found.append((tag, values, self.getpos()[0]))
        if tag == "form":
            self._form = []
            self.forms.append((values, self._form))
        if tag == "script":
            self._script = []
            self.scripts.append(self._script)

    def handle_endtag(self, tag):
        if tag == "form":
            self._form = None
        if tag == "script":
            self._script = None

    def handle_data(self, data):
        for part in (self._form, self._script):
            if part is not None:
                part.append(data)


@pytest.mark.parametrize("path", ALL, ids=short)
def test_a_template_holds_no_script_or_style_of_its_own(path):
    tags = Tags(path)
    for tag, attributes, line in tags.found:
        about = f"{short(path)}:{line} <{tag}>"
        assert tag != "style", about
        assert "style" not in attributes, about
        assert not [name for name in attributes if name.startswith("on")], about
        assert not [value for value in attributes.values() if value.strip().lower().startswith("javascript:")], about
        if tag == "script":
            assert attributes.get("src", "").startswith("{% static"), about
    assert not "".join("".join(each) for each in tags.scripts).strip()


@pytest.mark.parametrize("path", ALL, ids=short)
def test_a_template_loads_nothing_from_another_host(path):
    for tag, attributes, line in Tags(path).found:
        if tag == "a":
            continue
        for name in ("src", "href", "action", "srcset", "poster", "data", "hx-post", "hx-get"):
            assert not re.match(r"(https?:)?//", attributes.get(name, "")), f"{short(path)}:{line} <{tag} {name}>"


# The intake door knows no session and no cookie: its forms can do nothing for another site (web.quiet).
WITHOUT_SESSION = ("intake/", "mailbox/")


@pytest.mark.parametrize("path", [path for path in ALL if not short(path).startswith(WITHOUT_SESSION)], ids=short)
def test_every_form_that_posts_carries_its_token(path):
    for attributes, inside in Tags(path).forms:
        posts = attributes.get("method", "get").lower() == "post"
        assert ("{% csrf_token %}" in "".join(inside)) == posts, f"{short(path)}: {attributes}"


def test_the_search_for_forms_finds_them():
    assert sum(len(Tags(path).forms) for path in ALL) > 40


@pytest.mark.parametrize("path", ALL, ids=short)
def test_a_template_compiles(path):
    get_template(short(path))


@pytest.mark.parametrize("path", ALL, ids=short)
def test_every_link_of_a_template_has_a_view(path):
    for match in re.finditer(r"\{%-?\s*url\s+(['\"])(?P<name>[^'\"]+)\1", path.read_text(encoding="utf-8")):
        assert match["name"] in url_names(), f"{short(path)}: {match['name']}"


def test_a_link_in_a_template_names_its_view_or_takes_it_from_the_menu():
    for path in ALL:
        for match in re.finditer(r"\{%-?\s*url\s+([^'\"\s]\S*)", path.read_text(encoding="utf-8")):
            assert match[1] == "item.url", f"{short(path)}: {match[1]}"


def test_every_redirect_in_the_source_has_a_view():
    seen = 0
    for path in sources("web"):
        for call in calls(tree_of(path)):
            if name_of(call) in ("redirect", "reverse") and call.args and isinstance(call.args[0], ast.Constant):
                seen += 1
                assert call.args[0].value in url_names(), place(path, call)
    assert seen > 30


def test_every_line_of_the_menu_has_a_view_with_its_permission():
    from ikrar.web.context import _MENU

    permissions = {each.name: each.callback.permission for each in _patterns(get_resolver())}
    for permission, name, _word in _MENU:
        assert permissions[name] == permission


def test_every_template_that_a_view_renders_is_there():
    for path in sources("web"):
        for call in calls(tree_of(path)):
            if name_of(call) == "render" and len(call.args) > 1 and isinstance(call.args[1], ast.Constant):
                assert (TEMPLATES / call.args[1].value).exists(), place(path, call)


@pytest.mark.parametrize("path", ALL, ids=short)
def test_a_button_says_what_it_does(path):
    said = path.read_text(encoding="utf-8")
    for match in re.finditer(r"<button[^>]*>(.*?)</button>", said, flags=re.S):
        words = re.sub(r"<[^>]+>", "", match[1])
        assert not re.search(r"\b(Submit|OK|Kirim)\b\W*$", words.strip()), f"{short(path)}: {words}"


@pytest.mark.parametrize("path", ALL, ids=short)
def test_a_number_that_a_form_or_a_script_reads_is_written_without_points(path):
    """A page writes 1.234; a key of that name is none."""
    for tag, attributes, line in Tags(path).found:
        for name in attributes:
            if name in ("value", "max") or (name.startswith("data-") and name != "data-copy"):  # names another place
                found = re.findall(r"\{\{\s*[a-z_.]*\b(?:pk|holder\.key|count)\s*\}\}", attributes[name])
                assert not found, f"{short(path)}:{line} <{tag} {name}>"


def test_the_style_sheet_closes_what_it_opens():
    depth = 0
    for line, text in enumerate(
        (TEMPLATES.parent / "static" / "ikrar.css").read_text(encoding="utf-8").splitlines(), 1
    ):
        assert depth == 0 or not text.startswith("/*"), f"ikrar.css:{line}: the rule before is still open"
        depth += text.count("{") - text.count("}")
    assert depth == 0
