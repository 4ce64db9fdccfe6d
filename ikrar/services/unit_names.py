"""Which unit a row of a roster means: by its code, else by its name under its parent; and the units that a file makes.

A file is listened to as a whole before its first row is read: in which order its rows stand decides nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from graphlib import CycleError, TopologicalSorter

import polars as pl

from ikrar.domain.errors import UnitTreeHasCycle
from ikrar.records.models import Agency, WorkUnit
from ikrar.services import masses, units

_KINDS = (
    (("SMP", "SMA", "SMK", "SD ", "SDN", "TK ", "SEKOLAH", "SMAN", "SMKN", "SLB", "PAUD"), WorkUnit.Kind.SCHOOL),
    (("PUSKESMAS", "UPTD PUSKESMAS"), WorkUnit.Kind.HEALTH_CENTRE),
    (("RSUD", "RUMAH SAKIT"), WorkUnit.Kind.HOSPITAL),
    (("KECAMATAN", "DISTRIK"), WorkUnit.Kind.DISTRICT),
    (("KELURAHAN", "NAGARI", "DESA"), WorkUnit.Kind.WARD),
    (("DINAS PENDIDIKAN",), WorkUnit.Kind.EDUCATION_OFFICE),
    (("SEKRETARIAT",), WorkUnit.Kind.SECRETARIAT),
    (("BAGIAN", "BIDANG", "SEKSI", "SUBBAGIAN", "SUB BAGIAN"), WorkUnit.Kind.SECTION),
)
Naming = tuple[str, str, str]  # name, code and parent as a row gives them; what it does not give is empty


@dataclass(eq=False, slots=True)
class Unit:
    """A unit of the tree, or one that a file makes: without a key until it is written."""

    code: str
    name: str
    pk: int | None = None
    parent: "Unit | None" = None


def guess_kind(name: str) -> str:
    """Return the kind of a unit by the words its name begins with; an officer can change it."""
    folded = _fold(name)
    for starts, kind in _KINDS:
        if folded.startswith(starts):
            return kind
    return WorkUnit.Kind.OFFICE


@lru_cache(maxsize=100_000)
def _fold(name: str) -> str:
    return " ".join(name.upper().split())


def _spellings(texts: Iterable[str]) -> dict[str, str]:
    """Return of each name the spelling to keep, where a file has several: the one with the most words as names are written."""
    kept: dict[str, str] = {}
    for text in sorted(set(texts)):
        folded = _fold(text)
        if folded not in kept or _written_words(text) > _written_words(kept[folded]):
            kept[folded] = text
    return kept


def _written_words(text: str) -> int:
    """Count the words that begin with a capital and go on in small letters."""
    return sum(word[:1].isupper() and (len(word) == 1 or not word.isupper()) for word in text.split())


class _Names:
    """Units by their names, by their codes whatever the letters, and by name under the code of a parent."""

    def __init__(self) -> None:
        self.by_name: dict[str, list[Unit]] = {}
        self.by_folded_code: dict[str, list[Unit]] = {}
        self.under: dict[tuple[str, str], list[Unit]] = {}

    def add(self, unit: Unit, parent: str | None) -> None:
        name = _fold(unit.name)
        self.by_name.setdefault(name, []).append(unit)
        self.by_folded_code.setdefault(_fold(unit.code), []).append(unit)
        if parent is not None:
            self.under.setdefault((name, parent), []).append(unit)

    def move(self, unit: Unit, old: str, new: str) -> None:
        """Hang a unit under another parent."""
        name = _fold(unit.name)
        self.under[name, old].remove(unit)
        self.under.setdefault((name, new), []).append(unit)


class UnitNames:
    """The open units of an agency as files call them; with `make`, also those that a file names and the tree lacks.

    A name alone means a unit only where one unit bears it. A name with a parent means the unit of that name under that
    parent, and no other of the same name.
    """

    def __init__(self, agency: Agency, *, make: bool) -> None:
        self.agency, self.make = agency, make
        self.by_code: dict[str, Unit] = {}
        self.fresh: list[Unit] = []
        self.used: set[str] = set()
        self._fresh_codes: set[str] = set()
        self._homeless: set[str] = set()
        self._root_codes: set[str] = set()
        self._found: dict[Naming, Unit | str] = {}
        self._spelled: dict[str, str] = {}
        self._closed: set[str] = set()
        known: dict[int, Unit] = {}
        above: dict[int, int] = {}
        rows = WorkUnit.objects.filter(agency=agency).order_by()
        for key, code, name, parent, closed_on in rows.values_list("pk", "code", "name", "parent", "closed_on"):
            known[key], above[key] = Unit(code, name, key), parent
            if closed_on:
                self._closed.add(code)
            else:
                self.by_code[code] = known[key]
        for key, unit in known.items():
            unit.parent = known.get(above[key])
        self.root = next(unit for unit in self.by_code.values() if unit.parent is None)

    # --- asking --------------------------------------------------------------------------------------------------

    def find(self, name: str, code: str, parent: str) -> Unit | str:
        """Return the unit that a row means, or the code of the fault. Once the file was listened to, it stays the same."""
        naming = (name, code, parent)
        if (found := self._found.get(naming)) is None:
            found = self._found[naming] = self._find(name, code, parent)
        return found

    def _find(self, name: str, code: str, parent: str) -> Unit | str:
        if parent and self._is_itself(name, code, parent):
            # Nothing stands above the root, so files write the root itself there.
            at_top = self._is_root(name, code) if code else self._called(name) == [self.root]
            return self.root if at_top else "unit_own_parent"
        if code:
            if unit := self.by_code.get(code):
                return "unit_ambiguous" if code in self._homeless else unit
            if not parent and self._is_root(name, code):
                return self.root
            return "unit_code_colon" if self.make and ":" in code else "unit_unknown"
        found = self._meant(name, parent)
        if len(found) == 1:
            return found[0]
        several = len(found) > 1 or len(self._names.by_name.get(_fold(name), ())) > 1
        return "unit_ambiguous" if several or (parent and len(self._called(parent)) > 1) else "unit_unknown"

    def _meant(self, name: str, parent: str) -> list[Unit]:
        """Return the units that a name means, under a parent where one is given."""
        if not parent:
            return self._called(name)
        folded = _fold(name)
        under = [unit for above in self._called(parent) for unit in self._names.under.get((folded, above.code), ())]
        if not under and folded == _fold(self.root.name):
            return [self.root]
        if not under and folded not in self._names.by_name:
            return self._called(name)  # a code in the column of the name, which means one unit wherever it hangs
        return under

    def _called(self, text: str) -> list[Unit]:
        """Return the units that a text alone can mean: those of that name, else of that code."""
        folded = _fold(text)
        if named := self._names.by_name.get(folded):
            return named
        if text in self.by_code:
            return [self.by_code[text]]
        return self._names.by_folded_code.get(folded) or ([self.root] if text in self._root_codes else [])

    def _is_root(self, name: str, code: str) -> bool:
        """Say whether a row means the agency itself, which a file of another system may give a code of its own."""
        if code in self.by_code:
            return self.by_code[code] is self.root
        return code not in self._closed and _fold(name) == _fold(self.root.name)

    def _is_itself(self, name: str, code: str, parent: str) -> bool:
        """Say whether a row names the same unit as its own parent. By code it may hang under another of its name."""
        folded = _fold(parent)
        if not code:
            return folded == _fold(name)
        if folded == _fold(code):
            return True
        if folded != _fold(name):
            return False
        return self._is_root(name, code) or all(unit.code == code for unit in self._called(parent))

    # --- making --------------------------------------------------------------------------------------------------

    def learn(self, namings: Iterable[Naming]) -> None:
        """Make the units that a file names and the tree lacks, each under its parent. Raises UnitTreeHasCycle."""
        namings = set(namings)
        self._spelled = _spellings(text for name, _, parent in namings for text in (name, parent))
        coded: dict[str, list[str]] = {}
        bare: dict[str, list[tuple[str, str]]] = {}
        # Sorted, so that every order of the rows makes the same tree; a row with a name before one with a code alone.
        for name, code, parent in sorted(namings, key=lambda naming: (not naming[0], naming)):
            if code:
                at_top = self._is_root(name, code) and (not parent or self._is_itself(name, code, parent))
                if at_top:
                    self._root_codes.add(code)
                elif code not in self.by_code and code not in self._closed and ":" not in code:
                    self._make(name or code, code, self.root)
                if code in self._fresh_codes and parent:
                    coded.setdefault(code, []).append(parent)
            elif name and not (parent and self._is_itself(name, "", parent)) and not self._stands(name, parent):
                bare.setdefault(_fold(name), []).append((name, parent))
        for name in self._in_order(coded, bare):
            for code in [unit.code for unit in self._names.by_name.get(name, ()) if unit.code in coded]:
                self._hang(self.by_code[code], coded[code])
            # What stands under a parent comes first: a name alone means it, where it is the only one.
            for each, parent in sorted(bare.get(name, ()), key=lambda naming: not naming[1]):
                self._settle(each, parent)
        self._check()
        self._found.clear()

    def _stands(self, name: str, parent: str) -> bool:
        """Say whether a unit that was there before this file is meant."""
        return bool(parent) and any(unit.code not in self._fresh_codes for unit in self._meant(name, parent))

    def _in_order(self, coded: dict[str, list[str]], bare: dict[str, list[tuple[str, str]]]) -> list[str]:
        """Return the names that the file gives, those that are parents of others before them."""
        above: dict[str, set[str]] = {name: set() for name in bare}
        for name, namings in bare.items():
            above[name].update(_fold(parent) for _, parent in namings)
        for code, parents in coded.items():
            above.setdefault(_fold(self.by_code[code].name), set()).update(map(_fold, parents))
        if not bare:
            return list(above)  # each is there, by its code
        # How many units bear a name is known from the start, unless it is made of rows without a code.
        graph = {name: {each for each in names if each in bare and each != name} for name, names in above.items()}
        try:
            return list(TopologicalSorter(graph).static_order())
        except CycleError as error:
            raise UnitTreeHasCycle(bare[error.args[1][0]][0][0]) from None

    def _hang(self, unit: Unit, parents: list[str]) -> None:
        """Hang a unit that was made by its code under the first of the parents given for it that means one unit."""
        parents = [parent for parent in parents if not self._is_itself(unit.name, unit.code, parent)]
        for parent in parents:
            found = [each for each in self._called(parent) if each is not unit]
            if len(found) > 1:
                continue
            unit.parent = found[0] if found else self._make(parent, "", self.root)
            self._names.move(unit, self.root.code, unit.parent.code)
            return
        if parents:
            self._homeless.add(unit.code)

    def _settle(self, name: str, parent: str) -> None:
        """Make the unit that a row without a code names, unless it is there or nobody can tell where it belongs."""
        if self._meant(name, parent):
            return
        above = self._called(parent) if parent else [self.root]
        if len(above) <= 1:
            self._make(name, "", above[0] if above else self._make(parent, "", self.root))

    def _make(self, name: str, code: str, parent: Unit) -> Unit:
        number = len(self.by_code)
        while not code or (code in self.by_code or code in self._closed):
            code, number = f"U-{number:04d}", number + 1
        name = self._spelled.get(_fold(name), name)
        unit = Unit(code, name[:200], parent=parent)
        self._names.add(unit, parent.code)  # before the unit itself is known: those known are what it is built from
        self.by_code[code] = unit
        self.fresh.append(unit)
        self._fresh_codes.add(unit.code)
        return unit

    @cached_property
    def _names(self) -> "_Names":
        """The units by name, once somebody asks: a file that gives every unit's code never does."""
        names = _Names()
        for unit in self.by_code.values():
            names.add(unit, unit.parent.code if unit.parent else None)
        return names

    def _check(self) -> None:
        """Raise UnitTreeHasCycle where a new unit would hang below itself."""
        safe: set[str] = set()
        for unit in self.fresh:
            above: Unit | None = unit
            passed: set[str] = set()
            while above is not None and above.code in self._fresh_codes and above.code not in safe:
                if above.code in passed:
                    raise UnitTreeHasCycle(unit.code)
                passed.add(above.code)
                above = above.parent
            safe |= passed

    # --- writing -------------------------------------------------------------------------------------------------

    def keep_used(self, *, write: bool) -> None:
        """Give up new units in which no row that was taken stands, nor below them: a refused row makes no unit."""
        if not self.fresh:
            return
        needed: set[str] = set()
        for code in self.used:
            unit: Unit | None = self.by_code[code]
            while unit is not None and unit.code in self._fresh_codes and unit.code not in needed:
                needed.add(unit.code)
                unit = unit.parent
        unused = [unit for unit in self.fresh if unit.code not in needed]
        self.fresh = [unit for unit in self.fresh if unit.code in needed]
        if write and unused:
            units.remove([unit.pk for unit in unused], WorkUnit.objects.get(pk=self.root.pk))

    def save(self) -> None:
        """Write the new units, parents first. Raises UnitTreeHasCycle."""
        waiting, ordered = self.fresh, [self.root]
        while waiting:
            there = set(map(id, ordered))
            ready = [unit for unit in waiting if unit.parent and (unit.parent.pk or id(unit.parent) in there)]
            if not ready:
                raise UnitTreeHasCycle(waiting[0].code)
            ordered += ready
            chosen = set(map(id, ready))
            waiting = [unit for unit in waiting if id(unit) not in chosen]
        if not self.fresh:
            return
        for unit, key in zip(ordered[1:], masses.reserve_keys(WorkUnit, len(self.fresh)), strict=True):
            unit.pk = key
        made = {
            "id": [unit.pk for unit in ordered[1:]],
            "code": [unit.code for unit in ordered[1:]],
            "name": [unit.name for unit in ordered[1:]],
            "kind": [str(guess_kind(unit.name)) for unit in ordered[1:]],
            "parent_id": [unit.parent and unit.parent.pk for unit in ordered[1:]],
        }
        same = {"agency_id": self.agency.pk, "position": 0, "last_position": 0, "depth": 0}
        masses.load(WorkUnit, pl.DataFrame(made).with_columns(**{name: pl.lit(each) for name, each in same.items()}))
        units.renumber(self.agency)
