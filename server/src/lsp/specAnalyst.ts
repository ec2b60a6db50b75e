import { fileURLToPath, pathToFileURL } from 'node:url';
import { basename, dirname } from 'node:path';
import type { Diagnostic } from 'vscode-languageserver/node';
import { decodeText } from '../core/text/index.js';
import { type Cancellation, type FileReader, type Git, HostError, neverCancelled, noFiles } from '../core/host.js';
import { type PatchFile, type PatchSaying, patchSaying, readPatchFile } from '../core/ide/index.js';
import { type Settings, type SettingsProblem, mergeSettings, readSettings, settingsFromEditor } from '../core/settings.js';
import { type Target, type TargetCatalogue, defaultTarget } from '../core/targets/index.js';
import { type PackageHistory, autoRelease, autoReleaseDefinitions, readHistory, usesHistory, type AnswerBook, type PackageFacts, type PackageFiles, type PackageTracerOptions, type Snapshot, type SnapshotReaders, createSnapshot, isEvaluated, noFacts, packageFile, packageTracing, readPackageFiles, specsAround } from '../core/workspace/index.js';
import { type AnalysedText, type Analyst, isPatchUri } from './analysisLoop.js';
import type { FeatureSettings, HandlerContext } from './handlers/handler.js';
import type { SpecOnDisk } from './messages.js';
import { diagnosticsOf } from './handlers/diagnostics.js';

/** Bytes of a patch beyond which a hover does not read it. */
const patchLimit = 4 << 20;

/** Bytes of a spec beyond which it is not read for the sake of a patch. */
const specLimit = 4 << 20;

/** Of a folder with more specs than this, only those are read that name the patch in their text. */
const fewSpecs = 3;

/** One document's snapshot, and what it was made from, so that it can be told whether that still holds. */
export interface SpecState {
  readonly snapshot: Snapshot;
  readonly features: FeatureSettings;
  readonly surroundings: Surroundings;
  readonly withheld: string | undefined;
}

/** What lies around a document: its package's files, its settings. */
interface Surroundings {
  readonly path: string | undefined;
  readonly files: PackageFiles | undefined;
  readonly lock: PackageTracerOptions['lock'];
  readonly settings: Settings;
  readonly settingsFile: string | undefined;
  readonly problems: readonly SettingsProblem[];
  readonly features: FeatureSettings;
  readonly lint: boolean;
  readonly targets: readonly Target[];
  /** State of the package's repository, where the spec asks for its history; undefined where it is no checkout. */
  readonly historyState: string | undefined;
  /** All of the above as text: equal texts mean that nothing has changed. */
  readonly key: string;
}

export interface SpecAnalystTools {
  readonly readers: SnapshotReaders;
  /** Reads what lies in these folders, or anything where none are given. */
  readonly files: (folders?: readonly string[]) => FileReader;
  readonly book: AnswerBook;
  /** Reads the history of packages that use %autorelease. */
  readonly git?: Git;
  readonly now?: () => number;
  /** Known and imported targets. */
  readonly targets: TargetCatalogue;
  looksLikeRpmSpec(text: string): boolean;
}

/** Makes snapshots of specs for the analysis loop. */
export class SpecAnalyst implements Analyst<SpecState> {
  readonly #tools: SpecAnalystTools;
  /** Looks for settings and lists folders; never given to an evaluation. */
  readonly #files: FileReader;
  readonly #readers = new Map<string, FileReader>();
  /** Histories by the path of the spec, as of a state of their repository. */
  readonly #histories = new Map<string, { readonly state: string; readonly history: PackageHistory | undefined; readonly user: string | undefined }>();

  constructor(tools: SpecAnalystTools) {
    this.#tools = tools;
    this.#files = tools.files();
  }

