"""Columnar twin of domain.roster for millions of rows.

It takes only rows whose reading is beyond doubt, and then reads them exactly as the domain does (tests hold the two
equal). Every other row, good or bad, is left to the domain, which alone gives reasons. What few values of a column it
does not know by their form it has read by the domain, each once.
"""

import re
import sys
from array import array
from collections.abc import Callable
from datetime import date
from hashlib import blake2b
from typing import Any

import polars as pl

from ikrar.domain import roster
from ikrar.domain.roster import Fault

_TEXT = pl.String
_FREE = ("name", "front_title", "back_title", "unit", "unit_code", "parent_unit", "post", "email", "phone")
_WORDS: dict[str, dict[str, Any]] = {
    "employment": roster.EMPLOYMENT_WORDS, "sex": roster.SEX_WORDS, "post_kind": roster.KIND_WORDS,
    "level": roster.LEVEL_WORDS, "status": roster.STATUS_WORDS, "is_head": roster.HEAD_WORDS,
}  # fmt: skip
KINDS_OF_LEVEL = {level.value: str(roster.kind_of_level(level)) for level in roster.Level} | {"": ""}
# Text that is kept as it stands: nothing to compose, to strip or to be wary of. An apostrophe before a sign is how refused
# rows are handed back; it makes no other text of it.
_PLAIN = r"^(?:[ -~&&[^ '=@+\-]](?: ?[!-~])*)?$"
_PLAIN_PHONE = r"^(?:\+?[0-9](?: ?[0-9.()\-])*)?$"
_PHONE, _GRADE = re.compile(roster.PHONE), re.compile(roster.GRADE)
_TEXTS_AT_ONCE = 2000  # so many stay in the processor's memory
_EARLIEST = date(1900, 1, 1)


def _by_domain(cells: pl.Series, field: str, meaning: Callable[[str], Any], dtype: pl.DataType | type) -> pl.Series:
    """Have each value of a column read once; null where the domain has to look at the row."""
    texts = cells.unique().to_list()
    read = [roster.read_cell(field, text) for text in texts]
    found = [None if isinstance(cell, Fault) else meaning(cell) for cell in read]
    if len(found) == 1:
        return pl.repeat(found[0], cells.len(), dtype=dtype, eager=True)
    return cells.replace_strict(texts, found, return_dtype=dtype)


def _filled(column: pl.Series, cells: pl.Series, field: str, meaning: Callable[[str], Any]) -> pl.Series:
    """Fill what is null of a column with what the domain reads in these cells."""
    if not column.has_nulls():
        return column
    left = cells.filter(column.is_null())
    texts = left.unique().to_list()
    read = [roster.read_cell(field, text) for text in texts]
    found = [None if isinstance(cell, Fault) else meaning(cell) for cell in read]
    known = cells.replace_strict(texts, found, default=None, return_dtype=column.dtype)
    return pl.select(pl.coalesce(column, known)).to_series()


def _text(cells: pl.Series, field: str) -> pl.Series:
    """Return a column of free text as it is kept."""
    if field == "phone":
        plain = cells.str.contains(_PLAIN_PHONE) & cells.str.len_bytes().is_between(7, 23)
        plain |= cells == ""
        return _filled(_where(plain, cells), cells, field, lambda cell: cell if _is_phone(cell) else None)
    plain = cells.str.contains(_PLAIN) & (cells.str.len_bytes() <= roster.LONGEST.get(field, 200))
    return _filled(_where(plain, cells), cells, field, lambda cell: cell)


def _is_phone(cell: str) -> bool:
    return not cell or bool(_PHONE.match(cell))


def _where(kept: pl.Series, column: pl.Series) -> pl.Series:
    """Return a column, null where it is not to be kept."""
    return column if kept.all() else pl.select(pl.when(kept).then(column)).to_series()


