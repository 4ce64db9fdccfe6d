"""SIGKILL at random moments while people sign: no acknowledged signature is missing afterwards, none is doubled."""

import os
import random
import signal
import time

from _place import load, outcome, place, stop
from _table import Figure, end_within, say, show, size

_CONNECTIONS = 32
# A moment after a number of signatures, either at random; the first line only says that the connections stand.
_MOST_SIGNATURES = 80
_LONGEST_S = 0.1


def main() -> None:
    times = size(50, 5)
    end_within(2400)
    seed = int(os.environ.get("SEED") or time.time())
    chance = random.Random(seed)
    say(f"seed {seed}")
    with place() as here:
        here.init()
        ours = here.people(times * 160 + 500)
        waiting = dict(ours["people"])
        acknowledged: list[int] = []
        in_flight, lost, wrong = 0, 0, []
        for number in range(1, times + 1):
            server, port = here.start()
            try:
                # Whoever got no answer tries again after the restart, as a person would.
                job = {
                    "act": "sign", "port": port, "connections": _CONNECTIONS, "cookie": ours["cookie"],
                    "people": list(waiting.items()), "may_break": True,
                }  # fmt: skip
                people = load(here.env, job)
                assert people.stdout
                for _ in range(chance.randint(1, _MOST_SIGNATURES)):
                    people.stdout.readline()
                time.sleep(chance.uniform(0, _LONGEST_S))
            finally:
                stop(server, signal.SIGKILL)
            got = outcome(people)
            acknowledged += got["acknowledged"]
            lost += len(got["found_signed"])
            in_flight += got["broken"] > 0
            wrong += got["wrong"]
            for duty in got["acknowledged"] + got["found_signed"]:
                del waiting[duty]
            if number % 10 == 0 or number == times:
                say(f"killed {number} times; {len(acknowledged)} acknowledged, {lost} found signed without an answer")
        found = here.inside("signed", given=acknowledged)
    for each in wrong[:5]:
        say(f"WRONG ({len(wrong)}): {each}")
    say(f"{found['signatures']} signatures in the database; wrong: {found['wrong'] or 'nothing'}")
    good = not wrong and not found["wrong"] and len(set(acknowledged)) == len(acknowledged)
    show(
        Figure(
            f"killed {times} times, {in_flight} of them with requests in flight",
            f"{len(acknowledged)} acknowledged, {found['wrong'].get('acknowledged and missing', 0)} missing,"
            f" {found['wrong'].get('doubled', 0)} doubled",
            "",
            "",
            "none missing, none doubled",
            good and in_flight > times // 2 and len(acknowledged) > times,
        )
    )


if __name__ == "__main__":
    main()
