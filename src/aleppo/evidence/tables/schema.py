"""The pandera schema and the Frictionless resource that follow from a table's declaration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from aleppo.evidence.tables.core import IDS, INTEGER, NUMBER, Column, Table

if TYPE_CHECKING:
    from pandera.pandas import Check, DataFrameSchema
    from pandera.pandas import Column as SchemaColumn


ROW_CHECK = "row check "
"""How a failed row check is named in pandera's report, before its place in ``Table.checks``."""


def dataframe_schema(table: Table) -> DataFrameSchema:
    """Strict pandera schema: these columns in this order, typed, key unique, every row check.

    A failed row check is named ``ROW_CHECK`` and its place in ``table.checks``.
    """
    # pandera costs as much to import as pandas itself: only those who validate pay for it
    import pandera.pandas as pa

    return pa.DataFrameSchema(
        {column.name: _schema_column(column) for column in table.columns},
        checks=[
            pa.Check(
                check.test, name=f"{ROW_CHECK}{position}", error=f"{ROW_CHECK}{position}", ignore_na=False
            )
            for position, check in enumerate(table.checks)
        ],
        strict=True,
        ordered=True,
        coerce=True,
        unique=list(table.key),
        report_duplicates="exclude_first",
        name=table.name,
        title=table.metadata.title,
        description=table.metadata.description,
    )


def _schema_column(column: Column) -> SchemaColumn:
    import pandera.pandas as pa

    return pa.Column(
        column.kind.dtype,
        checks=_cell_checks(column),
        nullable=not column.required,
        description=column.meaning,
    )


def _cell_checks(column: Column) -> list[Check]:
    import pandera.pandas as pa

    checks = []
    if column.allowed and column.kind is IDS:
        allowed = set(column.allowed)
        checks.append(pa.Check(lambda cells: cells.str.split(";").map(allowed.issuperset), name="allowed"))
    elif column.allowed:
        checks.append(pa.Check.isin(column.allowed))
    if column.pattern:
        checks.append(pa.Check(lambda cells: cells.str.fullmatch(column.pattern), name="pattern"))
    if column.kind is IDS:
        checks.append(pa.Check(_names_each_once, name="each code once"))
    if column.low is not None:
        checks.append(pa.Check.ge(column.low))
    if column.high is not None:
        checks.append(pa.Check.le(column.high))
    return checks


def _names_each_once(cells: pd.Series) -> pd.Series:
    lists = cells.str.split(";")
    return lists.map(len) == lists.map(lambda codes: len(set(codes)))


def resource_schema(table: Table) -> dict[str, Any]:
    """Frictionless Table Schema of ``table``, with units, HXL tags and foreign keys.

    A list of codes cannot be a foreign key in Frictionless; ``aleppo verify`` checks those.
    """
    fields: list[dict[str, Any]] = []
    for column in table.columns:
        entry: dict[str, Any] = {
            "name": column.name,
            "type": column.kind.field_type,
            "description": column.meaning,
        }
        if column.unit:
            entry["unit"] = column.unit
        if column.hxl:
            entry["hxl"] = column.hxl
        constraints = _constraints(column)
        if constraints:
            entry["constraints"] = constraints
        fields.append(entry)
    schema: dict[str, Any] = {"fields": fields, "primaryKey": list(table.key), "missingValues": [""]}
    foreign = [
        {"fields": [column.name], "reference": {"resource": resource_name(target), "fields": [field]}}
        for column, target, field in table.references
        if column.kind is not IDS
    ]
    if foreign:
        schema["foreignKeys"] = foreign
    return schema


def resource_name(table: str) -> str:
    """A table's name as Frictionless writes names: lower case with hyphens."""
    return table.replace("_", "-")


def _constraints(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {}
    if column.required:
        constraints["required"] = True
    if column.kind.field_type == "string" and column.kind is not IDS:
        if column.allowed:
            constraints["enum"] = list(column.allowed)
        elif column.kind.name == "yes or no":
            constraints["enum"] = ["yes", "no"]
        elif column.pattern:
            constraints["pattern"] = column.pattern
    if column.kind in (INTEGER, NUMBER):
        if column.low is not None:
            constraints["minimum"] = column.low
        if column.high is not None:
            constraints["maximum"] = column.high
    return constraints
