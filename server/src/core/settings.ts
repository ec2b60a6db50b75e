/**
 * The one schema of settings, for `spectrail.toml` and for the editor. Settings are input like any other: nothing here
 * can switch on a shell, the network or another git.
 *
 * `npm run generate` writes what is derived from the schema: the JSON Schema, the extension's `contributes.configuration`
 * and docs/settings.md. This file knows no rule and no target by name; whoever reads settings passes the vocabulary in.
 */
import { TomlError, parse } from 'smol-toml';
import type { FileReader } from './host.js';
import { type Position, type Severity, decodeText, nearest } from './text/index.js';

export interface Settings {
  /** Target ids, the primary one first. */
  readonly targets: readonly string[];
  /** Macros to define before anything of the spec is read. */
  readonly define: Readonly<Record<string, string>>;
  readonly with: readonly string[];
  readonly without: readonly string[];
  readonly lint: {
    /** Per rule id: its severity, or off. */
    readonly rules: Readonly<Record<string, Severity | 'off'>>;
    /** The least severity that makes `spectrail lint` fail. */
    readonly failOn: Severity;
  };
  readonly trace: {
    /** Locations of upstream repositories. */
    readonly upstream: readonly string[];
    /** `name=location#branch`. */
    readonly carriers: readonly string[];
  };
}

export const severities: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** What a setting holds. `names` of a list or table are checked against the vocabulary of that name, where one is given. */
export type SettingType =
  | { readonly kind: 'text' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'list'; readonly names?: 'targets' }
  | { readonly kind: 'table'; readonly names?: 'rules'; readonly of?: readonly string[] };

export interface Setting {
  /** Where it stands in `spectrail.toml`, with dots: `lint.fail-on`. In the editor it is `spectrail.` and the same in camel case. */
  readonly key: string;
  readonly type: SettingType;
  /** One or two full sentences; Markdown's backticks are allowed. */
  readonly description: string;
  /** A line or two of TOML for the documentation. */
  readonly example: string;
  /** Whether the editor has it too; what only the command line reads has no place there. */
  readonly inEditor: boolean;
}

/** Words that settings may use and that this room cannot know. */
export interface Vocabulary {
  readonly rules: readonly string[];
  /** Ids to suggest, and whether a name is a target's: targets have several spellings. */
  readonly targets: { readonly list: readonly string[]; knows(name: string): boolean };
}

export const schema: readonly Setting[] = [
  {
    key: 'targets',
    type: { kind: 'list', names: 'targets' },
    description: 'Distributions that the spec is read for, the primary one first. Hovers and the outline speak of the primary one; lint speaks of all of them.',
    example: 'targets = ["el9", "fedora-43"]',
    inEditor: true,
  },
  {
    key: 'define',
    type: { kind: 'table' },
    description: 'Macros that are defined before anything of the spec is read, as `rpmbuild --define` does.',
    example: '[define]\n_with_tests = "1"',
    inEditor: true,
  },
  { key: 'with', type: { kind: 'list' }, description: 'Build conditionals that are switched on, as `rpmbuild --with` does.', example: 'with = ["tests"]', inEditor: true },
  { key: 'without', type: { kind: 'list' }, description: 'Build conditionals that are switched off, as `rpmbuild --without` does.', example: 'without = ["docs"]', inEditor: true },
  {
    key: 'lint.rules',
    type: { kind: 'table', names: 'rules', of: [...severities, 'off'] },
    description: 'Severity of each lint rule: `error`, `warning`, `information`, `hint`, or `off`. Rules that are not named keep their own.',
    example: '[lint.rules]\ntrailing-whitespace = "off"\npatch-not-applied = "error"',
    inEditor: true,
  },
  {
    key: 'lint.fail-on',
    type: { kind: 'choice', of: severities },
    description: 'The least severity of a finding that makes `spectrail lint` end with status 1.',
    example: '[lint]\nfail-on = "error"',
    inEditor: false,
  },
  {
    key: 'trace.upstream',
    type: { kind: 'list' },
    description: 'Locations of the upstream repositories that patches may come from: a URL, or a folder relative to this file.',
    example: '[trace]\nupstream = ["../curl"]',
    inEditor: true,
  },
  {
    key: 'trace.carriers',
    type: { kind: 'list' },
    description: 'Distributions that may ship the same patches, each as `name=location#branch`.',
    example: '[trace]\ncarriers = ["stream=../curl-stream#c9s"]',
    inEditor: true,
  },
];

