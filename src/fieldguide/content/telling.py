"""What a person reads of bringing a newer text: the plan, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator

from fieldguide.content.planning import Comes, ModulePlan, Plan
from fieldguide.content.updating import Updated
from fieldguide.grading.course import Course

_BECOMES = {
    Comes.NEW: "new",
    Comes.NEWER: "newer text",
    Comes.OWN: "STAYS, as it was changed here",
    Comes.REFUSED: "STAYS, as what is refused cannot come to this class",
    Comes.GONE: "stays: the newer text has no module of this name",
}
_COPIES = (
    "Who has an older copy open can go on, hand it in, and keeps what was answered; it is graded by the newer key. "
    "Released again, the newer text is offered on each student's page."
)


def tell_plan(plan: Plan) -> Iterator[str]:
    """The plan, module by module."""
    yield f"From {plan.before or 'a version that nobody noted'} to {plan.version}:"
    same = [module.name for module in plan.modules if module.comes is Comes.SAME]
    for module in plan.modules:
        if module.comes is not Comes.SAME:
            yield from _tell_module(module)
    if same:
        yield f"As they are: {', '.join(same)}."
    yield from (f"{name}: newer." for name in plan.beside)
    yield from (f"{name}: STAYS, as it was changed here. Move it away to have the newer one." for name in plan.kept)


def _tell_module(module: ModulePlan) -> Iterator[str]:
    standing = "" if module.comes in (Comes.NEW, Comes.GONE) else f" ({module.standing})"
    yield f"{module.name}: {_BECOMES[module.comes]}{standing}"
    for told in module.told:
        yield f"  {'safe' if told.safe else 'REFUSED'}: {told.of}: {told.says}"
    if module.comes is Comes.OWN:
        yield (
            "  Somebody changed this module in source/, or nobody noted how it was brought. Your changes are never "
            "written over. Make the newer ones by hand; or, to take the newer text and make yours again in it, add "
            f"--replace {module.name}. What stands there now is kept then."
        )
    elif module.comes is Comes.NEWER and module.own:
        yield "  What was changed here by hand gives way, as you said, and is kept."
    if module.comes is Comes.NEWER and module.standing.out:
        yield f"  {_COPIES}"


def tell_done(course: Course, updated: Updated) -> Iterator[str]:
    """What was done, and what to do next."""
    plan = updated.plan
    if updated.undone:
        yield "An earlier update had been stopped halfway: it was undone first."
    taken = [module for module in plan.modules if module.brought]
    if not plan.changes:
        yield "Nothing was changed." if plan.left else "Nothing was to bring."
        return
    yield f"Done: {course.root} has version {plan.version}" + (", but for what stays." if plan.left else ".")
    again = [module.name for module in taken if module.standing.released]
    if again:
        yield f"Release again on the desk, for who fetches from now on: {', '.join(again)}."
    scored = [module.name for module in taken if module.standing.handed_in]
    if scored:
        yield f"Collect and grade again: {', '.join(scored)}."
    if updated.earlier is not None:
        yield f"To go back: fieldguide course update --content {updated.earlier}"
