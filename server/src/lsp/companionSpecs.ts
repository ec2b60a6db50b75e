import { isPatchUri } from './analysisLoop.js';
import type { SpecOnDisk } from './messages.js';

export interface CompanionSpecsHost {
  /** Has the specs around a patch looked for; they are handed to {@link CompanionSpecs.found}. */
  look(patchUri: string): void;
  /** Whether the client has it open itself. */
  isOpen(uri: string): boolean;
  open(spec: SpecOnDisk): void;
  close(uri: string): void;
}

/**
 * Specs that nobody has open, read because a patch of theirs is: what is known of a patch is known by its spec. The client
 * is told nothing of them.
 */
export class CompanionSpecs {
  readonly #host: CompanionSpecsHost;
  /** Open patches with the specs around them. */
  readonly #patches = new Map<string, readonly string[]>();
  readonly #companions = new Map<string, string>();
  readonly #unread = new Set<string>();

  constructor(host: CompanionSpecsHost) {
    this.#host = host;
  }

  /** Whether a document is one of ours, and none of the client's. */
  has(uri: string): boolean {
    return this.#companions.has(uri);
  }

  /** Told that it was analysed; whether that is the first time since it was read from disk. */
  isRead(uri: string): boolean {
    return this.#unread.delete(uri);
  }

  /** The client has opened a document: a patch brings its spec with it, a spec is the client's from now on. */
  opened(uri: string): void {
    this.#companions.delete(uri);
    if (!isPatchUri(uri)) return;
    this.#patches.set(uri, []);
    this.#host.look(uri);
  }

  found(patchUri: string, specs: readonly SpecOnDisk[]): void {
    if (!this.#patches.has(patchUri)) return;
    this.#patches.set(patchUri, specs.map(({ uri }) => uri));
    for (const { uri, text } of specs) {
      const known = this.#companions.get(uri);
      if (known === text || (known === undefined && this.#host.isOpen(uri))) continue;
      this.#companions.set(uri, text);
      this.#unread.add(uri);
      this.#host.open({ uri, text });
    }
    this.#dropUnwanted();
  }

  /** The client has closed a document. */
  closed(uri: string): void {
    if (this.#patches.delete(uri)) this.#dropUnwanted();
    else this.#lookAgain(uri);
  }

  /** A file has changed on disk. */
  changed(uri: string): void {
    if (uri.endsWith('.spec')) this.#lookAgain(uri);
  }

  #lookAgain(spec: string): void {
    for (const [patch, specs] of this.#patches) if (specs.includes(spec)) this.#host.look(patch);
  }

  #dropUnwanted(): void {
    const wanted = new Set([...this.#patches.values()].flat());
    for (const uri of [...this.#companions.keys()]) {
      if (wanted.has(uri)) continue;
      this.#companions.delete(uri);
      this.#host.close(uri);
    }
  }
}
