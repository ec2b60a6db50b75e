/** Snapshots of fixtures: read both ways, for a target, without files or processes. */
import { LineIndex } from '#server/core/text/index.js';
import { defaultSettings, type Settings } from '#server/core/settings.js';
import { findTarget } from '#server/core/targets/index.js';
import { SpecParser } from '#server/core/syntax/index.js';
import { noFiles } from '#server/core/host.js';
import { type AnswerBook, type PackageFacts, type Snapshot, createSnapshot, noFacts } from '#server/core/workspace/index.js';
import { readParserBytes } from '#server/node/index.js';
import { type Fixture } from './fixture.js';

/** One parser for all tests of a file: its WebAssembly is loaded once. */
export const parser = await SpecParser.create(await readParserBytes());

export interface SnapshotOptions {
  readonly targets?: readonly string[];
  readonly settings?: Partial<Settings>;
  readonly traces?: PackageFacts['traces'];
  readonly decisions?: PackageFacts['decisions'];
  readonly isWithheld?: boolean;
  readonly previous?: Snapshot;
  readonly book?: AnswerBook;
}

/** A snapshot of a text, with the names of files beside it. The caller releases it. */
export function snapshotOf(text: string, files: readonly string[] | undefined, { targets = ['fedora-43'], settings = {}, traces = new Map(), decisions = new Map(), isWithheld = false, previous, book }: SnapshotOptions = {}): Snapshot {
  const facts: PackageFacts = { ...noFacts, traces, decisions, ...(files === undefined ? {} : { files: new Set(files), folders: new Map(files.map((name) => [name, '/package'])) }) };
  return createSnapshot(
    { parse: (parsed, before) => parser.parse(parsed, before), ...(book === undefined ? {} : { book }) },
    {
      uri: 'file:///package/package.spec',
      path: '/package/package.spec',
      version: 1,
      text,
      lines: new LineIndex(text),
      settings: { ...defaultSettings, ...settings },
      facts,
      files: noFiles,
      targets: targets.map((name) => {
        const found = findTarget(name);
        if ('message' in found) throw new Error(found.message);
        return found.target;
      }),
      isWithheld,
    },
    previous,
  );
}

/** Gives a check the snapshot of a fixture, and releases it whatever happens. */
export function withSnapshot<T>({ main, files }: Fixture, options: SnapshotOptions, check: (snapshot: Snapshot) => T): T {
  const snapshot = snapshotOf(main.text, files.map(({ name }) => name), options);
  try {
    return check(snapshot);
  } finally {
    snapshot.release();
  }
}
