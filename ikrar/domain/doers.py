"""Who does what a text tells of: the asker or somebody else, and what is only refused.

A rule judges a deed by whoever did it. `ibu saya yang jurkam`, `tetangga pasang spanduk`, `rumah kami dipasangi baliho`
tell of deeds, and none of them is the asker's. Read by the order of words alone: the nearest one before a deed who can
be its subject did it, and where nobody can, the asker.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypedDict

from ikrar.domain.indonesian import Heard, Mention, Word
from ikrar.domain.patterns import Match
from ikrar.domain.sources import Checker


class DoersDocument(TypedDict):
    """How a file names doers: words separated by spaces; the first five lists are concepts, `of_others` an activity."""

    deeds: str
    roles: str
    done_to: str
    others: str
    titles: str
    third: str
    nearby: str
    openers: str
    asked_for: str
    consents: str
    harmless: str
    on_the_way: str
    owned: str
    of_others: str
    answer_to_others: str


@dataclass(frozen=True, slots=True)
class People:
    """The words by which doers are told apart; concepts are ids of the lexicon, words as they are spelled there.

    `deeds`: concepts of what somebody does. `roles`: of what somebody is. `done_to`: deeds that others do to the asker's
    things. `others`: people who are never the asker. `titles`: people who may be the asker (`lurah boleh …`), others only
    where they are told as such (`pak lurah`, `lurah kami`). `third`: words for somebody else (`dia`, `ketuanya`).
    `nearby`: words that tell it by themselves (`atasan`). `openers`: words after which a subject stands. `asked_for`:
    words by which somebody asks it of the asker (`minta`). `consents`: words by which the asker makes it his own
    (`boleh saya izinkan`). `harmless`: what the asker may be said to do without taking part (`saya diam`).
    `on_the_way`: words that may stand before what he does. `owned`: things, after which `saya` says whose. `of_others` is
    the activity that is asked about where all that was told is somebody else's, `answer_to_others` where the asker then
    does something of which nothing is known.
    """

    deeds: frozenset[str]
    roles: frozenset[str]
    done_to: frozenset[str]
    others: frozenset[str]
    titles: frozenset[str]
    third: frozenset[str]
    nearby: frozenset[str]
    openers: frozenset[str]
    asked_for: frozenset[str]
    consents: frozenset[str]
    harmless: frozenset[str]
    on_the_way: frozenset[str]
    owned: frozenset[str]
    of_others: str
    answer_to_others: str


_NONE = frozenset[str]()
NOBODY = People(
    _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, _NONE, "", "",
)  # fmt: skip
"""Where a lexicon says nothing of doers, everything is the asker's."""


def parse_people(document: DoersDocument, concepts: Mapping[str, object], checker: Checker) -> People:
    """Make the value of one file. Raises RulebookFault."""
    for key in ("deeds", "roles", "done_to", "others", "titles"):
        for id in document[key].split():
            if id not in concepts:
                raise checker.fault(f"there is no concept {id!r} in the lexicon", "doers", key)
    return People(
        deeds=frozenset(document["deeds"].split()),
        roles=frozenset(document["roles"].split()),
        done_to=frozenset(document["done_to"].split()),
        others=frozenset(document["others"].split()),
        titles=frozenset(document["titles"].split()),
        third=frozenset(document["third"].split()),
        nearby=frozenset(document["nearby"].split()),
        openers=frozenset(document["openers"].split()),
        asked_for=frozenset(document["asked_for"].split()),
        consents=frozenset(document["consents"].split()),
        harmless=frozenset(document["harmless"].split()),
        on_the_way=frozenset(document["on_the_way"].split()),
        owned=frozenset(document["owned"].split()),
        of_others=document["of_others"].strip(),
        answer_to_others=document["answer_to_others"].strip(),
    )


_SELF = frozenset({"saya", "kami", "kita", "i", "we"})
_POSSESSED = frozenset({"saya", "kami", "kita", "nya", "my", "our"})
_ASKS = frozenset({"boleh", "bolehkah", "bisa", "bisakah", "may", "can"})
_BEFORE_A_NAME = frozenset({"bapak", "ibu", "pak", "bu", "mas", "mbak", "bang", "mr", "mrs"})
_WHO = "yang"
_DENIES = frozenset({"tidak", "bukan", "belum", "tanpa", "jangan", "not", "never"})
_BY = "oleh"
_NEAR = 4
_JOINS = frozenset({"ikut", "gabung", "bergabung", "nimbrung"})
_BOUND = "civil-servant"
_NO_DEED = frozenset({"affected", "own-part", "may", "afraid", "own-choice"})