export const defaultSettings: Settings = {
  targets: ['fedora-43'],
  define: {},
  with: [],
  without: [],
  lint: { rules: {}, failOn: 'warning' },
  trace: { upstream: [], carriers: [] },
};

/** Name of the settings file, looked for in the package's folder and every folder above it. */
export const settingsFileName = 'spectrail.toml';

/** Something wrong in a settings file. The other settings of that file hold nevertheless. */
export interface SettingsProblem {
  readonly code: 'unreadable' | 'syntax' | 'unknown-key' | 'wrong-type' | 'unknown-name';
  /** Path of the file; `editor` for the editor's own settings. */
  readonly file: string;
  /** Undefined for the editor's settings, which have no text. */
  readonly position: Position | undefined;
  /** A sentence that says what is wrong and what would be right. */
  readonly message: string;
}

export interface ReadSettings {
  /** What was given, and the defaults for the rest. */
  readonly settings: Settings;
  /** Keys of the settings that were given and are right. */
  readonly given: readonly string[];
  /** The file they were read from; undefined where there is none and the defaults hold. */
  readonly file: string | undefined;
  readonly problems: readonly SettingsProblem[];
}

/** A settings file larger than this is no settings file. */
const sizeLimit = 1 << 20;

/**
 * Reads the nearest `spectrail.toml` in `folder` (absolute) or a folder above it. Without one, the defaults. What is wrong
 * in the file is a problem; everything else in it holds.
 */
export function readSettings(files: FileReader, folder: string, vocabulary?: Vocabulary): ReadSettings {
  const file = findSettingsFile(files, folder);
  if (file === undefined) return { settings: defaultSettings, given: [], file, problems: [] };
  const bytes = files.read(file, sizeLimit);
  if (bytes === undefined) {
    const message = 'This file cannot be read, or is larger than 1 MB; the default settings hold.';
    return { settings: defaultSettings, given: [], file, problems: [{ code: 'unreadable', file, position: { line: 0, column: 0 }, message }] };
  }
  return parseSettings(decodeText(bytes).text, file, vocabulary);
}

/** The nearest settings file for a folder, or undefined. */
export function findSettingsFile(files: FileReader, folder: string): string | undefined {
  const separator = folder.includes('/') ? '/' : '\\';
  for (let current = folder; ; ) {
    const candidate = current.endsWith(separator) ? `${current}${settingsFileName}` : `${current}${separator}${settingsFileName}`;
    if (files.stat(candidate)?.kind === 'file') return candidate;
    const cut = current.lastIndexOf(separator);
    if (cut < 0) return undefined;
    // The root itself ("/" or "C:\") is looked into as well, once.
    const parent = current.slice(0, cut === current.indexOf(separator) ? cut + 1 : cut);
    if (parent === current) return undefined;
    current = parent;
  }
}

/** Settings out of the text of a `spectrail.toml`; `file` is only named in problems. */
export function parseSettings(text: string, file: string, vocabulary?: Vocabulary): ReadSettings {
  let data: Record<string, unknown>;
  try {
    data = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The first line is the reason; the rest draws the place, which is said by position.
    const reason = error.message.split('\n')[0]!.replace(/^Invalid TOML document: /, '');
    const problem: SettingsProblem = { code: 'syntax', file, position: { line: error.line - 1, column: Math.max(error.column - 1, 0) }, message: `This is not TOML: ${reason}. The default settings hold.` };
    return { settings: defaultSettings, given: [], file, problems: [problem] };
  }
  return { ...settingsFrom(flatten(data), { file, vocabulary, locate: (path) => locateKey(text, path) }), file };
}

/**
 * Settings out of the editor's `spectrail` section (camel case keys, nested). What a `spectrail.toml` says comes over it:
 * use {@link mergeSettings}.
 */
