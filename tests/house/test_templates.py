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


# Attributes that a form, a script, a link or another attribute reads, and nobody's eyes.
READ = re.compile(
    r"value|name|id|for|max|min|href|action|form\w*|list|aria-(?:labelledby|describedby|controls)|data-.+"
)
# What people read all the same, and what names another place of the page with them.
SAID = re.compile(r"data-(?:label|done|state-word|meant|unknown|wrong|gone|away|copied)")
# Of these names every value is a text: codes of the rulebook, addresses, digests, words that were typed.
_TEXTS = (
    "act address again aria_describedby asked at auto_id back birth captured carried citizenship code contact decision decision_key"
    " digest each email family field file further get_full_path href html_name id id_for_label id_number job known_on language"
    " link list make mark meant name next opened paper part path people phone post q query reason referral_key sex source"
    " standing state step team_page text ticked title token unit unknown url value was when where words warned_key wrong"
)
TEXTS = frozenset(_TEXTS.split())
# `key`, `number`, `place`, `row`, `size` … are numbers of records on one page and texts on another. Here they are texts: numbers
# of cases and reports in hexadecimal, keys of drafts, names of columns.
TEXTS_THERE = frozenset(
    {
        ("cases/_clock.html", "shown.key"),
        ("cases/board.html", "line.key"),
        ("cases/examination.html", "row"),
        ("cases/national.html", "each.key"),
        ("cases/new.html", "number"),
        ("cases/respondent.html", "said.key"),
        ("cases/step.html", "own"),
        ("cases/team.html", "number"),
        ("circulars/publish.html", "shown"),
        ("intake/questions.html", "page.body"),
        ("landing.html", "part.key"),
        ("landing.html", "programme.officer.key"),
        ("reports/_bench_list.html", "line.number"),
        ("reports/_matter.html", "each.number"),
        ("reports/_matter.html", "number"),
        ("reports/_opened.html", "number"),
        ("reports/_rows.html", "key"),
        ("reports/_rows.html", "place"),
        ("reports/doubles.html", "number"),
        ("reports/inbox.html", "line.number"),
    }
)
# What a filter of these gives is written alike in every language.
PLAIN = re.compile(r"\|(?:stringformat:['\"].+|date:['\"]Y-m-d|unlocalize|slugify|urlencode|default:['\"])")


def _doubtful(path: Path) -> list[str]:
    """Return what a template writes into an attribute that a program reads, and that may be a number with points in it."""
    found, values = [], []

    def keep(match: re.Match[str]) -> str:
        values.append(match[1].strip())
        return f"\0{len(values) - 1}\1"

    text = re.sub(r"\{#.*?#\}|\{%.*?%\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    text = re.sub(r"\{\{(.*?)\}\}", keep, text, flags=re.S)
    for name, value in re.findall(r"([a-z-]+)=\"([^\"]*)\"", text):
        if not READ.fullmatch(name) or SAID.fullmatch(name):
            continue
        for each in re.findall("\0(\\d+)\1", value):
            said = values[int(each)]
            variable, _bar, filters = said.partition("|")
            is_text = variable.rpartition(".")[2] in TEXTS or (short(path), variable) in TEXTS_THERE
            if not (is_text and not filters) and not PLAIN.search(said):
                found.append(f"{short(path)}: {name} of {{{{ {said} }}}}")
    return found


def test_a_number_that_a_form_a_link_or_a_script_reads_is_written_without_points():
    """A page writes 1.234 (in English 1,234); no record has that number."""
    assert [each for path in ALL for each in _doubtful(path)] == []


@pytest.mark.parametrize("written", ("{{ each.pk }}", "{{ forloop.counter }}", "{{ person_id }}", "{{ n|add:1 }}"))
def test_the_search_for_numbers_finds_them(written, tmp_path, monkeypatch):
    path = tmp_path / "one.html"
    monkeypatch.setattr(f"{__name__}.TEMPLATES", tmp_path)
    for attribute in ("value", "name", "id", "for", "href", "action", "data-number", "aria-labelledby"):
        path.write_text(f"<p {attribute}=\"{{% url 'a' %}}x-{written}\">", encoding="utf-8")
        assert len(_doubtful(path)) == 1, attribute
    path.write_text(f'<p title="{written}" value="{{{{ each.pk|stringformat:\'d\' }}}}">{written}', encoding="utf-8")
    assert not _doubtful(path)


def test_the_style_sheet_closes_what_it_opens():
    depth = 0
    for line, text in enumerate(
        (TEMPLATES.parent / "static" / "ikrar.css").read_text(encoding="utf-8").splitlines(), 1
    ):
        assert depth == 0 or not text.startswith("/*"), f"ikrar.css:{line}: the rule before is still open"
        depth += text.count("{") - text.count("}")
    assert depth == 0
