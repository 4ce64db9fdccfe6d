"""Columnar twin of domain.roster for millions of rows.

It takes only rows whose reading is beyond doubt, and then reads them exactly as the domain does (tests hold the two
equal). Every other row, good or bad, is left to the domain, which alone gives reasons.
"""

import sys
from array import array
from datetime import date
from hashlib import blake2b

import polars as pl

from ikrar.domain import roster

_TEXT = pl.String
_BARE = [
    "identifier", "name", "employment", "unit", "unit_code", "parent_unit", "post", "post_kind", "level", "grade",
    "is_head", "superior", "birth_on", "sex", "start_on", "status", "email", "phone", "front_title", "back_title",
    "identifier_type",
]  # fmt: skip
_DIRT = r"[\s'`.\-/]+"
KINDS_OF_LEVEL = {level.value: str(roster.kind_of_level(level)) for level in roster.Level} | {"": ""}


def _words(column: str, known: dict[str, str], default: str | None = None) -> pl.Expr:
    """Map a cell to its word; null where the word is not known."""
    return pl.col(column).str.to_lowercase().replace_strict(known, default=default, return_dtype=_TEXT)


def _day(column: str) -> pl.Expr:
    """Read the notations that need no thought; null where there is none of them."""
    cell = pl.col(column)
    iso = pl.when(cell.str.contains(r"^\d{4}-\d{2}-\d{2}$")).then(cell)
    first = pl.when(cell.str.contains(r"^\d{2}[-/.]\d{2}[-/.]\d{4}$")).then(
        cell.str.slice(6, 4) + "-" + cell.str.slice(3, 2) + "-" + cell.str.slice(0, 2)
    )
    return pl.coalesce(iso, first).str.to_date("%Y-%m-%d", strict=False)


def _between(cell: pl.Expr, low: int, high: int) -> pl.Expr:
    return cell.cast(pl.Int32, strict=False).is_between(low, high)


