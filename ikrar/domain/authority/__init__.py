"""Who decides: for a person, a level of sanction and a day, who examines, recommends, sanctions, hears the objection.

The rows of the matrix say which office may sanction whom. An office that is vacant, or whose holder has an interest in
the matter, is passed over for the next one up, as far as the law knows one; above the appointing authority (PPK) it knows
none, and then the answer is "not known", with who must be told. Nothing here is guessed: what the rows do not hold is a
reason that names it, and every answer carries its citations and how well they are known.

`question` is what is asked, `case` the question as it was understood, `matrix` the rows that speak, `holders` who may
decide in an office and the way up, `around` and `bodies` who examines, recommends and hears, `answer` what is told of
it, `decision` how all this comes together. What the rulebook holds of it stands in `domain.offices`.

Source: pp-94-2021 Pasal 16-24, 27; peraturan-bkn-6-2022 Pasal 29; pp-79-2021; pp-42-2004 Pasal 15-16.
"""

from ikrar.domain.authority.answer import ASKS, REASONS, Answer, Council, Other, PassedOver, Role, Team
from ikrar.domain.authority.case import agency_kind, post_level
from ikrar.domain.authority.decision import resolve
from ikrar.domain.authority.question import Conflict, Holder, Question, question_of

__all__ = [
    "ASKS",
    "REASONS",
    "Answer",
    "Conflict",
    "Council",
    "Holder",
    "Other",
    "PassedOver",
    "Question",
    "Role",
    "Team",
    "agency_kind",
    "post_level",
    "question_of",
    "resolve",
]
