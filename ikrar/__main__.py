"""The command `ikrar`. Exit status: 0 done, 1 refused (the reason on stderr), 2 wrong usage."""

import os
import sys

# What `ikrar help` lists, by what it is for. Django's own commands can be called too, and are not listed.
COMMANDS = {
    "The installation": {
        "init": "make a real, empty installation: tables, keys, first agency, first administrator",
        "serve": "serve the pages, do the slow work and what the clock asks for, until stopped",
        "work": "do the slow work and what the clock asks for, beside 'serve --web-only'",
        "reset-account": "let somebody who lost his device into his account again, with a fresh code",
        "backup": "write database, files and keys into one archive",
        "restore": "put a backup into an empty place and verify it",
    },
    "The programme": {
        "import-roster": "import a staff file (CSV or XLSX), or show what it would change",
        "undo-import": "take the latest import of an agency back",
        "coverage": "count who signed in a unit and all below it",
        "outbox": "count today's messages outside, and tend addresses that take none",
        "certificate": "write the signed certificates of a unit and all below it, a PDF a person",
    },
    "Reports": {
        "index-names": "make the index by which officers find people, now instead of with the clock",
        "verify-receipt": "tell whether a reporter's receipt is genuine, on any machine",
        "find-person": "who is meant by a name as people write it; with --roster, from a file",
    },
    "Demonstrations": {
        "load-scenario": "carry out real programmes with invented people, in a demo",
        "make-roster": "write a staff file of invented people",
    },
    "The law: a line of JSON in, a line of JSON out": {
        "assess": "what a deed is by the rules of its day",
        "suggest-acts": "which acts a description may mean",
        "ask": "whether something is allowed",
        "due": "until when a step may be taken",
        "authority": "who examines, recommends, sanctions and hears an objection",
        "procedure": "write the procedure of cases as diagrams and tables, or as JSON",
        "check-rulebook": "read the rulebook anew and name file and line of every fault",
    },
}
_OF_THE_LAW = tuple(COMMANDS["The law: a line of JSON in, a line of JSON out"])
_HELP = ("help", "--help", "-h")


def main() -> None:
    """Run one command; `ikrar help` lists them."""
    arguments = sys.argv[1:] or ["help"]
    if arguments[0] in _HELP and len(arguments) > 1:
        arguments = [arguments[1], "--help"]
    name = arguments[0]
    if name in _HELP:
        print(_overview())  # noqa: T201
        return
    if name == "--version":
        import ikrar

        print(f"ikrar {ikrar.__version__}")  # noqa: T201
        return
    if name in _OF_THE_LAW:
        # These need no database, and answer before the web framework would have been set up.
        from ikrar.worker import rules

        raise SystemExit(rules.main(arguments))
    if name == "find-person" and any(each.startswith("--roster") for each in arguments):
        # From a file: needs no database either.
        from ikrar.worker import find_person

        raise SystemExit(find_person.main(arguments[1:]))
    _run(name, arguments)


def _run(name: str, arguments: list[str]) -> None:
    """Set the web framework up and run a command of it."""
    from ikrar.worker import serving

    if any(name in commands for commands in COMMANDS.values()):
        os.umask(0o077)  # what our commands write holds the data of people: for nobody else on this machine
    if name == "serve":
        serving.say_options(arguments[1:])
    if name == "work":
        serving.end_with_server()
        serving.forget_options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ikrar.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import ManagementUtility, get_commands
    from django.db import OperationalError, connection

    try:
        django.setup()
    except ImproperlyConfigured as error:
        print(f"setting_wrong: {' '.join(str(error).split())}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from None
    if name not in get_commands():
        print(f"ikrar: unknown command {name!r}; 'ikrar help' lists them", file=sys.stderr)  # noqa: T201
        raise SystemExit(2)
    try:
        ManagementUtility(["ikrar", *arguments]).execute()
    except OperationalError as error:
        if connection.connection is not None:
            raise
        # There was no connection at all: an address or a right is wrong, which a trace of ours does not explain.
        print(f"database_unavailable: {' '.join(str(error).split())}", file=sys.stderr)  # noqa: T201
        raise SystemExit(1) from None


def _overview() -> str:
    lines = ["usage: ikrar COMMAND …", "       ikrar COMMAND --help"]
    for title, commands in COMMANDS.items():
        lines += ["", f"{title}:", *(f"  {name:<15} {says}" for name, says in commands.items())]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
