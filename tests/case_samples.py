"""Cases that tests use."""

CASE = """\
id: thursday-940
title: Thursday, 9:40 p.m.
covers: [Q1]
standards: ["1.07(r)"]
note: This case is about a photo that nobody asked for.
vignette: |
  You are in the second month of your placement at a shelter. On Thursday night your cohort's group
  chat shows a photo from Robin: the shelter's kitchen, with a resident at the stove.

  Her face is turned away. The tattoo on her neck is not.
scenes:
  tonight:
    question: What do you do first?
    options:
      robin:
        text: Write to Robin alone, and ask for the photo to come down.
        to: ten-thirty
      chat:
        text: Write in the chat that the photo has to go.
        to: in-the-chat
  in-the-chat:
    text: |
      Eleven people have read it. Two answer with a thumbs up, one with "relax". Robin says nothing, and
      the photo stays where it is.
    question: What now?
    options:
      private:
        text: Write to Robin alone after all.
        to: ten-thirty
      leave:
        text: Leave the group, and leave it at that.
        to: forwarded
  ten-thirty:
    text: |
      Robin answers at half past ten: "Oh no. I only wanted to show the new stove. I took it down."

      Then: "Do we have to tell anyone?"
    question: What do you answer?
    options:
      tell:
        text: Yes. Let us call our field instructor in the morning, together.
        to: repaired
      no:
        text: No. It is down, and nobody was hurt.
        to: quiet
      later:
        text: I need to think about it.
        to: forwarded
endings:
  repaired:
    title: Told in the morning
    text: You call at eight. The field instructor thanks you both, and speaks with the resident the same day.
    feedback: |
      Robin could mend the mistake without losing face, and the resident learned of it from somebody she trusts. It cost
      you both an uncomfortable call.
    now: Ask how your agency wants to be told of such things. Write down when the photo was seen and taken down.
  quiet:
    title: Down, and not told
    text: The photo is gone from the chat. Whether it is gone from eleven phones, nobody knows.
    feedback: |
      You spared Robin a hard talk, and acted fast. The resident does not know what was shown of her, and cannot say
      what she needs.
    now: It is not too late. Call your field instructor, and begin with what has been done already.
  forwarded:
    title: Out of your hands
    text: On Friday a student from another cohort mentions the stove, and the tattoo.
    feedback: |
      You kept yourself out of it, or took your time, and both are human. Meanwhile the photo went further than anybody
      can follow.
    now: Tell your field instructor today what you saw and when.
decision:
  question: What should you do that night, all in all?
  options:
    alone: Speak with Robin alone, then tell the field instructor together.
    both: Ask in the chat for the photo to come down, and tell the field instructor yourself.
    wait: See whether it comes down, and bring it to supervision next week.
  commentary: |
    I would speak with Robin first. Somebody who is asked in private can act without defending herself.

    And I would not stop there. The resident has a right to know.
  positions:
    first-robin: Robin first, because it is fastest and keeps the door open.
    first-agency: The agency first, because the resident is theirs to protect.
  prompts:
    - What changes if the face can be seen?
    - Who tells the resident, and how?
"""

GRADED_CASE = CASE.replace("id: thursday-940", "id: graded-940").replace(
    "  commentary: |", "  essay: thursday-group-chat\n  commentary: |"
)

#: Every path of the sample to an ending.
WAYS = {
    ("robin", "tell"): "repaired",
    ("robin", "no"): "quiet",
    ("robin", "later"): "forwarded",
    ("chat", "private", "tell"): "repaired",
    ("chat", "private", "no"): "quiet",
    ("chat", "private", "later"): "forwarded",
    ("chat", "leave"): "forwarded",
}