class Doers:
    """Says who does the deeds of one text."""

    def __init__(self, heard: Heard, people: People) -> None:
        self._heard = heard
        self._words = heard.words
        self._people = people
        self._deeds = sorted(
            (each for each in heard.mentions if each.concept in people.deeds), key=lambda each: (each.first, each.last)
        )
        self._by_last: dict[int, Mention] = {}
        for mention in heard.mentions:
            if mention.concept in people.others or (mention.concept in people.titles and self._is_told(mention)):
                longest = self._by_last.get(mention.last)
                if longest is None or mention.first < longest.first:
                    self._by_last[mention.last] = mention
        self._consents = self._asker_consents(after_asking=True)

    def takes_part(self) -> bool:
        """Say whether the asker joins in what others do, helps or allows it: `saya ikut bantu`, `saya izinkan saja ya?`"""
        return self._asker_consents(after_asking=False)

    def acts(self) -> bool:
        """Say whether the asker is told to do anything, or asks whether he may, that is not known to be harmless."""
        return any(not self._is_harmless(position) for position in self._said_to_do())

    def stays_out(self) -> bool:
        """Say whether nothing ties the asker to what others do: no deed, nothing of his that is used, no colleague of his.

        A colleague's deed is judged too, for the colleague; whoever asks about it has to be asked what he wants to know.
        """
        return not (self.acts() or self._lends() or self._speaks_of_the_bound())

    def _lends(self) -> bool:
        words = self._words
        for one, other in pairwise(words):
            if one.sentence == other.sentence and one.plain in self._people.owned and other.plain in _POSSESSED:
                return True
        return any(word.text.endswith("ku") and word.text[:-2] in self._people.owned for word in words)

    def _speaks_of_the_bound(self) -> bool:
        bound = (each for each in self._heard.mentions if each.concept == _BOUND and not each.denied)
        return any(self.told_of_another(each) for each in bound)

    def is_anothers(self, match: Match) -> bool:
        """Say whether what was found is somebody else's.

        Its first deed tells, or where it has none, what somebody is in it, or the deed right before the things it names.
        """
        if self._consents:
            return False
        deeds = [each for each in match.needed if each.concept in self._people.deeds]
        if deeds:
            return self.told_of_another(deeds[0])
        roles = [each for each in match.needed if each.concept in self._people.roles]
        if roles:
            return self.told_of_another(roles[0]) or self._acts_beside_the_asker(roles[0])
        if not match.needed:
            return False
        before = self._deed_before(match.needed[0])
        return before is not None and self.told_of_another(before)

    def told_of_another(self, deed: Mention) -> bool:
        """Say whether somebody else than the asker does a deed, or is what is mentioned."""
        words, first = self._words, deed.first
        if deed.concept in self._people.done_to and self._is_done_by_another(deed):
            return True
        if first and words[first - 1].plain == _WHO and self._is_named_after(deed):
            return True
        position, by_the_way = first - 1, -1
        while position >= 0 and words[position].sentence == words[first].sentence:
            if (opened := self._opened_by_bracket(position)) is not None:
                position = by_the_way = opened - 1
                continue
            # A comma ends what was said of somebody, where the sentence asks; one that tells goes on.
            if position != by_the_way and self._comma_before(position + 1) and self._asks(deed):
                return False
            word = words[position]
            if (person := self._by_last.get(position)) is not None:
                if self._leads_up_to(person, first) or self._may_be_subject(person.first):
                    return True
                position = person.first - 1
                continue
            if word.plain in self._people.third and self._may_be_subject(position):
                return True
            if word.plain in self._people.asked_for or (word.plain in _SELF and not self._says_whose(position)):
                return False
            if word.plain in _ASKS:
                return False
            position -= 1
        return False

    def _asker_consents(self, *, after_asking: bool) -> bool:
        """Say whether what others want is allowed or helped: `calon mau pinjam aula, boleh saya kasih?`"""
        joining = frozenset[str]() if after_asking else _JOINS
        for position in self._said_to_do():
            asked = any(word.plain in _ASKS for word in self._words[max(0, position - _NEAR) : position])
            word = self._words[position]
            names = {word.plain, *word.keys}
            if (
                (asked or not after_asking)
                and not self._is_harmless(position)
                and names & (self._people.consents | joining)
            ):
                return True
        return False

    def _said_to_do(self) -> Iterator[int]:
        """Yield the places of the words that tell what the asker does, or asks to do, with those on the way to it."""
        words = self._words
        for index, word in enumerate(words):
            is_self = word.plain in _SELF and not self._says_whose(index)
            if not is_self and word.plain not in _ASKS:
                continue
            position = index + 1
            while position < len(words) and words[position].sentence == word.sentence:
                yield position
                on = words[position].plain in self._people.on_the_way or words[position].plain in _SELF
                if not on or self._comma_before(position):
                    break
                position += 1

    def _is_harmless(self, position: int) -> bool:
        word = self._words[position]
        if word.plain in self._people.harmless or word.plain in _SELF or word.plain in self._people.on_the_way - _JOINS:
            return True
        if any(self._words[before].plain in _DENIES for before in range(max(0, position - 2), position)):
            return True
        here = (each.concept for each in self._heard.mentions if each.first <= position <= each.last)
        return any(concept in self._people.titles or concept in _NO_DEED for concept in here)

    def _deed_before(self, thing: Mention) -> Mention | None:
        """Return the deed that a thing is the object of: the last one before it, in its clause."""
        for deed in reversed(self._deeds):
            if deed.first < thing.first and deed.sentence == thing.sentence:
                between = range(deed.last + 1, thing.first + 1)
                near = thing.first - deed.last <= _NEAR
                return None if not near or any(self._comma_before(index) for index in between) else deed
        return None

    def _acts_beside_the_asker(self, role: Mention) -> bool:
        """Say whether a role is the subject of a sentence that then speaks of the asker: `ketua partai main bola sama kami`."""
        words = self._words
        before = (word for word in words[: role.first] if word.sentence == role.sentence)
        if not self._may_be_subject(role.first) or any(word.plain in _SELF for word in before):
            return False
        after = [index for index in range(role.last + 1, len(words)) if words[index].sentence == role.sentence]
        until = next((index for index in after if words[index].plain in _ASKS or self._comma_before(index)), len(words))
        return any(words[index].plain in _SELF for index in after if index < until and not self._says_whose(index))

    # --- people

    def _is_told(self, mention: Mention) -> bool:
        """Say whether somebody with a title is told of as another: `pak lurah`, `lurah kami`, `guru di sekolah kami`."""
        words = self._words
        inside = words[mention.first : mention.last + 1]
        if any(word.plain in self._people.nearby for word in inside):
            return True
        if any(word.plain in _BEFORE_A_NAME or word.text.endswith("nya") for word in inside):
            return True
        before = words[mention.first - 1] if mention.first else None
        if before is not None and before.sentence == mention.sentence:
            if before.plain in _BEFORE_A_NAME:
                return True
            # Who says `saya` and goes on with `waktu camat …` speaks of two people.
            said = (word.plain for word in words[: mention.first - 1] if word.sentence == mention.sentence)
            if (
                before.plain in self._people.openers
                and before.plain not in _ASKS
                and any(each in _SELF for each in said)
            ):
                return True
        after = [word for word in words[mention.last + 1 : mention.last + 5] if word.sentence == mention.sentence]
        if after and after[0].plain in _POSSESSED:
            return True
        return any(one.plain in self._people.owned and other.plain in _POSSESSED for one, other in pairwise(after))

    def _leads_up_to(self, person: Mention, deed: int) -> bool:
        """Say whether a clause about somebody leads up to the deed: `ibu saya yang jurkam`, `teman yang mau jadi mc`."""
        position = person.last + 1
        if position < deed and self._words[position].plain in _POSSESSED:
            position += 1
        if position >= deed or self._words[position].plain != _WHO:
            return False
        return all(word.plain in self._people.on_the_way for word in self._words[position + 1 : deed])

    def _is_named_after(self, deed: Mention) -> bool:
        """Say whether `yang …` names who does it: `yang jadi mc nya caleg`."""
        after = self._words[deed.last + 1 : deed.last + 1 + _NEAR]
        return any(
            word.sentence == deed.sentence and (word.plain == "nya" or word.text.endswith("nya")) for word in after[:2]
        )

    def _may_be_subject(self, position: int) -> bool:
        if position == 0 or self._words[position - 1].sentence != self._words[position].sentence:
            return True
        return self._comma_before(position) or self._words[position - 1].plain in self._people.openers

    def _says_whose(self, position: int) -> bool:
        """Say whether `saya` names whose the word before is: `istri saya`, `sekolah kami`."""
        if position == 0 or self._words[position - 1].sentence != self._words[position].sentence:
            return False
        if self._comma_before(position):
            return False
        inside = any(person.first < position <= last for last, person in self._by_last.items())
        return inside or position - 1 in self._by_last or self._words[position - 1].plain in self._people.owned

    # --- clauses

    def _between(self, position: int) -> str:
        """Return what stands between a word and the one before it."""
        if position == 0:
            return ""
        return self._heard.text[self._words[position - 1].end : self._words[position].start]

    def _comma_before(self, position: int) -> bool:
        if position >= len(self._words):
            return False
        between = self._between(position)
        return "," in between or ":" in between or "(" in between

    def _asks(self, mention: Mention) -> bool:
        """Say whether the sentence of a mention ends with a question mark, or asks by its words."""
        words = self._words
        last = max(index for index, word in enumerate(words) if word.sentence == mention.sentence)
        if last + 1 == len(words):
            # A last sentence without a mark may be the question.
            return not self._heard.text[words[last].end :].strip().startswith(".")
        return "?" in self._between(last + 1)

    def _opened_by_bracket(self, position: int) -> int | None:
        """Return where the bracket opened that closes after a word, if one does: what stands in it is said by the way."""
        if position + 1 >= len(self._words) or ")" not in self._between(position + 1):
            return None
        start = position
        while start > 0 and "(" not in self._between(start):
            start -= 1
        return start if start > 0 else None

    # --- what is done to somebody

    def _is_done_by_another(self, deed: Mention) -> bool:
        """Say whether it is told that others do it: `rumah kami dipasangi baliho`, `acara yang disponsori partai`.

        Whoever asks whether it may be done (`boleh motor saya ditempeli …`) asks for himself.
        """
        words, first = self._words, deed.first
        asked = any(word.plain in _ASKS for word in words[:first] if word.sentence == deed.sentence)
        if asked or not words[first].text.startswith("di"):
            return False
        after = deed.last + 1
        if after < len(words) and words[after].plain == _BY:
            after += 1
        if any(person.first == after and person.sentence == deed.sentence for person in self._by_last.values()):
            return True
        for position in range(first - 1, max(-1, first - 1 - _NEAR), -1):
            word = words[position]
            if word.sentence != words[first].sentence:
                return False
            if word.plain in _SELF:
                return True
            if self._comma_before(position):
                return False
        return False


