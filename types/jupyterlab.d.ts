// As much of JupyterLab and Notebook 7 as "open and go" uses (docs/open-and-go.md).

declare namespace Lab {
  type Signal<Sender, Argument> = {
    connect(slot: (sender: Sender, argument: Argument) => unknown, self?: unknown): boolean;
    disconnect(slot: (sender: Sender, argument: Argument) => unknown, self?: unknown): boolean;
    emit(argument: Argument): void;
  };

  type Widget = {
    node: HTMLElement;
    isDisposed: boolean;
    isVisible: boolean;
    disposed: Signal<Widget, void>;
    addClass(name: string): void;
    removeClass(name: string): void;
    hasClass(name: string): boolean;
    toggleClass(name: string, force?: boolean): boolean;
  };

  // Cells and notebooks

  type SavedCell = { cell_type: string; metadata: Record<string, any>; outputs?: unknown[] };
  type SavedNotebook = { cells: SavedCell[]; metadata: Record<string, any> };

  type CellModel = {
    id: string;
    type: string;
    sharedModel: { getSource(): string };
    outputs: { length: number; toJSON(): { data?: Record<string, any> }[] };
  };
  type Cell = Widget & { model: CellModel; showEditorForReadOnly?: boolean };
  type CodeCellClass = { execute(cell: Cell, session: SessionContext): Promise<Reply | undefined> };

  type NotebookModel = {
    dirty: boolean;
    cells: { changed: Signal<unknown, unknown> };
    contentChanged: Signal<NotebookModel, void>;
    getMetadata(key: string): any;
    toJSON(): SavedNotebook;
    fromJSON(file: SavedNotebook): void;
  };

  type Sanitizer = { sanitize(text: string, options?: Record<string, any>): string };

  type Notebook = Widget & {
    widgets: readonly Cell[];
    activeCellIndex: number;
    outerNode: HTMLElement;
    viewportNode: HTMLElement;
    rendermime: { sanitizer: Sanitizer };
    activate(): void;
  };

  type NotebookContext = {
    path: string;
    model: NotebookModel;
    ready: Promise<void>;
    fileChanged: Signal<unknown, unknown>;
  };

  type NotebookPanel = Widget & {
    context: NotebookContext;
    content: Notebook;
    sessionContext: SessionContext;
    /** Private to JupyterLab: its dialog of a kernel that died. */
    _onSessionStatusChanged(sender: unknown, status: string): void;
  };

  type Tracker = { forEach(act: (panel: NotebookPanel) => void): void; widgetAdded: Signal<Tracker, NotebookPanel> };
  type WidgetFactory = { widgetCreated: Signal<WidgetFactory, NotebookPanel> };

  // Kernels

  type Reply = { content: { status: string } };
  type Future = { done: Promise<Reply>; onIOPub(message: { content: any }): void };

  type Kernel = {
    id: string;
    name: string;
    status: string;
    connectionStatus: string;
    info: Promise<unknown>;
    reconnect(): Promise<void>;
    requestCommInfo(content: { target_name: string }): Promise<{ content: any }>;
    requestExecute(content: { code: string }): Future;
  };

  type RunningSession = { path: string; kernel: { id: string; execution_state?: string } | null };

  type SessionContext = {
    session: { kernel: Kernel | null } | null;
    sessionManager: { refreshRunning(): Promise<void>; running(): Iterable<RunningSession> };
    ready: Promise<void>;
    isRestarting: boolean;
    statusChanged: Signal<SessionContext, string>;
    connectionStatusChanged: Signal<SessionContext, string>;
    kernelChanged: Signal<SessionContext, { newValue: Kernel | null }>;
    changeKernel(options: { id?: string; name?: string }): Promise<unknown>;
  };

  // Commands, dialogs and the launcher

  type KeyBinding = { keys: readonly string[]; selector: string; command: string };

  type Commands = {
    keyBindings: readonly KeyBinding[];
    commandExecuted: Signal<Commands, { id: string; args: any; result: Promise<unknown> }>;
    addCommand(id: string, options: object): unknown;
    execute(id: string, args?: object): Promise<unknown>;
    isVisible(id: string, args?: any): boolean;
  };
  type CommandsClass = { keystrokeForKeydownEvent(event: KeyboardEvent): string };

  type Dialog = Widget & { launch(): Promise<unknown> };
  type DialogClass = { tracker: { widgetAdded: Signal<unknown, Dialog> } };

  type LauncherItem = { command: string; args?: any; category?: string };
  type Launcher = {
    add(item: LauncherItem): unknown;
    items(): Iterable<LauncherItem>;
    stateChanged: Signal<Launcher, void>;
  };

  type App = {
    commands: Commands;
    serviceManager: { contents: { driveName(path: string): string }; serverSettings: { baseUrl: string } };
  };

  /** A package that JupyterLab shares: what it exports, by name. */
  type Package = Record<string, any>;
}

/** How the server of a person is asked about a notebook: opening/server.py. */
type OpeningServer = {
  /** None where the server has none of ours. */
  words(lang: string): Promise<Record<string, string> | null>;
  ask(notebook: { path: string; anyway?: boolean }): Promise<OpeningAnswer | null>;
  /** The status of the server's answer for a path, 0 where there is none. */
  reach(path: string): Promise<number>;
  /** Under which this browser remembers where the reader was. */
  placeKey(path: string): string;
};

/** Whether a notebook is the person's own copy; else why it does not start by itself, and whether they may start it. */
type OpeningAnswer = { own: boolean; why: string; may_start?: boolean };

/** A tile of the launcher that a server's settings name. */
type Tile = { command: string; label: string; category: string };

interface Window {
  _JUPYTERLAB?: Record<string, unknown>;
}
