"""Worksheets and policies that tests use."""

WORKSHEET = """\
id: caption-ethic
title: "The caption, step by step"
case: the-caption
intro: |
  Devin shares a picture of a mural that clients painted. The caption thanks "our Tuesday crew".

  Two steps are worked out. The other three are yours.
steps:
  examine:
    worked: |
      Devin wants the painters to be seen, and pride is a value too. The profession adds dignity, and the privacy of
      each person. The agency needs the trust of everyone who comes on Tuesdays.

      Celebrating and keeping trust pull apart.
    standards:
      "1.01": "Clients' interests come first, with few exceptions."
  think:
    blank: What does the Code settle here, and where does it leave room for judgment?
    offered:
      1.06(a): Be alert to conflicts of interest, tell clients of them, and put their interests first.
      1.07(r): Avoid posting identifying or confidential information about clients online.
      "4.06(a)": Make clear whether you speak for yourself or for your agency.
    compare: |
      1.07(r) settles most of it: "Tuesday crew" and the place may point to people.

      The Code is silent on murals. Ask the painters what they want.
  hypothesize:
    worked: |
      If the caption stays, a neighbor may recognize the crew. If the picture goes without a caption, little is lost.
  identify:
    unaided: true
    compare: |
      First the painters, and among them those who told nobody where they go on Tuesdays.
  consult:
    blank: |
      Whom would you ask, by when?

      Is there anything that cannot wait until Monday?
"""

WORKED = """\
id: waiting-list-ethic
title: The waiting list
steps:
  examine: {worked: Values., standards: {"1.01": Clients first.}}
  think: {worked: Standards.}
  hypothesize: {worked: What follows.}
  identify: {worked: Who gains.}
  consult: {worked: Whom to ask.}
"""

UNAIDED = """\
id: alone
title: On your own
steps:
  examine: {unaided: true}
  think: {unaided: true, offered: {"1.06(a)": Conflicts., "2.05": Consult.}}
  hypothesize: {unaided: true}
  identify: {unaided: true}
  consult: {unaided: true}
"""

PART = """\
id: policy-requests
intro: |
  In module 07 you put together a policy of your own. This is one part of it.
headings:
  requests:
    title: Friend requests
    ask: |
      What will you do when a client asks to connect, and what will you say?

      What about former clients, and relatives of clients?
    settled: |
      The Code says to avoid accepting requests from clients on personal accounts (1.06(h)).
  messages:
    title: E-mail and text
    ask: Which channels do you use, and for what?
    sample: |
      I text about appointments only. I tell clients that texts are not private.
"""

WHOLE = """\
id: my-policy
gather: true
intro: |
  What you wrote in modules 02 to 05 is here already. Read it as your field instructor would, and make it yours.
headings:
  told:
    title: What I tell clients
    ask: When do clients learn about this policy, and in which words?
  requests:
    title: Friend requests
    ask: What do I do with requests from clients, former clients, and their relatives?
    settled: Requests from clients on personal accounts are not accepted (1.06(h)).
  searching:
    title: Searching
    ask: When, if ever, do I look a client up, and who knows about it?
    settled: Consent first, unless there is serious, foreseeable, and imminent harm to prevent (1.03(i)).
    sample: |
      I do not look up clients online out of curiosity. If I believe that a search could prevent serious harm, I ask my
      field instructor first and write down why.
  messages:
    title: E-mail and text
  location:
    title: Location
    ask: What do my devices and posts tell about where I work and where clients live?
  reviews:
    title: Reviews
  ai:
    title: AI tools
    ask: What do I never type into one?
  posts:
    title: What I post
    ask: What can clients count on never to see in my posts?
sample: |
  A whole policy can be one page long.

  It says what I do, not what I would like to do.
"""

#: What a student wrote, by heading.
TEXTS = {
    "told": (
        "In our first meeting I tell each client that I have a policy for social media, hand them this page, and ask "
        "what questions they have.\n\nI say it again when something changes."
    ),
    "requests": (
        "I do not accept requests from clients, and I leave the account private. I say why the next time we meet: "
        "it protects your privacy and our work.\n\n- Former clients: the same, and I bring it to supervision.\n"
        "- Relatives of clients: the same.\n- Coworkers: on the professional network only."
    ),
    "searching": (
        "I do not look clients up out of curiosity. If I think a search could prevent serious harm, I ask my field "
        "instructor first, ask the client where that is possible, and write down the reason.\nWhat I come across by "
        "accident I stop reading, and I tell the client."
    ),
    "messages": (
        "Texts are for appointments. I use the agency's phone, never mine, and answer on workdays from 9 to 5. "
        "I tell clients that texts are not private and whom to call in a crisis."
    ),
    "location": "Location sharing is off on my phone during placement. I post nothing that shows where I am.",
    "ai": "Nothing about a client goes into an AI tool, not even without names.",
    "posts": "I post about my own learning, and never about clients: no names, no pictures, no stories.",
}
