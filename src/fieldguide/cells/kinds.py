"""The kinds of cell that a notebook has, a row each. A new kind is a row here, and a line in opening's script."""

from __future__ import annotations

from functools import partial
from typing import Any

from fieldguide.cases.model import Case
from fieldguide.cases.reading import FIELDS as CASE_FIELDS
from fieldguide.cases.reading import TEXTS as CASE_TEXTS
from fieldguide.cases.reading import public_case_text, read_case
from fieldguide.cases.worksheet.model import FIELDS as WORKSHEET_FIELDS
from fieldguide.cases.worksheet.model import TEXTS as WORKSHEET_TEXTS
from fieldguide.cases.worksheet.model import Worksheet, public_worksheet_text, read_worksheet, with_gists
from fieldguide.cells.kind import Kind
from fieldguide.cells.minutes import case_minutes, item_minutes, policy_minutes, worksheet_minutes
from fieldguide.items import Item, public_text, read_item
from fieldguide.items.reading import FIELDS as ITEM_FIELDS
from fieldguide.items.reading import TEXTS as ITEM_TEXTS
from fieldguide.player.head import HEAD_FIELDS, HEAD_TEXTS, Head, read_head, student_head_text
from fieldguide.policy.reading import FIELDS as POLICY_FIELDS
from fieldguide.policy.reading import TEXTS as POLICY_TEXTS
from fieldguide.policy.reading import Policy, public_policy_text, read_policy
from fieldguide.tables.cells import FIELDS as TABLE_FIELDS
from fieldguide.tables.cells import TEXTS as TABLE_TEXTS
from fieldguide.tables.cells import TableCell, public_table_text, read_table_cell

HEAD: Kind[Head] = Kind(
    name="module",
    fields=HEAD_FIELDS,
    texts=HEAD_TEXTS,
    read=read_head,
    read_edition=read_head,
    edition_text=student_head_text,
    session="fieldguide.player.openmodule:OpenModule",
)
ITEM: Kind[Item] = Kind(
    name="item",
    fields=ITEM_FIELDS,
    texts=ITEM_TEXTS,
    read=read_item,
    minutes=item_minutes,
    record_ids=lambda item: (item.id,),
    read_edition=partial(read_item, stripped=True),
    edition_text=public_text,
    session="fieldguide.player.itemsession:ItemSession",
)
TABLE: Kind[TableCell] = Kind(
    name="table",
    fields=TABLE_FIELDS,
    texts=TABLE_TEXTS,
    read=read_table_cell,
    read_edition=read_table_cell,
    edition_text=public_table_text,
    session="fieldguide.tables.session:TableSession",
)
CASE: Kind[Case] = Kind(
    name="case",
    fields=CASE_FIELDS,
    texts=CASE_TEXTS,
    read=read_case,
    minutes=case_minutes,
    record_ids=lambda case: (case.id,),
    read_edition=partial(read_case, stripped=True),
    edition_text=public_case_text,
    beside=lambda case: case.decision.essay,
    session="fieldguide.cases.session:CaseSession",
    rendering="fieldguide.grading.caserendering:CaseRendering",
)
WORKSHEET: Kind[Worksheet] = Kind(
    name="worksheet",
    fields=WORKSHEET_FIELDS,
    texts=WORKSHEET_TEXTS,
    read=read_worksheet,
    minutes=worksheet_minutes,
    record_ids=lambda worksheet: (worksheet.id, *(f"{worksheet.id}.{step.name}" for step in worksheet.steps)),
    read_edition=read_worksheet,
    edition_text=public_worksheet_text,
    with_gists=with_gists,
    beside=lambda worksheet: worksheet.case,
    session="fieldguide.cases.worksheet.session:WorksheetSession",
    rendering="fieldguide.grading.caserendering:WorksheetRendering",
)
POLICY: Kind[Policy] = Kind(
    name="policy",
    fields=POLICY_FIELDS,
    texts=POLICY_TEXTS,
    read=read_policy,
    minutes=policy_minutes,
    record_ids=lambda policy: (policy.id, *(f"{policy.id}.{heading}" for heading in policy.headings)),
    read_edition=read_policy,
    edition_text=public_policy_text,
    session="fieldguide.policy.session:PolicySession",
)

KINDS: tuple[Kind[Any], ...] = (HEAD, ITEM, TABLE, CASE, WORKSHEET, POLICY)