  analyse(document: AnalysedText, previous: { readonly state: SpecState; readonly isEdited: boolean } | undefined, cancellation: Cancellation): SpecState | undefined {
    if (isPatchUri(document.uri) || !this.#tools.looksLikeRpmSpec(document.text)) return undefined;
    // Folders are listed again only when somebody said that something in them has changed (isStale).
    const before = previous?.state.surroundings;
    const surroundings = before !== undefined && previous!.isEdited ? before : this.#look(document);
    const { path, settings, settingsFile, files, features, targets } = surroundings;
    const facts: PackageFacts = {
      ...noFacts,
      ...(files === undefined ? {} : { files: files.files, folders: files.folders }),
      traces: new Map(document.known.traces.map((trace) => [trace.fileName, trace])),
      decisions: new Map(document.known.decisions.map((decided) => [decided.file, decided])),
    };
    const { uri, version, text, lines, withheld } = document;
    const isSame = before !== undefined && before.key === surroundings.key && previous!.state.withheld === withheld;
    const make = (known: string | undefined, earlier: Snapshot | undefined): Snapshot => createSnapshot(
      this.#tools.readers,
      { inputs: { definitions: this.#fromHistory(surroundings, text, known) }, uri, path, version, text, lines, settings, settingsFile, facts, targets, files: this.#filesOf(files), sourceFolder: files?.sourceFolder, isWithheld: withheld !== undefined, cancellation },
      earlier,
    );
    const known = isSame ? versionOf(previous!.state.snapshot) : undefined;
    let snapshot = make(known, isSame ? previous!.state.snapshot : undefined);
    // The release depends on the version, which this edit changed.
    if (known !== undefined && surroundings.historyState !== undefined && versionOf(snapshot) !== known) {
      const first = snapshot;
      try {
        snapshot = make(versionOf(first), first);
      } finally {
        first.release();
      }
    }
    return { snapshot, surroundings, features, withheld };
  }

  snapshot({ snapshot }: SpecState): Snapshot {
    return snapshot;
  }

  features({ features }: SpecState): FeatureSettings {
    return features;
  }

  diagnostics(context: HandlerContext, { surroundings, withheld }: SpecState): Diagnostic[] {
    return diagnosticsOf(context, { isLinted: surroundings.lint, withheld, settingsProblems: surroundings.problems });
  }

  patches({ snapshot, surroundings: { path, files, lock, settings, settingsFile } }: SpecState): PackageTracerOptions | undefined {
    if (path === undefined || files === undefined || !isEvaluated(snapshot.evaluation)) return undefined;
    return {
      tracing: packageTracing(snapshot.text, snapshot.evaluation, files),
      places: settings.trace,
      folder: settingsFile === undefined ? dirname(path) : dirname(settingsFile),
      roots: [files.specFolder, files.sourceFolder],
      ...(lock === undefined ? {} : { lock }),
    };
  }

  learn({ snapshot, surroundings }: SpecState): Promise<boolean> | undefined {
    const { path, historyState } = surroundings;
    const isHistoryOld = path !== undefined && historyState !== undefined && this.#histories.get(path)?.state !== historyState;
    const hasQuestions = this.#tools.book.hasQuestions(snapshot);
    if (!isHistoryOld) return hasQuestions ? this.#tools.book.learn(snapshot, neverCancelled) : undefined;
    return this.#learnHistory(path, historyState).then(async () => (hasQuestions && (await this.#tools.book.learn(snapshot, neverCancelled))) || true);
  }

  async #learnHistory(path: string, state: string): Promise<void> {
    const git = this.#tools.git!;
    try {
      const history = await readHistory(git, dirname(path), basename(path), neverCancelled);
      this.#histories.set(path, { state, history, user: await git.identity(dirname(path)) });
    } catch (error) {
      if (!(error instanceof HostError)) throw error;
      // %autorelease counts from 1, as where there is no history.
      this.#histories.set(path, { state, history: undefined, user: undefined });
    }
  }

  /** What the package's history makes of %autorelease and %autochangelog; nothing where it has none, or it was not read yet. */
  #fromHistory({ path, historyState, targets }: Surroundings, text: string, version: string | undefined): readonly string[] {
    const known = path === undefined || historyState === undefined ? undefined : this.#histories.get(path);
    if (known?.history === undefined) return [];
    return autoReleaseDefinitions(autoRelease(text, known.history, { target: targets[0]!, now: (this.#tools.now ?? (() => 0))(), user: known.user, version }), targets[0]!);
  }

  isStale(state: SpecState, document: AnalysedText): boolean {
    return this.#look(document).key !== state.surroundings.key;
  }

  readPatch({ surroundings }: SpecState, path: string): PatchSaying | undefined {
    const bytes = this.#filesOf(surroundings.files).read(path, patchLimit);
    return bytes === undefined ? undefined : patchSaying(bytes, basename(path));
  }

  specsAround(patchUri: string): readonly SpecOnDisk[] {
    const path = pathOf(patchUri);
    if (path === undefined) return [];
    const specs = specsAround(path, this.#files).flatMap((specPath) => {
      const bytes = this.#files.read(specPath, specLimit);
      return bytes === undefined ? [] : [{ uri: pathToFileURL(specPath).href, text: decodeText(bytes).text }];
    });
    return specs.length <= fewSpecs ? specs : specs.filter(({ text }) => text.includes(basename(path))).slice(0, fewSpecs);
  }

  patchFile({ snapshot: { facts, evaluation } }: SpecState, document: AnalysedText): PatchFile | undefined {
    const path = pathOf(document.uri);
    if (path === undefined) return undefined;
    const fileName = basename(path);
    const isNamed = evaluation.patches.some((patch) => patch.fileName === fileName);
    return isNamed && packageFile(facts, fileName) === path ? readPatchFile(document.text, fileName, facts.traces.get(fileName), facts.decisions.get(fileName)) : undefined;
  }

  release({ snapshot }: SpecState): void {
    snapshot.release();
  }

  /** What an evaluation may read: the package's own folders. */
  #filesOf(files: PackageFiles | undefined): FileReader {
    if (files === undefined) return noFiles;
    const folders = [files.specFolder, files.sourceFolder];
    const key = folders.join('\0');
    let reader = this.#readers.get(key);
    if (reader === undefined) {
      reader = this.#tools.files(folders);
      this.#readers.set(key, reader);
    }
    return reader;
  }

  /** The targets of these names; the usual one where none is known. The same objects every time, by which evaluations are told apart. */
  #targets(names: readonly string[], file: string | undefined): { readonly targets: readonly Target[]; readonly problems: readonly SettingsProblem[] } {
    const targets: Target[] = [];
    const problems: SettingsProblem[] = [];
    for (const name of names.length === 0 ? [defaultTarget] : names) {
      const found = this.#tools.targets.find(name);
      if ('message' in found) problems.push({ code: 'unknown-name', file: file ?? 'editor', position: undefined, message: `${found.message.charAt(0).toUpperCase()}${found.message.slice(1)}` });
      else if (!targets.includes(found.target)) targets.push(found.target);
    }
    return targets.length > 0 ? { targets, problems } : { targets: this.#targets([defaultTarget], undefined).targets, problems };
  }

  #look(document: AnalysedText): Surroundings {
    const path = pathOf(document.uri);
    const files = path === undefined ? undefined : readPackageFiles(path, this.#files);
    const locked = files === undefined ? undefined : this.#files.stat(files.lock);
    const lock = files === undefined ? undefined : { path: files.lock, stamp: locked === undefined ? undefined : `${locked.size} ${locked.modified}` };
    const editor = settingsFromEditor(document.settings);
    const file = path === undefined ? undefined : readSettings(this.#files, dirname(path));
    let settings = file === undefined ? editor.settings : mergeSettings(editor.settings, file);
    const section = isRecord(document.settings) ? document.settings : {};
    const selected = section['selectedTarget'];
    if (typeof selected === 'string' && selected !== '') settings = { ...settings, targets: [selected, ...settings.targets.filter((id) => id !== selected)] };
    const switched = (name: string, usual: boolean): boolean => {
      const group = section[name];
      const enable = isRecord(group) ? group['enable'] : undefined;
      return typeof enable === 'boolean' ? enable : usual;
    };
    const features = { codeLens: switched('codeLens', true), inlayHints: switched('inlayHints', false) };
    const lint = switched('lint', true);
    const { targets, problems: targetProblems } = this.#targets(settings.targets, file?.file);
    const problems = [...editor.problems, ...(file?.problems ?? []), ...targetProblems];
    const historyState = path === undefined || !usesHistory(document.text) ? undefined : this.#tools.git?.locate({ location: dirname(path), kind: 'local' })?.state;
    // Targets follow from the settings.
    const key = JSON.stringify([path, files?.sourceFolder, files === undefined ? 0 : [...files.folders], lock, settings, problems, features, lint, targets.map(({ id, set }) => [id, set?.revision]), historyState]);
    return { path, files, lock, settings, settingsFile: file?.file, problems, features, lint, targets, historyState, key };
  }
}

/** `epoch:version` of the main package; undefined where the spec has none yet. */
function versionOf({ evaluation }: Snapshot): string | undefined {
  const [main] = isEvaluated(evaluation) ? evaluation.packages : [];
  return main === undefined || main.version === '' ? undefined : `${main.epoch === undefined ? '' : `${main.epoch}:`}${main.version}`;
}

/** The path of a document that is a file; undefined for one that is not. */
export function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    // A file URI of another machine, or one that no path can be made of.
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
