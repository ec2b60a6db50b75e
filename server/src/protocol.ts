/**
 * Custom messages between client and server: every method name and its types, once. Plain types only: the client imports
 * nothing else of the server. Positions are the protocol's (zero-based lines, columns in the negotiated encoding).
 *
 * Everything else is the language server protocol's own; a client that knows none of this still gets every feature that
 * the protocol has words for.
 */

/** What the client may say of itself in `initialize`'s `initializationOptions`; every field may be left out. */
export interface InitializationOptions {
  /**
   * Whether the person trusts the workspace. `false`: nothing is run or fetched, patch origins are shown only as far as
   * the store has them already, and files named by the workspace (macro files, repositories) are not read. Left out: true.
   */
  readonly trusted?: boolean;
  /** Commands that the client carries out itself (see {@link clientCommands}); code lenses and hovers offer only these and the server's own. */
  readonly clientCommands?: readonly string[];
  /** Folder of the store of patch origins; left out: the folder that the command line uses too. */
  readonly storeFolder?: string;
  /** Lines of this level and above go to the client's log. Left out: `info`. */
  readonly logLevel?: 'error' | 'warn' | 'info' | 'debug';
}

/**
 * Settings as the server asks for them with `workspace/configuration`, section `spectrail`, and as `spectrail.toml` has
 * them; the file wins. Every field may be left out.
 */
export interface EditorSettings {
  /** Target ids, the primary one first: `["el9", "fedora-43"]`. */
  readonly targets?: readonly string[];
  /** The target that the person picked in this window: before all others, those of the file included. */
  readonly selectedTarget?: string;
  readonly define?: Readonly<Record<string, string>>;
  readonly with?: readonly string[];
  readonly without?: readonly string[];
  readonly lint?: {
    /** Off: only what rpm itself would refuse is reported. */
    readonly enable?: boolean;
    readonly rules?: Readonly<Record<string, 'error' | 'warning' | 'information' | 'hint' | 'off'>>;
  };
  readonly trace?: {
    readonly upstream?: readonly string[];
    /** `name=location#branch`. */
    readonly carriers?: readonly string[];
  };
  readonly codeLens?: { readonly enable?: boolean };
  readonly inlayHints?: { readonly enable?: boolean };
}

/** Commands the server carries out (`workspace/executeCommand`), in every editor. */
export const serverCommands = {
  /** Traces patches: `[uri of the spec]` or `[uri of the spec, patch file name...]`; answers a {@link TraceResult}. */
  trace: 'spectrail.server.trace',
  /** Looks again into the store for what is known of a spec's patches: `[uri of the spec]`; answers null. */
  refreshPatches: 'spectrail.server.refreshPatches',
  /** Ends the analysis worker and starts it again; answers null. */
  restartAnalysis: 'spectrail.server.restartAnalysis',
} as const;

/** Commands that code lenses and hovers name where the client said it has them; the server never carries them out. */
export const clientCommands = {
  /** `[uri of the spec, patch file name]`: show all that is known of a patch's origin. */
  showOrigin: 'spectrail.showOrigin',
  /** `[uri of the spec, patch file name, number of the change]`: the change beside the commit that it comes from. */
  compareWithOrigin: 'spectrail.compareWithOrigin',
  /** `[uri of the spec, patch file name, number of the change]`: show that commit. */
  openCommit: 'spectrail.openCommit',
  /** `[uri of the spec, patch file name, number of the change]`: record what a person decides about it. */
  decide: 'spectrail.decide',
  /** `[uri of the patch]`: open the patch. */
  openPatch: 'spectrail.openPatch',
  /** `[uri of the spec]`: trace its patches, with progress. */
  tracePatches: 'spectrail.tracePatches',
} as const;

/** Request, client to server: the spec with its macros expanded, as `rpmspec -P` prints it. */
export const expandedSpecRequest = 'spectrail/expandedSpec';

