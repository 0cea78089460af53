// What a view and its session in Python say to each other. A view's message holds `kind`, `v`, `view` and `n`, and so does
// the answer to it (docs/player.md, "The channel"); what the channel puts on is not repeated with each.

type Certainty = "sure" | "fairly" | "guess";

/** A response to an item: chosen ids, ids by ids, or a text; null where there is none. */
type ItemResponse = string | string[] | Record<string, string> | null;

/** When the module was handed in last, and whether what is on record now is in it. */
type Submission = { time: string; inside: boolean };

/** What every state says of saving: `saved` is a time, `problem` is why it was not. */
type Saving = { n: number | null; saved: string | null; note: string | null; problem: string | null; handed_in: Submission | null };

// An item: player/itemsession.py

type ItemMessage =
  | { kind: "open" }
  | { kind: "save"; response: ItemResponse }
  | { kind: "check"; response: ItemResponse; certainty: Certainty | null }
  | { kind: "hint" }
  | { kind: "reveal" }
  | CompareMessage
  | ReviewMessage;

type ItemState = Saving & {
  kind: "state";
  response: ItemResponse;
  attempts: number;
  can_hint: boolean;
  can_reveal: boolean;
  hint: string | null;
  ask_certainty: boolean;
  certainty: Certainty | null;
  feedback: Feedback | null;
};

type Feedback = {
  verdict: "right" | "partly" | "not_yet" | "revealed";
  title: string;
  score_text: string | null;
  calibration?: string | null;
  notes: Note[];
};

/** Why a part of a response is right or not; `option` is the part's id. What is filled in alone is told as an option. */
type Note = { is: "option" | "prompt" | "place"; option: string | null; label: string | null; right: boolean; text: string };

/** What an item is told that asked for nothing. */
type ItemNews = { kind: "certainty"; on: boolean } | { kind: "handed_in"; handed_in: Submission | null };

/** A text to compare one's own with, given where something was written or writing is skipped. */
type CompareMessage = { kind: "compare"; text?: string; skip?: true; step?: string };
type Compared = { kind: "compared"; text: string | null; look_for?: string[] };

type ReviewMessage = { kind: "review"; text: string };
type Reviewed = { kind: "reviewed"; finds: Find[] };

/** A place in a text that may identify somebody; `start` and `end` count characters. */
type Find = { start: number; end: number; kind: string; text: string; label: string; why: string; instead: string };

/** What a page gets only when it is used: the parts of it, by what their host calls them. The host answers it. */
type PartMessage = { kind: "part"; name: "review" };
type Part = { kind: "part"; parts: string[] };

// The head of a module: player/openmodule.py

type ModuleMessage = { kind: "open" } | { kind: "certainty"; on: boolean };

type Progress = {
  kind: "progress";
  graded: { total: number; answered: number; unanswered: Numbered[] };
  handed_in: { time: string; changed: Numbered[] } | null;
  certainty: { on: boolean; tally: string[] };
  set_aside: string[];
  problem: string | null;
};

type Numbered = { id: string; number: number | null; use: "graded" | "check" };

// A case: cases/session.py

type StoryMessage = { kind: "choose"; scene: string; option: string } | { kind: "back"; to: number } | { kind: "again" };
type Decided = { kind: "commit"; option?: string; certainty?: Certainty; reason: string };
type CaseMessage =
  | { kind: "open" }
  | StoryMessage
  | Decided
  | { kind: "reason"; text: string }
  | { kind: "share"; on: boolean }
  | ReviewMessage;

type CaseState = Saving & {
  kind: "state";
  steps: Step[];
  here: Scene | Ending;
  ways: number;
  decision: Decision | null;
  reason: string;
  share: boolean;
};

type Option = { id: string; text: string };
type Step = { scene: string; text: string | null; question: string; choice: string };
type Scene = { scene: string; text: string | null; question: string; options: Option[] };
type Ending = { ending: string; title: string; text: string; feedback: string; now: string };

/** The decision, and what there is to compare it with. */
type Decision = {
  text: string;
  certainty: Certainty | null;
  commentary: string | null;
  positions: string[];
  prompts: string[];
};

// Worksheets and policies: forms/form.py, cases/worksheet/session.py, policy/session.py

type FormValue = string | string[] | null;

type FormMessage =
  | { kind: "open" }
  | { kind: "save"; values: Record<string, FormValue> }
  | CompareMessage
  | { kind: "documents"; values: Record<string, string> }
  | ReviewMessage;

type FormState = Saving & {
  kind: "state";
  values: Record<string, FormValue>;
  /** Of a policy that gathers: what earlier modules hold, and whether it is the start of its heading. */
  earlier?: Record<string, Earlier>;
};

type Earlier = { text: string; module: string; start: boolean };

/** The documents themselves travel beside it, in the same order. */
type Documents = { kind: "documents"; files: { name: string; type: string; label: string }[]; problem: boolean } & (
  | { word: string; values: Record<string, string> }
  | { word: null; told: string }
);

// A table: tables/session.py

type TableMessage = { kind: "show"; controls: TableControls };

type TableControls = {
  search: string;
  filters: Record<string, string>;
  sort: string | null;
  descending: boolean;
  group: string | null;
  mean: string | null;
};

type Shown = {
  header: Column[];
  rows: (string | null)[][];
  matched: number;
  bars: Bars | null;
  code: string;
};

type Column = { name: string; label: string; number: boolean; width?: string | null };
type Bar = { name: string | null; text: string | null; share: number };
type Bars = { title: string; bars: Bar[] };

type Message = ItemMessage | ModuleMessage | CaseMessage | FormMessage | TableMessage | PartMessage;

/** A message as it goes to the session. */
type Sent = Message & { v: number; view: string; n: number | null };

/** What answers a page of another version, `v`, than the session's. */
type OtherVersion = { kind: "version"; problem: string };
