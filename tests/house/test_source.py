"""House rules that the source itself can break: where a write stands, what is imported where, what a log line holds."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import grimp
import pytest

import ikrar
from ikrar.domain.commitments import DOMAIN_TAG, EVENTS
from tests.conftest import LONGEST_FIRST, TESTS

PACKAGE = Path(ikrar.__file__).parent
REPOSITORY = PACKAGE.parent
Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def sources(*folders: str) -> list[Path]:
    """Our Python files below these folders of the package, without migrations."""
    found = (path for folder in folders or ("",) for path in (PACKAGE / folder).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(REPOSITORY)}:{node.lineno}"


def calls(node: ast.AST) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call))


def name_of(call: ast.Call) -> str:
    """The last word of what is called: `save` of `user.save()`."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def owner_of(call: ast.Call) -> str:
    """What a method is called on, as it is written: `ledger` of `ledger.append(…)`."""
    return ast.unparse(call.func.value) if isinstance(call.func, ast.Attribute) else ""


def texts(node: ast.AST) -> list[str]:
    return [each.value for each in ast.walk(node) if isinstance(each, ast.Constant) and isinstance(each.value, str)]


# --- writes ------------------------------------------------------------------------------------------------------

WRITES = {
    "save", "create", "update", "delete", "get_or_create", "update_or_create", "bulk_create", "bulk_update",
    "aget_or_create", "acreate", "asave", "adelete", "aupdate",
}  # fmt: skip


def writes_in(path: Path) -> list[str]:
    return [f"{place(path, call)} {ast.unparse(call.func)}" for call in calls(tree_of(path)) if name_of(call) in WRITES]


def test_a_write_stands_in_services_alone():
    # The domain imports the standard library alone (a contract of the linter): its updates are of sets and mappings.
    assert [found for path in sources("web", "worker", "records") for found in writes_in(path)] == []
    assert len([found for path in sources("services") for found in writes_in(path)]) > 50, "the search finds nothing"


def test_no_model_hides_an_act_in_save_or_in_a_signal():
    for path in sources("records"):
        for node in ast.walk(tree_of(path)):
            assert not (isinstance(node, Function) and node.name in ("save", "delete")), place(path, node)
            assert not (isinstance(node, ast.ImportFrom) and "signals" in (node.module or "")), place(path, node)


def public_functions(folder: str) -> Iterator[tuple[Path, Function]]:
    for path in sources(folder):
        for node in tree_of(path).body:
            if isinstance(node, Function) and not node.name.startswith("_"):
                yield path, node


def does_write(function: Function) -> bool:
    return any(
        name_of(call) in WRITES or (owner_of(call) == "ledger" and name_of(call) in ("append", "append_many"))
        for call in calls(function)
    )


def test_every_public_function_of_the_services_says_what_it_does():
    mute = [place(path, each) for path, each in public_functions("services") if not ast.get_docstring(each)]
    assert mute == []
    assert sum(does_write(each) for _, each in public_functions("services")) > 40, (
        "the search finds no writing function"
    )


def _opens_a_transaction(function: Function) -> bool:
    return any("transaction.atomic" in ast.unparse(each) for each in function.decorator_list) or any(
        "transaction.atomic" in ast.unparse(each.context_expr)
        for node in ast.walk(function)
        if isinstance(node, ast.With)
        for each in node.items
    )


def test_a_public_function_that_logs_opens_the_transaction_of_its_act_or_says_that_it_stands_in_another():
    for path, function in public_functions("services"):
        logs = any(
            owner_of(call) == "ledger" and name_of(call) in ("append", "append_many") for call in calls(function)
        )
        if logs and path.name != "ledger.py":
            said = "caller's transaction" in (ast.get_docstring(function) or "")
            assert _opens_a_transaction(function) or said, place(path, function)


def test_every_error_that_a_service_raises_itself_is_named_in_its_docstring():
    """Whoever calls it must know what to catch; the name of the error is that of its class."""
    silent = []
    for path, function in public_functions("services"):
        said = ast.get_docstring(function) or ""
        for node in ast.walk(function):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                raised = name_of(node.exc)
                # The function inside the caller's transaction leaves that to the public act beside it.
                told = raised in said or "(see " in said or "caller's transaction" in said
                if raised[:1].isupper() and not told:
                    silent.append(f"{place(path, node)} {function.name} raises {raised}")
    assert silent == []


# --- imports -----------------------------------------------------------------------------------------------------


def test_no_module_imports_itself_by_way_of_others():
    """Such a module loads only where something else was imported first: in a process that begins with it, it fails."""
    graph = grimp.build_graph("ikrar")
    left = {each: set(graph.find_modules_directly_imported_by(each)) for each in graph.modules}
    assert left.keys() > {"ikrar.services.report_desk", "ikrar.services.retention"}
    while done := {each for each, imported in left.items() if not imported & left.keys()}:
        left = {each: imported for each, imported in left.items() if each not in done}
    assert sorted(left) == []