def _number(cells: pl.Series) -> pl.Series:
    """Return a column of identifiers, tidied."""
    short = cells.str.len_bytes() <= 200
    number = _where(cells.str.contains(r"^[0-9]*$") & short, cells)
    if number.has_nulls():
        stripped = cells.str.strip_chars(" ").str.replace(r"^([0-9]+)\.0+$", "$1").str.replace_all(r"[ '.\-/]+", "")
        spaced = _where(cells.str.contains(r"^ *'?[0-9][0-9 '.\-/]*$") & short, stripped)
        number = pl.select(pl.coalesce(number, spaced)).to_series()
    return _filled(
        number, cells, "identifier", lambda cell: None if roster.has_lost_digits(cell) else roster.tidy_number(cell)
    )


def _day(cells: pl.Series, field: str) -> tuple[pl.Series, pl.Series]:
    """Return a column of dates, and which of its cells were understood; an empty one is."""
    given = cells != ""
    if not given.any():
        return pl.repeat(None, cells.len(), dtype=pl.Date, eager=True), ~given
    days = _where(cells.str.contains(r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), cells).str.to_date("%Y-%m-%d", strict=False)
    if (days.is_null() & given).any():
        first = _where(cells.str.contains(r"^[0-9]{2}[\-/.][0-9]{2}[\-/.][0-9]{4}$"), cells)
        turned = first.str.slice(6, 4) + "-" + first.str.slice(3, 2) + "-" + first.str.slice(0, 2)
        days = pl.select(pl.coalesce(days, turned.str.to_date("%Y-%m-%d", strict=False))).to_series()
        left = _where(days.is_null() & given, cells)
        if left.null_count() < left.len():
            days = pl.select(pl.coalesce(days, _filled(days, cells, field, _day_or_none))).to_series()
    return days, days.is_not_null() | ~given


def _day_or_none(cell: str) -> date | None:
    try:
        return roster.day_of_cell(cell) if cell else None
    except ValueError:
        return None


def _grade_or_none(cell: str) -> str | None:
    grade = roster.read_grade(cell)
    return grade if not grade or _GRADE.match(grade) else None


