"""The peer of assessment: OpenFisca-core, with one boolean variable that indexes a parameter tree act × role by date.

`_peer_openfisca.py one SECONDS` asks for one person at a time; `many ROWS` asks for all at once. One JSON line each.
"""

import json
import sys
import time
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy
from openfisca_core import entities, indexed_enums, parameters, periods, simulations, taxbenefitsystems, variables

_ACTS, _ROLES = 24, 6
_DAYS = (date(2018, 1, 1), date(2020, 9, 10), date(2021, 8, 31), date(2022, 9, 22))
_DAY = "2024-10-01"


def _system() -> tuple[Any, Any]:
    person = entities.Entity("person", "people", "Person", "")
    act_words = indexed_enums.Enum("ActWord", {f"act_{number}": f"act_{number}" for number in range(_ACTS)})
    role_words = indexed_enums.Enum("RoleWord", {f"role_{number}": f"role_{number}" for number in range(_ROLES)})

    class act(variables.Variable):
        value_type = indexed_enums.Enum
        possible_values = act_words
        default_value = act_words.act_0
        entity = person
        definition_period = periods.DateUnit.DAY

    class role(variables.Variable):
        value_type = indexed_enums.Enum
        possible_values = role_words
        default_value = role_words.role_0
        entity = person
        definition_period = periods.DateUnit.DAY

    class is_breach(variables.Variable):
        value_type = bool
        entity = person
        definition_period = periods.DateUnit.DAY

        def formula(people: Any, period: Any, parameters: Any) -> Any:
            table = parameters(period).breach
            return table[people("act", period)][people("role", period)]

    system = taxbenefitsystems.TaxBenefitSystem([person])
    system.add_variables(act, role, is_breach)
    tree = {
        f"act_{a}": {
            f"role_{r}": {"values": {str(day): {"value": bool((a + r + n) % 2)} for n, day in enumerate(_DAYS)}}
            for r in range(_ROLES)
        }
        for a in range(_ACTS)
    }
    system.parameters = parameters.ParameterNode("", data={"breach": tree})
    return system, person


def _ask(system: Any, acts: Any, roles: Any) -> Any:
    simulation = simulations.SimulationBuilder().build_default_simulation(system, len(acts))
    simulation.set_input("act", _DAY, acts)
    simulation.set_input("role", _DAY, roles)
    return simulation.calculate("is_breach", _DAY)


def one(seconds: float) -> dict[str, float]:
    """Ask for one person at a time for so long."""
    system, _ = _system()
    rows = [(numpy.array([n % _ACTS]), numpy.array([n % _ROLES])) for n in range(997)]
    _ask(system, *rows[0])
    began, count = time.perf_counter(), 0
    while time.perf_counter() - began < seconds:
        _ask(system, *rows[count % len(rows)])
        count += 1
    return {"per_second": count / (time.perf_counter() - began)}


def many(count: int) -> dict[str, float]:
    """Ask for all rows at once; the best of three, so that another program's noise shall not help us."""
    system, _ = _system()
    source = numpy.random.default_rng(1)
    acts, roles = source.integers(0, _ACTS, count), source.integers(0, _ROLES, count)
    _ask(system, acts[:1000], roles[:1000])
    return {"per_second": max(count / _timed(lambda: _ask(system, acts, roles)) for _ in range(3))}


def _timed(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    what, size = sys.argv[1:]
    print(json.dumps(one(float(size)) if what == "one" else many(int(size))))