export function settingsFromEditor(section: unknown, vocabulary?: Vocabulary): ReadSettings {
  const values = new Map<string, unknown>();
  if (isTable(section)) {
    for (const setting of schema.filter(({ inEditor }) => inEditor)) {
      let value: unknown = section;
      for (const part of editorKey(setting.key).split('.')) value = isTable(value) ? value[part] : undefined;
      if (value !== undefined && value !== null) values.set(setting.key, value);
    }
  }
  return { ...settingsFrom(values, { file: 'editor', vocabulary, locate: () => undefined }), file: undefined };
}

/** The name that a setting has in the editor, without the leading `spectrail.`. */
export function editorKey(key: string): string {
  return key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The value of a setting by its key. */
export function settingValue(settings: Settings, key: string): unknown {
  let value: unknown = settings;
  for (const part of editorKey(key).split('.')) value = (value as Record<string, unknown>)[part];
  return value;
}

/** `below` with the given settings of `over` on top; tables are joined, `over` winning name by name. */
export function mergeSettings(below: Settings, over: Pick<ReadSettings, 'settings' | 'given'>): Settings {
  let merged = below;
  for (const { key, type } of schema) {
    if (!over.given.includes(key)) continue;
    const value = settingValue(over.settings, key);
    merged = withSetting(merged, key, type.kind === 'table' ? { ...(settingValue(below, key) as object), ...(value as object) } : value);
  }
  return merged;
}

interface Reading {
  readonly file: string;
  readonly vocabulary: Vocabulary | undefined;
  locate(path: readonly string[]): Position | undefined;
}

function settingsFrom(values: ReadonlyMap<string, unknown>, reading: Reading): Pick<ReadSettings, 'settings' | 'given' | 'problems'> {
  const problems: SettingsProblem[] = [];
  const given: string[] = [];
  let settings = defaultSettings;
  for (const [key, value] of values) {
    const complain = (code: SettingsProblem['code'], message: string, path = key.split('.')) => void problems.push({ code, file: reading.file, position: reading.locate(path), message });
    const setting = schema.find((candidate) => candidate.key === key);
    if (setting === undefined) {
      complain('unknown-key', `There is no setting '${key}'${ending(key, schema.map((candidate) => candidate.key))}`);
      continue;
    }
    const accepted = acceptValue(setting, value, reading.vocabulary, complain);
    if (accepted === undefined) continue;
    settings = withSetting(settings, key, accepted);
    given.push(key);
  }
  return { settings, given, problems };
}

type Complain = (code: SettingsProblem['code'], message: string, path?: string[]) => void;

/** The value of the setting's type, as much of it as is right; undefined where nothing of it is. */
function acceptValue({ key, type }: Setting, value: unknown, vocabulary: Vocabulary | undefined, complain: Complain): unknown {
  switch (type.kind) {
    case 'text':
      if (typeof value === 'string') return value;
      return void complain('wrong-type', `'${key}' must be a text in quotes, not ${describe(value)}.`);
    case 'choice':
      if (typeof value === 'string' && type.of.includes(value)) return value;
      return void complain('wrong-type', `'${key}' must be one of ${type.of.map(quote).join(', ')}, not ${describe(value)}${ending(value, type.of)}`);
    case 'list': {
      if (!Array.isArray(value)) return void complain('wrong-type', `'${key}' must be a list of texts, such as ["a", "b"], not ${describe(value)}.`);
      const items = value.filter((item): item is string => typeof item === 'string');
      if (items.length < value.length) complain('wrong-type', `'${key}' must be a list of texts; ${describe(value.find((item) => typeof item !== 'string'))} is left out.`);
      const known = type.names === undefined ? undefined : vocabulary?.[type.names];
      const good = items.filter((item) => {
        if (known === undefined || known.knows(item)) return true;
        complain('unknown-name', `'${key}' names '${item}', which is not known${ending(item, known.list)}`);
        return false;
      });
      return good.length > 0 || value.length === 0 ? good : undefined;
    }
    case 'table': {
      if (!isTable(value)) return void complain('wrong-type', `'${key}' must be a table, written as [${key}] and 'name = "value"' lines below it, not ${describe(value)}.`);
      const known = type.names === undefined ? undefined : vocabulary?.[type.names];
      const good: Record<string, string> = {};
      for (const [name, item] of Object.entries(value)) {
        const path = [...key.split('.'), name];
        if (known !== undefined && !known.includes(name)) complain('unknown-name', `'${key}' names '${name}', which is not known${ending(name, known)}`, path);
        else if (type.of !== undefined && !(typeof item === 'string' && type.of.includes(item))) complain('wrong-type', `'${key}.${name}' must be one of ${type.of.map(quote).join(', ')}, not ${describe(item)}${ending(item, type.of)}`, path);
        else if (type.of === undefined && typeof item !== 'string' && typeof item !== 'number' && typeof item !== 'bigint') complain('wrong-type', `'${key}.${name}' must be a text in quotes, not ${describe(item)}.`, path);
        else Object.defineProperty(good, name, { value: String(item), enumerable: true, configurable: true, writable: true });
      }
      return good;
    }
  }
}

function withSetting(settings: Settings, key: string, value: unknown): Settings {
  const [first, second] = editorKey(key).split('.') as [keyof Settings, string | undefined];
  return { ...settings, [first]: second === undefined ? value : { ...(settings[first] as object), [second]: value } };
}

/** Every value by its key: tables that the schema does not know as values are opened. */
function flatten(data: Record<string, unknown>): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, value] of Object.entries(data)) {
    const isGroup = schema.some(({ key }) => key.startsWith(`${name}.`));
    if (isGroup && isTable(value)) for (const [inner, item] of Object.entries(value)) values.set(`${name}.${inner}`, item);
    else values.set(name, value);
  }
  return values;
}

