// What the scripts of a page share, and what their widgets bring along.

type Words = Record<string, string>;

interface Say {
  (key: string, values?: Record<string, any>): string;
  /** With the plural form of `n`. */
  count(key: string, n: number, values?: Record<string, any>): string;
  time(utc: string): string;
}

/** What a made element may hold; nothing comes of what is false. */
type Child = Node | string | number | false | null | undefined;

type Transport = {
  send(message: Sent): void;
  /** Returns what ends it. */
  listen(hear: Hearer): () => void;
  /** Keeps what could not be saved yet; nothing where all is saved. */
  keep?(id: string | undefined, left: any): void;
  /** Goes on with the model that has taken another's place. */
  moveOn(ids: { was: string; now: string }): Promise<void>;
};

/** What hears a message; which kind it is, is the transport's caller's to know. */
type Hearer = (message: any, buffers?: DataView<ArrayBuffer>[]) => void;

type Timers = {
  signal: AbortSignal;
  cancel(...timers: string[]): void;
  later(timer: string, ms: number, act: () => void): void;
  listen(target: EventTarget, type: string, act: (event: any) => void, capture?: boolean): void;
  end(): void;
};

/** What a live region says. */
type Line = {
  hush(): void;
  show(text: string): void;
  complain(text: string): void;
  quiet(text: string): void;
  withdraw(text: string): void;
  hold(text: string, problem?: boolean, anew?: boolean): void;
  release(): void;
  repeat(): void;
};

/** One thing that has to get through. */
type Lane = {
  readonly line: Line;
  readonly failing: boolean;
  readonly open: boolean;
  touch(pace?: Pace): void;
  flush(): void;
  repeat(): void;
  answer(state: Saving & { n: number }): void;
  settle(): void;
};

type Pace = "typing" | "leaving" | false | undefined;

type LaneOptions = {
  make(): Message;
  line: Line;
  news?(state: any): string;
  ready?(): boolean;
  /** Keys of what to say. */
  slow?: string;
  silent?: string;
};

/** What is done while nobody answers, or when the answer is why nobody can: the page is of another version. */
type Unanswered = (told?: string) => void;

/** Who hears the answer to a question, and what to do while there is none. */
type Asking = { hear: Hearer; slow?(): void; silent: Unanswered };

type ChannelOptions = {
  id?: string;
  say: Say;
  hear?(message: any, own?: Lane | "open"): void;
  keep?(): any;
  restore?(left: any): void;
};

type Wire = {
  ask(topic: unknown, message: Message, asking: Asking): void;
  forget(topic: unknown): void;
  lane(options: LaneOptions): Lane;
  line(region: HTMLElement, ...nodes: HTMLElement[]): Line;
  next(): number;
  signal: AbortSignal;
  readonly n: number;
  review(text: string): Promise<Find[]>;
  waits(topic: unknown): boolean;
  open(missed?: Unanswered): void;
  whenBack(act: () => void): void;
  start(whole: HTMLElement): () => void;
};

/** A widget's model, of which a view sees this much. */
type Model = {
  model_id: string;
  get(name: string): any;
  send(message: object): void;
  on(event: "msg:custom", hear: Hearer): void;
  off(event: "msg:custom", hear: Hearer): void;
  widget_manager: Manager;
  /** Of the widget that puts views together: its script, once a view has asked for it. */
  loading?: Promise<any>;
};

type Manager = { get_model(id: string): Promise<Model>; register_model(id: string, model: Promise<Model>): void };

/** What anywidget hands to a view. */
type ViewOf = { model: Model; el: HTMLElement };

/** What a view is made with, whoever shows it: where, what it shows, and how it talks with its session. */
type Page<Info> = {
  el: HTMLElement;
  info: Info;
  words: Words;
  transport: Transport;
  /** Brings further parts, which an answer has named. */
  load(parts: string[]): Promise<{ views: Record<string, any>; words: Words }>;
};

// An item, as player/public.py tells it

type ItemBase = {
  id: string;
  use: "practice" | "graded" | "check";
  points: number | null;
  number: number | null;
  half: string | null;
  stem: { vignette: string[]; question: string; remarks: string[]; in_parts: boolean };
  has_hint: boolean;
  preview: boolean;
};

type ChoiceItem = ItemBase & { type: "choice"; choose: "one" | "several"; options: Option[] };
type MatchItem = ItemBase & { type: "match"; prompts: Option[]; options: Option[] };
type OrderItem = ItemBase & { type: "order"; options: Option[] };
type HottextItem = ItemBase & { type: "hottext"; passage: { text: string; id: string | null }[]; options: Option[] };
type EntryItem = ItemBase & { type: "entry"; expect: "text" | "number"; unit: string | null };
type EssayItem = ItemBase & { type: "essay"; rubric: { id: string; criterion: string; points: number }[]; words: number | null };
type Item = ChoiceItem | MatchItem | OrderItem | HottextItem | EntryItem | EssayItem;