export interface ExpandedSpecParams {
  readonly textDocument: { readonly uri: string };
  /** Target id; left out: the primary target. */
  readonly target?: string;
}

/** Null where the document is not open or no RPM spec. */
export type ExpandedSpecResult = ExpandedSpec | null;

export interface ExpandedSpec {
  /** Version of the document that was expanded. */
  readonly version: number;
  readonly target: string;
  /** For people: `Enterprise Linux 9`. */
  readonly targetLabel: string;
  readonly text: string;
  /**
   * Where the lines come from, for scrolling side by side: runs `[expandedLine, writtenLine, count]` in order of the
   * expanded line; within a run both advance together. A line that no run covers came from an included file.
   */
  readonly lines: readonly (readonly [expandedLine: number, writtenLine: number, count: number])[];
  /** What rpm would have said, one line each; empty where it accepts the spec. */
  readonly errors: readonly string[];
}

/** Notification, server to client: the expanded text of a document that was asked for is no longer what it was. */
export const expandedSpecChangedNotification = 'spectrail/expandedSpecChanged';

export interface ExpandedSpecChangedParams {
  readonly uri: string;
}

/**
 * Request, client to server: find where patches come from. Reports progress under its `workDoneToken` and can be
 * cancelled; what was found before that is kept. Answers a {@link TraceResult}; hovers and code lenses follow by themselves.
 */
export const traceRequest = 'spectrail/trace';

export interface TraceParams {
  readonly textDocument: { readonly uri: string };
  /** File names of the patches wanted; left out: all of the spec. */
  readonly patches?: readonly string[];
  readonly workDoneToken?: string | number;
}

export interface TraceResult {
  /** One line for people: `57 of 59 patches come from upstream commits.` */
  readonly summary: string;
  readonly patches: readonly PatchOrigin[];
  /** Why it could not be done, as a sentence; undefined where it was. */
  readonly failure?: string;
}

/** Request, client to server: what is known of a spec's patches now; searches nothing. Answers {@link PatchOrigin}[]. */
export const patchOriginsRequest = 'spectrail/patchOrigins';

export interface PatchOriginsParams {
  readonly textDocument: { readonly uri: string };
}

/** One patch of a spec and what is known of where it came from, worded for people. */
export interface PatchOrigin {
  readonly fileName: string;
  readonly number: number;
  /** Place of its `Patch` line in the spec. */
  readonly line: number;
  /** URI of the patch file; undefined where there is none. */
  readonly uri?: string;
  /** Undefined where it was not traced yet. */
  readonly relation?: 'same-file' | 'same-change' | 'rebased' | 'adapted' | 'partial' | 'combined' | 'none';
  readonly claim?: 'confirmed' | 'contradicted' | 'unverifiable' | 'absent';
  /** What a person decided about all of it; undefined where nobody did. */
  readonly decision?: 'ours' | 'accepted' | 'waived';
  /** What a code lens shows: `same change as 1a2b3c4 (curl-8_0_0) · claim confirmed`. */
  readonly title: string;
  /** Markdown, as the hover has it. */
  readonly detail: string;
  /** What a tree shows below it. */
  readonly children: readonly PatchNode[];
}

/** One line below a patch in a tree, worded for people. */
export interface PatchNode {
  readonly kind: 'change' | 'commit' | 'hunk' | 'carrier' | 'problem' | 'decision';
  readonly label: string;
  readonly description: string;
  /** Number of the change it belongs to; undefined for what belongs to the whole patch. */
  readonly change?: number;
  readonly children: readonly PatchNode[];
}

/** Request, client to server: one change of a patch beside the commits it was traced to. Answers an {@link OriginResult}. */
export const originRequest = 'spectrail/origin';

export interface OriginParams {
  /** The spec. */
  readonly textDocument: { readonly uri: string };
  readonly patch: string;
  /** Number of the change within the patch, from 0; left out: the first. */
  readonly change?: number;
}