/**
 * Where a key is written: its own line, else that of the nearest table around it. The parser gives values without places,
 * so table headers and keys are read once more; the document is known to be good TOML by then.
 */
function locateKey(text: string, path: readonly string[]): Position {
  let best: Position = { line: 0, column: 0 };
  let depth = 0;
  for (const { path: found, position } of writtenKeys(text)) {
    if (found.length <= depth || found.length > path.length || found.some((part, index) => part !== path[index])) continue;
    depth = found.length;
    best = position;
  }
  return best;
}

/** Table headers and keys in the order they are written, each with its whole path. */
function* writtenKeys(text: string): Generator<{ readonly path: readonly string[]; readonly position: Position }> {
  const name = String.raw`(?:"[^"]*"|'[^']*'|[\w-]+)`;
  const pair = new RegExp(String.raw`^\s*(${name}(?:\s*\.\s*${name})*)\s*=\s*(.*)$`);
  let table: string[] = [];
  /** What ends the multi-line text that the lines stand in. */
  let closing: string | undefined;
  for (const [line, content] of text.split('\n').entries()) {
    if (closing !== undefined) {
      if (content.includes(closing)) closing = undefined;
      continue;
    }
    const position = { line, column: Math.max(content.search(/\S/), 0) };
    const header = /^\s*\[\[?([^\]]*)\]/.exec(content);
    if (header !== null) {
      table = keyParts(header[1]!);
      yield { path: table, position };
      continue;
    }
    const match = pair.exec(content);
    if (match === null) continue;
    const path = [...table, ...keyParts(match[1]!)];
    const value = match[2]!;
    yield { path, position };
    if (value.startsWith('{')) {
      const offset = content.length - value.length;
      for (const inner of value.matchAll(new RegExp(String.raw`[{,]\s*(${name})\s*=`, 'g'))) {
        yield { path: [...path, ...keyParts(inner[1]!)], position: { line, column: offset + inner.index + inner[0].indexOf(inner[1]!) } };
      }
    }
    const quotes = /^("""|''')/.exec(value)?.[1];
    if (quotes !== undefined && !value.slice(3).includes(quotes)) closing = quotes;
  }
}

function keyParts(key: string): string[] {
  return [...key.matchAll(/"([^"]*)"|'([^']*)'|([\w-]+)/g)].map(([, double, single, bare]) => double ?? single ?? bare!);
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  if (typeof value === 'object') return value === null ? 'null' : 'a table';
  return typeof value === 'string' ? quote(value) : String(value);
}

function quote(text: string): string {
  return JSON.stringify(text);
}

/** Ends a sentence: with a near miss as a question where there is one. */
function ending(word: unknown, known: readonly string[]): string {
  const guess = typeof word === 'string' ? nearest(word, known) : undefined;
  return guess === undefined ? '.' : `; did you mean '${guess}'?`;
}