# --- what is refused ---------------------------------------------------------------------------------------------

_REFUSALS = frozenset({"tolak", "menolak", "nolak", "ogah", "enggan", "usah", "refuse"})
_ENDS = frozenset({
    "dengan", "lewat", "pakai", "cara", "karena", "tapi", "kalau", "sambil", "lalu", "terus", "kemudian", "malah",
    "padahal", "supaya", "agar", "because", "but",
})  # fmt: skip
_REACH = 7


def as_refused(heard: Heard) -> Heard:
    """Return a text with everything that is only refused heard as denied: `menolak perintah atasan untuk dukung calon`."""
    reached: set[int] = set()
    for index, word in enumerate(heard.words):
        if word.plain in _REFUSALS:
            reached.update(_reached(heard.words, index))
    if not reached:
        return heard
    mentions = (replace(each, denied=True) if each.first in reached else each for each in heard.mentions)
    return replace(heard, mentions=tuple(mentions))


def _reached(words: Sequence[Word], index: int) -> Iterator[int]:
    for position in range(index + 1, min(len(words), index + 1 + _REACH)):
        word = words[position]
        ended = word.sentence != words[index].sentence or word.plain in _ENDS
        if ended or (word.after_comma and position > index + 1) or word.plain in _ASKS:
            return
        yield position