def read_frame(frame: pl.DataFrame, today: date) -> tuple[pl.DataFrame, pl.Series]:
    """Read a frame of text cells (columns of domain.roster.FIELDS; absent ones are empty).

    Returns the rows read beyond doubt, as columns of EmployeeRow with `row` (index in the frame), and the indexes of
    all others.
    """
    present = set(frame.columns)
    cells = frame.select(
        (pl.col(name).fill_null("").str.strip_chars(" ") if name in present else pl.lit("", _TEXT)).alias(name)
        for name in _BARE
    ).with_row_index("row")
    others = [name for name in _BARE if name != "phone"]
    joined = cells.select(pl.concat_str([pl.lit(""), *others], separator="\x1f").alias("joined")).to_series()
    # A cell that begins like a formula. Few files have any: the exact pattern is tried only where a sign gives cause.
    # An apostrophe before the sign is how refused rows are handed back; it makes no other text of it.
    signs = ["\x1f=", "\x1f@", "\x1f+", "\x1f-", "\x1f'=", "\x1f'@", "\x1f'+", "\x1f'-"]
    formula = joined.str.contains_any(signs)
    if formula.any():
        formula &= joined.str.contains(r"\x1f'?(?:[=@]|[+\-][^\x1f])")
    cells = cells.with_columns(joined.alias("_joined"), formula.alias("_formula"))
    plain = (
        pl.col("_joined").str.contains(r"^[\x1f -~]*$")
        & ~pl.col("_joined").str.contains("  ", literal=True)
        & ~pl.col("_formula")
        & ((pl.col("phone") == "") | (pl.col("phone").str.contains(roster.PHONE) & ~pl.col("phone").str.contains("  ")))
        & (pl.col("identifier_type") == "")
    )
    for name in _BARE:
        plain &= pl.col(name).str.len_bytes() <= roster.LONGEST.get(name, 200)
    cells = cells.filter(plain)

    bare = pl.col("name").str.splitn(",", 2)
    cells = cells.with_columns(
        bare.struct.field("field_0").str.strip_chars(" ").alias("_bare"),
        bare.struct.field("field_1").fill_null("").str.strip_chars(" ,").alias("_back"),
        _words("employment", roster.EMPLOYMENT_WORDS).alias("employment"),
        _words("sex", roster.SEX_WORDS).alias("_sex"),
        _words("post_kind", roster.KIND_WORDS).alias("_kind"),
        _words("level", roster.LEVEL_WORDS).alias("level"),
        _words("status", roster.STATUS_WORDS).alias("status"),
        pl.col("is_head")
        .str.to_lowercase()
        .replace_strict(roster.HEAD_WORDS, default=None, return_dtype=pl.Boolean)
        .alias("is_head"),
        _day("birth_on").alias("_birth"),
        _day("start_on").alias("_start"),
        pl.col("identifier").str.replace(r"^(\d+)\.0+$", "$1").str.replace_all(_DIRT, "").alias("_number"),
        pl.col("superior").str.replace(r"^(\d+)\.0+$", "$1").str.replace_all(_DIRT, "").alias("superior"),
        pl.col("grade").replace({"-": ""}).alias("grade"),
    )
    # Front titles are tried only where a point or a known word can start one: most names have neither.
    titled = pl.col("_bare").str.extract_groups(roster.FRONT_TITLES)
    cells = cells.with_columns(
        titled.struct.field("1").fill_null("").str.strip_chars(" ").alias("_front"),
        pl.coalesce(titled.struct.field("2").str.strip_chars(" "), pl.col("_bare")).alias("_name"),
    )
    number = pl.col("_number")
    asn = pl.col("employment").is_in(["pns", "cpns", "pppk"])
    pns = pl.col("employment").is_in(["pns", "cpns"])
    soldier = pl.col("employment").is_in(["tni", "polri"])
    cells = cells.with_columns(
        pl.when(number == "")
        .then(pl.lit("none"))
        .when(pns)
        .then(pl.lit("nip"))
        .when(pl.col("employment") == "pppk")
        .then(pl.lit("ni_pppk"))
        .when(soldier)
        .then(pl.lit("nrp"))
        .otherwise(pl.lit("nik"))
        .alias("identifier_type"),
        pl.when(asn)
        .then(number.str.slice(0, 4) + "-" + number.str.slice(4, 2) + "-" + number.str.slice(6, 2))
        .str.to_date("%Y-%m-%d", strict=False)
        .alias("_number_birth"),
        pl.when(asn)
        .then(number.str.slice(14, 1).replace_strict({"1": "m", "2": "f"}, default=None, return_dtype=_TEXT))
        .when(pl.col("employment").is_in(["contract", "organiser", "village"]) & (number.str.len_bytes() == 16))
        .then(
            pl.when(number.str.slice(6, 2).cast(pl.Int32, strict=False) > 40).then(pl.lit("f")).otherwise(pl.lit("m"))
        )
        .alias("_number_sex"),
    )
    digits = number.str.contains(r"^[0-9]+$")
    year, birth_year = number.str.slice(8, 4).cast(pl.Int32, strict=False), pl.col("_number_birth").dt.year()
    kind = pl.col("identifier_type")
    good_asn = (
        digits
        & (number.str.len_bytes() == 18)
        & pl.col("_number_birth").is_not_null()
        & birth_year.is_between(1930, today.year - 16)
        & pl.col("_number_sex").is_not_null()
        & (number.str.slice(15, 3) != "000")
    )
    good_number = (
        pl.when(kind == "none")
        .then(~asn)
        .when(kind == "nip")
        .then(
            good_asn & _between(number.str.slice(12, 2), 1, 12) & (year >= birth_year + 16) & (year <= today.year + 1)
        )
        .when(kind == "ni_pppk")
        .then(good_asn)
        .when(kind == "nrp")
        .then(digits & number.str.len_bytes().is_between(5, 18))
        .otherwise(
            digits
            & (number.str.len_bytes() == 16)
            & (_between(number.str.slice(6, 2), 1, 31) | _between(number.str.slice(6, 2), 41, 71))
            & _between(number.str.slice(8, 2), 1, 12)
        )
    )
    earliest = date(1900, 1, 1)
    sure = (
        pl.col("employment").is_not_null()
        & pl.col("_sex").is_not_null()
        & pl.col("_kind").is_not_null()
        & pl.col("level").is_not_null()
        & pl.col("status").is_not_null()
        & pl.col("is_head").is_not_null()
        & pl.col("_name").str.contains(r"^[^=@+\-].*[A-Za-z]|^[A-Za-z]")
        & ~pl.col("_back").str.contains(r"^[=@+\-]")
        & ((pl.col("unit") != "") | (pl.col("unit_code") != ""))
        & ((pl.col("birth_on") == "") | pl.col("_birth").is_between(earliest, today))
        & ((pl.col("start_on") == "") | pl.col("_start").is_between(earliest, today))
        & good_number
        & ~pl.col("identifier").str.contains(r"[eE]")
        & (
            pl.col("_birth").is_null()
            | pl.col("_number_birth").is_null()
            | (pl.col("_birth") == pl.col("_number_birth"))
        )
        & ((pl.col("_sex") == "") | pl.col("_number_sex").is_null() | (pl.col("_sex") == pl.col("_number_sex")))
        & ((pl.col("grade") == "") | pl.col("grade").str.contains(roster.GRADE))
        & ((pl.col("email") == "") | pl.col("email").str.contains(roster.EMAIL))
    )
    read = cells.filter(sure).select(
        "row",
        "identifier_type",
        pl.col("_number").alias("identifier"),
        pl.col("_name").alias("name"),
        pl.when(pl.col("front_title") != "").then("front_title").otherwise("_front").alias("front_title"),
        pl.when(pl.col("back_title") != "").then("back_title").otherwise("_back").alias("back_title"),
        "employment",
        "unit",
        "unit_code",
        "parent_unit",
        "post",
        pl.when((pl.col("_kind") == "") & (pl.col("level") != ""))
        .then(pl.col("level").replace_strict(KINDS_OF_LEVEL, default="", return_dtype=_TEXT))
        .otherwise("_kind")
        .alias("post_kind"),
        "level",
        "grade",
        "is_head",
        "superior",
        pl.coalesce("_birth", "_number_birth").alias("birth_on"),
        pl.when(pl.col("_sex") == "").then(pl.col("_number_sex").fill_null("")).otherwise("_sex").alias("sex"),
        pl.col("_start").alias("start_on"),
        "status",
        "email",
        "phone",
    )
    read = read.filter(pl.col("back_title").str.len_bytes() <= roster.LONGEST["back_title"])
    rest = pl.Series("row", range(frame.height), dtype=pl.UInt32)
    return read, rest.filter(~rest.is_in(read["row"].implode()))


def frame_of(rows: list[roster.EmployeeRow], indexes: list[int], schema: pl.Schema) -> pl.DataFrame:
    """Return rows that the domain read as a frame of the same columns as read_frame gives."""
    columns = {name: [getattr(row, name) for row in rows] for name in schema if name != "row"}
    return pl.DataFrame({"row": indexes, **columns}, schema=schema)


def fingerprints(frame: pl.DataFrame) -> pl.Series:
    """Return domain.roster.fingerprint of every row over ROW_FIELDS, `unit` being the unit's code by now."""
    joined = frame.select(
        pl.concat_str(
            [pl.col(name).cast(_TEXT).fill_null("") for name in roster.ROW_FIELDS], separator=roster.SEPARATOR
        )
    ).to_series()
    digests = array("Q")
    digests.frombytes(b"".join([blake2b(text.encode(), digest_size=8).digest() for text in joined.to_list()]))
    if sys.byteorder == "big":
        digests.byteswap()
    return (pl.Series("row_print", digests, dtype=pl.UInt64) // 2).cast(pl.Int64)