def _cells(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the cells of a frame as they are kept, null where the domain has to look at the row."""
    height = frame.height

    def column(field: str) -> pl.Series | None:
        return frame[field].fill_null("") if field in frame.columns else None

    read: dict[str, pl.Series] = {}
    for field in _FREE:
        cells = column(field)
        read[field] = pl.repeat("", height, dtype=_TEXT, eager=True) if cells is None else _text(cells, field)
    for field, known in _WORDS.items():
        dtype = pl.Boolean if field == "is_head" else _TEXT
        cells = column(field)
        if cells is None:
            read[field] = pl.repeat(known.get(""), height, dtype=dtype, eager=True)
        else:
            read[field] = _by_domain(cells, field, lambda cell, known=known: known.get(cell.lower()), dtype)
    for field, meaning in (("grade", _grade_or_none), ("superior", roster.tidy_number)):
        cells = column(field)
        if cells is None:
            read[field] = pl.repeat("", height, dtype=_TEXT, eager=True)
        else:
            read[field] = _by_domain(cells, field, meaning, _TEXT)
    cells = column("identifier")
    read["identifier"] = pl.repeat("", height, dtype=_TEXT, eager=True) if cells is None else _number(cells)
    understood = pl.repeat(True, height, dtype=pl.Boolean, eager=True)
    for field in ("birth_on", "start_on"):
        cells = column(field)
        if cells is None:
            read[field] = pl.repeat(None, height, dtype=pl.Date, eager=True)
        else:
            read[field], good = _day(cells, field)
            understood &= good
    if (kinds := column("identifier_type")) is not None:
        understood &= kinds == ""  # a person who names the kind is listened to by the domain
    return pl.DataFrame(read | {"understood": understood})


def _parted(names: pl.Series) -> pl.DataFrame:
    """Part names into front titles, bare name and back titles."""
    whole = pl.DataFrame({"front": pl.repeat("", names.len(), dtype=_TEXT, eager=True), "bare": names})
    if names.str.contains(",", literal=True).any():
        two = names.str.splitn(",", 2).struct
        bare, back = two.field("field_0").str.strip_chars(" "), two.field("field_1").fill_null("").str.strip_chars(" ,")
        whole = whole.with_columns(bare.alias("bare"), back.alias("back"))
    else:
        whole = whole.with_columns(pl.lit("").alias("back"))
    if names.str.contains(roster.FRONT_TITLES).any():
        titled = pl.col("bare").str.extract_groups(roster.FRONT_TITLES)
        whole = whole.with_columns(
            titled.struct.field("1").fill_null("").str.strip_chars(" ").alias("front"),
            pl.coalesce(titled.struct.field("2").str.strip_chars(" "), pl.col("bare")).alias("bare"),
        )
    return whole


def read_frame(frame: pl.DataFrame, today: date) -> tuple[pl.DataFrame, pl.Series]:
    """Read a frame of text cells (columns of domain.roster.FIELDS; absent ones are empty).

    Returns the rows read beyond doubt, as columns of EmployeeRow with `row` (index in the frame), and the indexes of
    all others.
    """
    cells = _cells(frame)
    cells = cells.with_columns(_parted(cells["name"]))
    number, employment, kind = pl.col("identifier"), pl.col("employment"), pl.col("identifier_type")
    asn = employment.is_in(["pns", "cpns", "pppk"])
    # The number as a number (more than 18 digits are good for nobody), and how many digits it has.
    value, digits = pl.col("_value"), pl.col("_digits")
    cells = cells.with_columns(
        number.cast(pl.Int64, strict=False).fill_null(0).alias("_value"),
        number.str.len_bytes().alias("_digits"),
        pl.when(number == "")
        .then(pl.lit("none"))
        .when(employment.is_in(["pns", "cpns"]))
        .then(pl.lit("nip"))
        .when(employment == "pppk")
        .then(pl.lit("ni_pppk"))
        .when(employment.is_in(["tni", "polri"]))
        .then(pl.lit("nrp"))
        .otherwise(pl.lit("nik"))
        .alias("identifier_type"),
        pl.when(asn).then(number.str.slice(0, 8).str.to_date("%Y%m%d", strict=False)).alias("_number_birth"),
    )
    sex_digit, day = value // 10**3 % 10, value // 10**8 % 100
    by_name = ["contract", "organiser", "village"]
    cells = cells.with_columns(
        pl.when(asn & (sex_digit == 1))
        .then(pl.lit("m"))
        .when(asn & (sex_digit == 2))
        .then(pl.lit("f"))
        .when(employment.is_in(by_name) & (digits == 16))
        .then(pl.when(day > 40).then(pl.lit("f")).otherwise(pl.lit("m")))
        .alias("_number_sex"),
    )
    year, month, birth_year = value // 10**6 % 10**4, value // 10**4 % 100, pl.col("_number_birth").dt.year()
    good_asn = (
        (digits == 18)
        & pl.col("_number_birth").is_not_null()
        & birth_year.is_between(1930, today.year - 16)
        & pl.col("_number_sex").is_not_null()
        & (value % 1000 != 0)
    )
    good_number = (
        pl.when(kind == "none")
        .then(~asn)
        .when(kind == "nip")
        .then(good_asn & month.is_between(1, 12) & (year >= birth_year + 16) & (year <= today.year + 1))
        .when(kind == "ni_pppk")
        .then(good_asn)
        .when(kind == "nrp")
        .then(digits.is_between(5, 18))
        .otherwise(
            (digits == 16) & (day.is_between(1, 31) | day.is_between(41, 71)) & (value // 10**6 % 100).is_between(1, 12)
        )
    )
    sex, birth, born = pl.col("sex"), pl.col("birth_on"), pl.col("_number_birth")
    sure = (
        pl.col("understood")
        & pl.all_horizontal(pl.col(field).is_not_null() for field in (*_FREE, *_WORDS, "grade", "superior"))
        & number.str.contains(r"^[0-9]*$")
        & pl.col("bare").str.contains(r"^[^=@+\-].*[A-Za-z]|^[A-Za-z]")
        & ~pl.col("bare").str.contains(roster.TITLES_ALONE)
        & ~pl.col("back").str.contains(r"^[=@+\-]")
        & ((pl.col("unit") != "") | (pl.col("unit_code") != ""))
        & (birth.is_null() | birth.is_between(_EARLIEST, today))
        & (pl.col("start_on").is_null() | pl.col("start_on").is_between(_EARLIEST, today))
        & good_number
        & (birth.is_null() | born.is_null() | (birth == born))
        & ((sex == "") | pl.col("_number_sex").is_null() | (sex == pl.col("_number_sex")))
        & ((pl.col("email") == "") | pl.col("email").str.contains(roster.EMAIL))
        & (pl.col("back").str.len_bytes() <= roster.LONGEST["back_title"])
    ).fill_null(value=False)
    bare_kind = pl.col("post_kind")
    read = cells.select(
        pl.int_range(pl.len(), dtype=pl.UInt32).alias("row"),
        kind,
        "identifier",
        pl.col("bare").alias("name"),
        pl.when(pl.col("front_title") != "").then("front_title").otherwise("front").alias("front_title"),
        pl.when(pl.col("back_title") != "").then("back_title").otherwise("back").alias("back_title"),
        "employment",
        "unit",
        "unit_code",
        "parent_unit",
        "post",
        pl.when((bare_kind == "") & (pl.col("level") != ""))
        .then(pl.col("level").replace_strict(KINDS_OF_LEVEL, default="", return_dtype=_TEXT))
        .otherwise(bare_kind)
        .alias("post_kind"),
        "level",
        "grade",
        "is_head",
        "superior",
        pl.coalesce("birth_on", "_number_birth").alias("birth_on"),
        pl.when(sex == "").then(pl.col("_number_sex").fill_null("")).otherwise(sex).alias("sex"),
        "start_on",
        "status",
        "email",
        "phone",
        sure.alias("_sure"),
    )
    certain = read["_sure"]
    read = read.drop("_sure")
    if certain.all():
        return read, pl.Series("row", [], dtype=pl.UInt32)
    return read.filter(certain), (~certain).arg_true().cast(pl.UInt32).rename("row")


def frame_of(rows: list[roster.EmployeeRow], indexes: list[int], schema: pl.Schema) -> pl.DataFrame:
    """Return rows that the domain read as a frame of the same columns as read_frame gives."""
    columns = {name: [getattr(row, name) for row in rows] for name in schema if name != "row"}
    return pl.DataFrame({"row": indexes, **columns}, schema=schema)


def joined(frame: pl.DataFrame) -> pl.Series:
    """Return of every row its values over ROW_FIELDS as one text, `unit` being the unit's code by now."""
    values = [pl.col(name).cast(_TEXT).fill_null("") for name in roster.ROW_FIELDS]
    return frame.select(pl.concat_str(values, separator=roster.SEPARATOR).alias("joined")).to_series()


def fingerprints(texts: pl.Series) -> pl.Series:
    """Return domain.roster.fingerprint of each of these texts (see joined)."""
    digests = array("Q")
    fresh, raw = blake2b(digest_size=8).copy, texts.cast(pl.Binary)
    for start in range(0, raw.len(), _TEXTS_AT_ONCE):
        found = []
        for text in raw.slice(start, _TEXTS_AT_ONCE).to_list():
            digest = fresh()
            digest.update(text)
            found.append(digest.digest())
        digests.frombytes(b"".join(found))
    if sys.byteorder == "big":
        digests.byteswap()
    return (pl.Series("row_print", digests, dtype=pl.UInt64) // 2).cast(pl.Int64)
