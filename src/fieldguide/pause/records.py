"""Numbers of cases, charts, insurance, identity papers and the like.

Every pattern here repeats a bounded number of times, so that no text, however made, takes long.
"""

from __future__ import annotations

import re

from fieldguide.pause.detector import Form, by_form, found
from fieldguide.pause.lists import one_of

_I = re.IGNORECASE

#: Whose number it is, or what kind of number.
_NUMBERED = one_of("""
    medical record, health record, medical, patient, client, case, chart, file, record, membership, member,
    policy, insurance, medicaid, medicare, chip, group, subscriber, beneficiary, claim, bank account, account,
    acct, docket, court, inmate, offender, prisoner, booking, badge, student, school, employee,
    driver['’]?s licen[sc]e, licen[sc]e, passport, permit, intake, referral, incident, police report, report,
    complaint, social security, social insurance, social, national insurance, ni, nhs, health card, health,
    care card, ohip, alien registration, alien, registration, visa, license plate, plate, voucher, ebt, snap,
    benefit, card, confirmation, reference, ref, warrant, taxpayer, tax, tribal, enrollment, status card,
    green card, uscis, immigration, dcfs, dcf, cps, acs, dhs, dss, hmis, mrn, ssn, sin, section 8, application,
    tracking, locker, foster care, probation, parole, birth certificate, family, household, caseload,
    prescription, rx, serial, id, custody, matter, cause, petition, hearing, library, worker
""")
#: A thing that has a longer number right behind it.
_THINGS = one_of("""
    case, file, chart, docket, claim, policy, record, inmate, passport, licen[sc]e, plates?, voucher, warrant,
    booking, badge, insurance, medicaid, medicare, social, account, referral, intake, report, client, patient,
    member, group, id, reference, ref, petition
""")
#: What has a number somewhere behind it.
_SOMEWHERE = one_of(r"""
    case, chart, file, record, policy, member, id, i\.d\., mrn, ssn, docket, claim, insurance, medicaid,
    medicare, number, badge, inmate, booking, passport, licen[sc]e, permit, account, voucher, referral, intake,
    incident, complaint, wristband, card, plates?, prescription, social, warrant, registration, identifier,
    confirmation, reference, ref, bracelet, visa, ticket, patient, prisoner, offender, subscriber, beneficiary,
    group, barcode, label, form, petition, monitor
""")
_NUMBER = r"(?:numbers?|nos?\.?|num\.?|nr\.?|#|ids?|i\.d\.?|identifier|code)"
_IS = (
    r"(?: (?:is|was|are|were|reads|says|listed as|which is|given as|on (?:it|file|the (?:file|form|chart|badge|card))"
    r"|for (?:her|him|them|this (?:client|family|case|patient))))?"
    r"\s?[:=#,(]{0,2} ?(?:no\.? ?|number ?|#\s?)?[\"“'(]?"
)
#: Letters and figures, in parts: the first may be small letters, each later one has a figure in it.
_ANY = r"(?P<value>(?=[A-Za-z0-9/-]{0,24}\d)[A-Za-z0-9*]{1,14}(?:[ /-](?=[A-Z0-9-]{0,12}\d)[A-Z0-9]{1,12}){0,4})"
_PARTS = r"[A-Z0-9]{1,14}(?:-[A-Z0-9]{1,12}){0,4}"
_THREE_FIGURES = r"(?=[A-Za-z0-9/-]{0,20}\d{3}|[A-Za-z0-9-]{0,8}\d[A-Za-z0-9-]{0,8}\d[A-Za-z0-9-]{0,8}\d)"