export interface OriginResult {
  /** Why there is nothing to show, as a sentence; undefined where there is. */
  readonly failure?: string;
  readonly commits: readonly {
    readonly id: string;
    /** `1a2b3c4d5e6f quote: escape backslashes`. */
    readonly title: string;
    /** Where it can be seen in a browser, where somebody knows. */
    readonly url?: string;
    /** As `git show` prints it. */
    readonly text: string;
  }[];
  /** The two sides, in a form that shows nothing but what differs in the change itself. */
  readonly originText: string;
  readonly patchText: string;
}

/**
 * Request, client to server: the lock file of a spec's package with a person's decision about a patch in it. The server writes
 * nothing: the client does, since a person told it to. Answers a {@link DecideResult}.
 */
export const decideRequest = 'spectrail/decide';

export interface DecideParams {
  /** The spec. */
  readonly textDocument: { readonly uri: string };
  readonly patch: string;
  /** Number of the change within the patch, from 0; left out: all of them. */
  readonly change?: number;
  /** Left out: what was decided is taken back. */
  readonly decision?: {
    /** `ours`: it comes from nowhere else, on purpose; `accepted`: looked at, and good as it is; `waived`: borne with until a date. */
    readonly kind: 'ours' | 'accepted' | 'waived';
    readonly reason: string;
    /** `Name <address>`; left out: whoever git says the user is. */
    readonly owner?: string;
    /** Last day of a waiver, as `2026-11-25`. */
    readonly until?: string;
  };
}

export interface DecideResult {
  /** Why it cannot be recorded, as a sentence. */
  readonly failure?: string;
  /** The lock file and what it must hold. */
  readonly uri?: string;
  readonly text?: string;
}

/** Request, client to server: a report on a spec's patches out of what is known; searches nothing. Answers a {@link PatchReport} or null. */
export const patchReportRequest = 'spectrail/patchReport';

export interface PatchReportParams {
  readonly textDocument: { readonly uri: string };
  /** `cyclonedx`: a component with its patches as a pedigree. */
  readonly format: 'markdown' | 'json' | 'cyclonedx';
}

export interface PatchReport {
  readonly text: string;
  readonly language: 'markdown' | 'json';
  /** Patches that were not traced, of which JSON reports say nothing. */
  readonly untraced: number;
}

/** Notification, server to client: what is known of a spec's patches has changed. */
export const patchOriginsChangedNotification = 'spectrail/patchOriginsChanged';

export interface PatchOriginsChangedParams {
  readonly uri: string;
}

/** Request, client to server: the targets there are to choose from. Answers {@link TargetChoice}[]. */
export const targetsRequest = 'spectrail/targets';

export interface TargetsParams {
  /** The document whose settings count. */
  readonly textDocument?: { readonly uri: string };
}

export interface TargetChoice {
  readonly id: string;
  readonly label: string;
  /** Whether the document's settings name it, and whether it is the first they name. */
  readonly chosen: boolean;
  readonly primary: boolean;
}

/** Notification, server to client: how the server is, for a status item. Sent when it changes. */
export const statusNotification = 'spectrail/status';

export interface StatusParams {
  /**
   * `ready`: all is well; `working`: something takes longer than a moment; `limited`: works, but something is switched
   * off or left out (message says what and why); `failed`: the analysis cannot run.
   */
  readonly state: 'ready' | 'working' | 'limited' | 'failed';
  /** A sentence for people; empty where there is nothing to say. */
  readonly message: string;
  readonly trusted: boolean;
}

/** Request, client to server: what an open document is, by its text. Null where it is not open. PyInstaller's `.spec` files are Python. */
export const documentKindRequest = 'spectrail/documentKind';

export interface DocumentKindParams {
  readonly textDocument: { readonly uri: string };
}

export type DocumentKindResult = 'rpm-spec' | 'python' | 'other' | null;