/** Where a part of an item stands, and with it what is said of it. */
type Row = { row: HTMLElement; input: HTMLInputElement | HTMLSelectElement; text: string };

type Control = {
  node: HTMLElement;
  rows: Map<string | null, Row>;
  get(): ItemResponse;
  /** A response of the item's own type. */
  set(response: any): void;
  focus(): void;
  typed?: boolean;
  keep?(): void;
  isFaulty?(): boolean;
  box?: HTMLTextAreaElement;
};

/** A line of an order, with what moves it. */
type OrderRow = { row: HTMLElement; up: HTMLElement; down: HTMLElement; text: string };

type Stem = { vignette: Child; question: HTMLElement; remarks: Child; how: Child };

// The others, as their sessions tell them

type ModuleInfo = {
  title: string;
  number: number | null;
  minutes: number;
  objectives: string[];
  preview: boolean;
  counts: { practice: number; graded: number; check: number };
};

type CaseInfo = {
  id: string;
  title: string;
  note: string | null;
  vignette: string;
  decision: { question: string; options: Option[] };
  graded: boolean;
  preview: boolean;
};

type Standard = { id: string; gist: string };

type SheetStep = {
  name: string;
  worked: string | null;
  blank: string | null;
  offered: Standard[];
  standards: Standard[];
  compare: boolean;
};

type SheetInfo = { id: string; preview: boolean; title: string; intro: string | null; danger: string[]; steps: SheetStep[] };

type Heading = { id: string; title: string; ask: string | null; settled: string | null; sample: string | null };

type PolicyInfo = {
  id: string;
  preview: boolean;
  intro: string | null;
  gather: boolean;
  sample: string | null;
  headings: Heading[];
  about: { id: string; title: string }[];
};

type TableInfo = {
  title: string;
  caption: string;
  source: string;
  date: string;
  columns: { name: string; text: string }[];
  filters: { name: string; values: string[] }[];
  groups: string[];
  means: string[];
  group: string | null;
  total: number;
  shown: Shown;
};

/** A box or a choice of a form; `spot` is where the form's line stands while it is written in. */
type Field = { node: HTMLElement; spot: HTMLElement; typed?: boolean; get(): FormValue; set(value: any): void };
type Box = Field & { area: HTMLTextAreaElement; get(): string };

type FormOf = {
  ask: Wire["ask"];
  waits: Wire["waits"];
  review(button: HTMLButtonElement, box: { area: HTMLTextAreaElement; spot: HTMLElement }): void;
  foot: HTMLElement;
  take(state: FormState): void;
  start(card: HTMLElement): () => void;
  add(name: string, field: Field): void;
  button(key: string, look: string, act: () => void): HTMLButtonElement;
};

declare var fieldguideKept: WeakMap<Element, Map<string | undefined, any>> | undefined;

type PolicyPart = { node: HTMLElement; box: Box; start: HTMLElement; earlier: HTMLElement; shown: string | null };

type ControlOf<Kind extends Item> = (item: Kind, say: Say, name: string) => Control;

interface Element {
  /** True and false are written as they are read. */
  setAttribute(name: string, value: boolean): void;
}

/** What comes with a module's page of the course: coursepage/modulepage.py. */
type PageData = {
  /** Addresses of this server. */
  say: string;
  news: string;
  home: string;
  /** Under which the browser keeps what could not be sent. */
  store: string;
  /** The address of the script of each view. */
  scripts: Record<string, string>;
  /** By cell: its kind, and what its view is made with. */
  views: Record<string, string>;
  pages: Record<string, string>;
  words: Words;
  /** What views say here instead of what they say in a notebook. */
  instead: Words;
  /** By cell: what it is told first, what was on record when the page was made, and which page had put it there. */
  cells: Record<string, { info: any; opened?: any; by: string | null }>;
  /** The number of the latest change that this holds. */
  seen: number;
};

/** What a page is told: a message of a cell's session, and bytes that go along, in base 64. */
type Told = { cell: string; message: any; buffers?: string[] };

/** What changed without a page, and the number of the latest change that this holds. */
type News = { seen: number; told: Told[] };

/** Why nothing can be saved just now; "" where it can. */
type Trouble = "login" | "stopped" | "away" | "";

/** How saving stands on a page. */
type Standing = {
  trouble: Trouble;
  /** The address of a question whose answer the server could not keep; "" where there is none. */
  refused: string;
  /** Whether something that was given is not saved. */
  open: boolean;
  /** Whether something is on its way. */
  busy: boolean;
  /** Whether this browser keeps what is not saved. */
  keeps: boolean;
};
