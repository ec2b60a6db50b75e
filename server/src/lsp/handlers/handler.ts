import type { Position, Range, ServerCapabilities } from 'vscode-languageserver/node';
import type { Cancellation } from '../../core/host.js';
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

/** What the answer to a request may use: one document as it is now, and what the client can do. */
export class HandlerContext {
  readonly snapshot: Snapshot;
  readonly client: ClientFacts;
  readonly features: FeatureSettings;
  readonly cancellation: Cancellation;

  constructor(snapshot: Snapshot, client: ClientFacts, features: FeatureSettings, cancellation: Cancellation) {
    this.snapshot = snapshot;
    this.client = client;
    this.features = features;
    this.cancellation = cancellation;
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
}

/** A handler whose types are no longer known, as lists hold it. */
export type AnyHandler = Handler;

export function defineHandler<Params extends { readonly textDocument: { readonly uri: string } }, Result>(handler: Handler<Params, Result>): AnyHandler {
  return handler as unknown as AnyHandler;
}