def test_imports_go_down_only():
    """import-linter knows the floors; the test run holds its lines."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert "kept" in done.stdout


# What an interpreter must not load before it is wanted: the server only where it serves, Django after its settings, what
# draws pictures only where one comes.
LATE_IMPORTS = {
    "ikrar/__main__.py",
    "ikrar/worker/management/commands/serve.py",
    "ikrar/gateways/blobs.py",
    "ikrar/gateways/messengers.py",
    "ikrar/gateways/pictures.py",
}


def test_imports_stand_at_the_top_of_the_file():
    late = [
        f"{place(path, node)} {ast.unparse(node)}"
        for path in sources()
        if str(path.relative_to(REPOSITORY)) not in LATE_IMPORTS
        for function in ast.walk(tree_of(path))
        if isinstance(function, Function)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert late == []


def test_a_migration_imports_no_code_of_ours():
    """Code goes on changing; what a migration did must not. A field class of our own is the one thing it must name."""
    for path in (PACKAGE / "records" / "migrations").glob("0*.py"):
        for node in ast.walk(tree_of(path)):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            ours = [name for name in names if name.split(".")[0] == "ikrar" and name != "ikrar.records.models.fields"]
            assert not ours, f"{place(path, node)} imports {ours}"


# --- the log -----------------------------------------------------------------------------------------------------

# Declared now since the forms of entries are fixed for ever; used by the part that is named.
LATER_EVENTS = {
    "log.payload_erased": "the log part erases payloads",
    "roster.exported": "part 3 exports lists",
}


@cache
def logged_events() -> dict[str, str]:
    """Every event that the source appends, with one place."""
    found = {}
    for path in sources():
        for call in calls(tree_of(path)):
            if owner_of(call) != "ledger" or name_of(call) not in ("append", "append_many", "record", "prepare"):
                continue
            names = texts(call.args[0])
            assert names, f"{place(path, call)}: the event must be readable where it is logged"
            found.update(dict.fromkeys(names, place(path, call)))
    return found


def test_every_event_that_is_logged_was_declared():
    assert len(logged_events()) > 25
    unknown = {event: where for event, where in logged_events().items() if event not in EVENTS}
    assert unknown == {}


def test_every_declared_event_is_logged_somewhere_or_its_part_is_named():
    assert set(EVENTS) - set(logged_events()) == set(LATER_EVENTS)


def test_an_events_name_is_a_noun_and_a_past_tense():
    for event in EVENTS:
        noun, _, verb = event.partition(".")
        assert noun.replace("_", "").isalpha() and verb.isascii() and verb.replace("_", "").isalpha(), event


def test_the_form_of_a_log_entry_is_written_down():
    paper = REPOSITORY / "docs" / "log.md"
    if not paper.exists():
        pytest.skip("docs/log.md is not there yet")
    said = paper.read_text(encoding="utf-8")
    tag = DOMAIN_TAG.decode("ascii").rstrip("\0")
    assert tag in said, "the tag that every commitment begins with"
    hexadecimal = re.sub(r"[^0-9a-f]", "", said.lower())
    ends = re.search(r"\\x00|0x00|\bNUL\b|\bnol\b|\bzero byte\b|\bbyte 0\b", said)
    assert DOMAIN_TAG.hex() in hexadecimal or ends, "the byte that ends the tag"


def test_a_line_for_the_server_log_is_a_constant_phrase():
    """Names, numbers and messages of errors come in by formatting; ids go into `extra`."""
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    for path in sources():
        for call in calls(tree_of(path)):
            if owner_of(call) == "logger" and name_of(call) in levels:
                assert len(call.args) == 1 and isinstance(call.args[0], ast.Constant), place(path, call)
                for keyword in call.keywords:
                    assert keyword.arg in ("extra", "exc_info"), place(path, call)


# --- unfinished work, and where the build gets its parts ---------------------------------------------------------


@cache
def files_of_the_repository() -> list[Path]:
    """What is in the repository, or would be with the next commit."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=REPOSITORY, capture_output=True
    )
    if done.returncode:  # a copy without a repository: all of the package and what builds it
        inside = [path for folder in ("ikrar", "tests", "docs", "tools") for path in (REPOSITORY / folder).rglob("*")]
        beside = [path for path in REPOSITORY.iterdir() if path.suffix != ".lock"]
        return [path for path in inside + beside if path.is_file() and not {"staticfiles", "vendor"} & set(path.parts)]
    return [path for name in done.stdout.decode().split("\0") if name and (path := REPOSITORY / name).is_file()]


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "ignore")


def test_nothing_in_the_package_is_left_undone():
    undone = re.compile(r"\b(TODO|FIX" + r"ME|XX" + r"X)\b|NotImplemented" + "Error")
    kinds = {".py", ".html", ".css", ".js", ".typ", ".yaml", ".po"}
    for path in files_of_the_repository():
        if PACKAGE in path.parents and path.suffix in kinds:
            for number, line in enumerate(_text(path).splitlines(), 1):
                assert not undone.search(line), f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()}"


REGISTRIES = (
    "registry" ".npm" + "js", "npm" + "mirror", "py" + "pi.org", "python" + "hosted", "pypi." + "python", "crates" + ".io",
    "proxy.golang" + ".org", "deb" ".debian" + ".org", "registry.yarn" + "pkg",
)  # fmt: skip


def test_no_file_names_the_host_of_a_registry():
    """Any mirror serves: where parts come from is said by the machine that builds."""
    for path in files_of_the_repository():
        said = _text(path).lower()
        for host in REGISTRIES:
            assert host not in said, f"{path.relative_to(REPOSITORY)} names {host}"


def test_the_locks_hold_digests_and_no_addresses():
    for path in REPOSITORY.glob("requirements*.lock"):
        said = _text(path)
        assert "://" not in said, path.name
        assert "--hash=sha256:" in said, path.name
    packages = json.loads(_text(REPOSITORY / "package-lock.json"))["packages"]
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name


def test_a_form_takes_a_choice_of_many_records_by_the_field_that_refuses_what_no_record_can_be():
    for path in sorted((PACKAGE / "web").rglob("*.py")):
        used = path.read_text().count("ModelMultipleChoiceField")
        assert used == (path.name == "choices.py"), f"{path}: use web.forms.choices.ManyRecords"


def test_the_files_that_are_tested_first_are_there():
    assert [name for name in LONGEST_FIRST if not (TESTS / name).is_file()] == []