_RECORDS = (
    # "her case number is", "Medicaid ID", "chart #"
    re.compile(rf"\b{_NUMBERED}(?:'s|’s)?,? ?(?:card |file |case |record )?{_NUMBER}{_IS}{_ANY}", _I),
    # "her CHIP card has"
    re.compile(
        rf"\b[\w-]{{2,14}} (?:card|wristband|badge|bracelet|chart|label|tag) (?:says|reads|shows|has|is"
        rf"|was)[:,]? {_ANY}",
        _I,
    ),
    # "MR# 5521-08", "#2026-00418", "No. 22-11873"
    re.compile(rf"\b[A-Z]{{1,5}} ?#:? ?(?P<value>(?=[A-Z0-9-]{{0,12}}\d{{2}}){_PARTS})(?!\w)"),
    re.compile(rf"(?P<value>(?<![\w&#])(?:#\s?|No\. ?)(?=[A-Z0-9-]{{0,12}}\d{{3}}){_PARTS})\b"),
    # names of numbers
    re.compile(
        r"\b(?:mrn|ssn|ss#|sin|ein|itin|ohip|nhs|nino|npi|a-number|a number|a#|dl|ebt card|hmis|uci|dob/id)"
        rf"{_IS}{_ANY}",
        _I,
    ),
    # "file 44-1203-A", "the claim (WC-338-20)"
    re.compile(
        rf"\b{_THINGS}(?: (?:is|was|ending(?: in)?|ends in|that ends in|plate|plates)|\s?[:=,])? ?[#(]?\s?"
        rf"(?P<value>{_THREE_FIGURES}[A-Za-z0-9*]{{1,14}}(?:[/-][A-Za-z0-9]{{1,12}}){{0,4}})\b",
        _I,
    ),
    # "ends in 4471"
    re.compile(
        r"\b(?:ending(?: in| with)?|ends (?:in|with)|last (?:four|4|three|five)(?: digits)?(?: of [\w' ]{2,30}?)?"
        r"(?: are| is|:)?) ?#?(?P<value>\d{3,6})\b",
        _I,
    ),
    # "20-DR-1187 is the case number"
    re.compile(
        rf"(?P<value>(?<![\w.$#-])(?=[A-Z0-9-]{{0,12}}\d{{3}}){_PARTS}),? (?:is|was|as|being|\() ?"
        r"(?:the |her |his |their |a |my |our )?(?:client['’]s |family['’]s )?"
        rf"(?:{_NUMBERED} )?(?:number|id|#|mrn|ssn)\b"
    ),
    # forms of their own: dockets of US courts, US social security, British national insurance, US alien registration
    re.compile(r"(?P<value>(?<![\w.$-])\d:\d{2}-[A-Za-z]{2}-\d{2,6}(?!\w))"),
    re.compile(r"(?P<value>(?<![\w.$-])(?:\d{3}|[xX*•]{3})[- ](?:\d{2}|[xX*•]{2})[- ]\d{4}(?![\w-]))"),
    re.compile(r"(?P<value>(?<![\w.$-])[A-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D](?!\w))"),
    re.compile(r"(?P<value>(?<![\w.$-])A[- ]?\d{3}[- ]?\d{3}[- ]?\d{3}(?!\w))"),
)
#: "her chart (no. 0091-443)", "insurance, UHC 8830917"
_FARTHER = re.compile(
    rf"\b{_SOMEWHERE}\b[^.!?\n\d$#]{{0,40}}?(?:\b[Nn]o\. ?|#)?"
    rf"(?P<value>(?<![\w.$/:-])(?:(?=[A-Z0-9-]{{0,12}}[A-Z])(?=(?:[A-Z-]{{0,12}}\d){{3}}){_PARTS}"
    r"|\d{2,8}(?:-\d{2,8}){1,3}|\d{6,14}|[A-Z]{2,4}(?: \d{3,6}){1,4}))"
    r"(?![\w/%]|[.,:]\d| ?(?:[a-z]{3,20}s|people|percent|a\.m|p\.m|am|pm|dollars|square|hours?|times?)\b)",
    _I,
)
#: What is no number of a record: telephone numbers, years, ages and ordinals, words such as "policy-03".
_TELEPHONE = re.compile(r"1?-?(?:\d{3}-\d{3}-\d{4}|\(?\d{3}\)? \d{3}-\d{4})$")
_ANY_TELEPHONE = re.compile(r"1?-?(?:\d{3}-?\d{3}-?\d{4}|\d{3}-\d{4}|0\d{9,10})$")
_OTHER = re.compile(
    r"(?:19|20)\d\d(?:[-–](?:19|20)?\d\d)?$|\d+(?:st|nd|rd|th|s|yo|am|pm|k)$"
    r"|\d+-(?:year|month|week|day|hour|minute|page|item|step|point|person)",
    _I,
)
_SMALL_WORD = re.compile(r"[a-z]{3}")


def _beside(match: re.Match[str]) -> bool:
    """Whether a number is that of a record, by the words right beside it or by its form."""
    bare = found(match).lstrip("#No. ")
    if _TELEPHONE.match(bare) or (_ANY_TELEPHONE.match(bare) and "number" not in match[0].lower()):
        return False
    return _figures(bare) >= 2 and sum(map(str.isalnum, bare)) >= 3 and not _is_other(bare)


def _farther(match: re.Match[str]) -> bool:
    """Whether a number some words after a cue is that of a record."""
    value = found(match)
    enough = 3 if any(map(str.isalpha, value)) else 5
    if _figures(value) < enough or value != value.upper() or _ANY_TELEPHONE.match(value):
        return False
    return not _is_other(value)


def _figures(value: str) -> int:
    return sum(map(str.isdigit, value))


def _is_other(value: str) -> bool:
    return bool(_OTHER.match(value) or _SMALL_WORD.match(value))


#: Numbers of records by the words right beside them, or by their form.
RECORDS = by_form("record", *(Form(pattern, cue=_beside) for pattern in _RECORDS))
#: Numbers of records some words after a cue.
FARTHER_RECORDS = by_form("record", Form(_FARTHER, cue=_farther))
