import type { Position, Range, ServerCapabilities } from 'vscode-languageserver/node';
import type { Cancellation, Log } from '../../core/host.js';
import type { PatchFile, PatchSaying } from '../../core/ide/index.js';
import type { IndexedText } from '../fromLsp.js';
import type { Span } from '../../core/text/index.js';
import type { Snapshot } from '../../core/workspace/index.js';
import type { ClientFacts } from '../client.js';
import { offsetOf, spanOf } from '../fromLsp.js';
import { positionOf, rangeOf } from '../toLsp.js';

/** Editor settings that switch features, beside those that `spectrail.toml` knows. */
export interface FeatureSettings {
  readonly codeLens: boolean;
  readonly inlayHints: boolean;
}

/** A request that makes no sense here; the sentence is shown to the person who asked. */
export class Refusal extends Error {}

export interface HandlerContextParts {
  readonly snapshot: Snapshot;
  readonly client: ClientFacts;
  readonly features: FeatureSettings;
  readonly cancellation: Cancellation;
  readonly log: Log;
  readonly readPatch: (path: string) => PatchSaying | undefined;
}

/** What the answer to a request may use: one document as it is now, and what the client can do. */
export class HandlerContext {
  readonly snapshot: Snapshot;
  readonly client: ClientFacts;
  readonly features: FeatureSettings;
  readonly cancellation: Cancellation;
  readonly log: Log;
  /** What a patch file of the package says of itself; undefined where it cannot be read. */
  readonly readPatch: (path: string) => PatchSaying | undefined;

  constructor({ snapshot, client, features, cancellation, log, readPatch }: HandlerContextParts) {
    this.snapshot = snapshot;
    this.client = client;
    this.features = features;
    this.cancellation = cancellation;
    this.log = log;
    this.readPatch = readPatch;
  }

  offset(position: Position): number {
    return offsetOf(this.snapshot, position, this.client.encoding);
  }

  span(range: Range): Span {
    return spanOf(this.snapshot, range, this.client.encoding);
  }

  position(offset: number): Position {
    return positionOf(this.snapshot, offset, this.client.encoding);
  }

  range(span: Span): Range {
    return rangeOf(this.snapshot, span, this.client.encoding);
  }
}

export interface PatchFileContextParts {
  readonly file: PatchFile;
  readonly document: IndexedText & { readonly uri: string };
  /** The spec that names the patch. */
  readonly specUri: string;
  readonly client: ClientFacts;
  readonly features: FeatureSettings;
}

/** What the answer to a request about a patch may use: the patch as it is now, and what its spec knows of it. */
export class PatchFileContext {
  readonly uri: string;
  readonly file: PatchFile;
  readonly specUri: string;
  readonly client: ClientFacts;
  readonly features: FeatureSettings;
  readonly #document: IndexedText;

  constructor({ file, document, specUri, client, features }: PatchFileContextParts) {
    this.uri = document.uri;
    this.file = file;
    this.specUri = specUri;
    this.client = client;
    this.features = features;
    this.#document = document;
  }

  /** From the beginning of a line to its end. */
  line(line: number): Range {
    return this.lines({ start: line, end: line + 1 });
  }

  /** From the beginning of the first line to the end of the last. */
  lines({ start, end }: { readonly start: number; readonly end: number }): Range {
    const { lines, text } = this.#document;
    const last = Math.min(Math.max(end, start + 1), lines.count) - 1;
    let to = lines.lineStart(last + 1);
    while (to > lines.lineStart(last) && (text[to - 1] === '\n' || text[to - 1] === '\r')) to--;
    return rangeOf(this.#document, { start: lines.lineStart(Math.min(start, last)), end: to }, this.client.encoding);
  }
}

/** The answer to one request of the protocol, with the capability that announces it. Runs in the analysis worker. */
export interface Handler<Params = unknown, Result = unknown> {
  /** Names it in the log. */
  readonly feature: string;
  readonly method: string;
  /** `interactive`: a person waits for it, so that it goes before diagnostics; `background`: it follows them. */
  readonly urgency: 'interactive' | 'background';
  capability(client: ClientFacts): ServerCapabilities;
  /** The answer for a document that is not open or is no RPM spec. */
  readonly nothing: Result;
  handle(context: HandlerContext, params: Params): Result;
  /** Answers for a patch that an open spec names. */
  handlePatchFile?(context: PatchFileContext, params: Params): Result;
  /** Answers for an open document that is no RPM spec, where that has an answer of its own. */
  handleOther?(text: string, params: Params): Result;
}

/** A handler whose types are no longer known, as lists hold it. */
export type AnyHandler = Handler;

export function defineHandler<Params extends { readonly textDocument: { readonly uri: string } }, Result>(handler: Handler<Params, Result>): AnyHandler {
  return handler as unknown as AnyHandler;
}
