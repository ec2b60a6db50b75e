import { fileURLToPath } from 'node:url';
import { dirname } from 'node:path';
import type { Diagnostic } from 'vscode-languageserver/node';
import type { Cancellation, FileReader } from '../core/host.js';
import { type Settings, type SettingsProblem, mergeSettings, readSettings, settingsFromEditor } from '../core/settings.js';
import type { Target } from '../core/targets/index.js';
import type { TextEdit } from '../core/text/index.js';
import { type PackageFacts, type PackageFiles, type Snapshot, type SnapshotReaders, createSnapshot, noFacts, packageFile, readPackageFiles } from '../core/workspace/index.js';
import type { AnalysedText, Analyst } from './analysisLoop.js';
import type { FeatureSettings, HandlerContext } from './handlers/handler.js';
import { diagnosticsOf } from './handlers/diagnostics.js';
import type { PatchFile } from './messages.js';

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
  readonly settings: Settings;
  readonly problems: readonly SettingsProblem[];
  readonly features: FeatureSettings;
  readonly lint: boolean;
  /** All of the above as text: equal texts mean that nothing has changed. */
  readonly key: string;
}

export interface SpecAnalystTools {
  readonly readers: SnapshotReaders;
  readonly files: FileReader;
  looksLikeRpmSpec(text: string): boolean;
  targetsOf(ids: readonly string[]): readonly Target[];
}

/** Makes snapshots of specs for the analysis loop. */
export class SpecAnalyst implements Analyst<SpecState> {
  readonly #tools: SpecAnalystTools;

  constructor(tools: SpecAnalystTools) {
    this.#tools = tools;
  }

  analyse(document: AnalysedText, previous: { readonly state: SpecState; readonly edits: readonly TextEdit[] } | undefined, cancellation: Cancellation): SpecState | undefined {
    if (!this.#tools.looksLikeRpmSpec(document.text)) return undefined;
    // Folders are listed again only when somebody said that something in them has changed (isStale).
    const before = previous?.state.surroundings;
    const surroundings = before !== undefined && previous!.edits.length > 0 ? before : this.#look(document);
    const { path, settings, files, features } = surroundings;
    const facts: PackageFacts = {
      ...noFacts,
      ...(files === undefined ? {} : { files: files.files, folders: files.folders }),
      traces: new Map(document.traces.map((trace) => [trace.fileName, trace])),
    };
    const { uri, version, text, lines, withheld } = document;
    const isSame = before !== undefined && before.key === surroundings.key && previous!.state.withheld === withheld;
    const snapshot = createSnapshot(
      this.#tools.readers,
      { uri, path, version, text, lines, settings, facts, targets: this.#tools.targetsOf(settings.targets), isWithheld: withheld !== undefined, cancellation },
      isSame ? { snapshot: previous!.state.snapshot, edits: previous!.edits } : undefined,
    );
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

  patches({ snapshot }: SpecState): { readonly patches: readonly PatchFile[]; readonly trace: Settings['trace'] } {
    const { evaluation, facts, settings } = snapshot;
    const patches = evaluation.patches.map(({ fileName, number }) => ({ fileName, number, path: packageFile(facts, fileName) }));
    return { patches, trace: settings.trace };
  }

  isStale(state: SpecState, document: AnalysedText): boolean {
    return this.#look(document).key !== state.surroundings.key;
  }

  release({ snapshot }: SpecState): void {
    snapshot.release();
  }

  #look(document: AnalysedText): Surroundings {
    const path = pathOf(document.uri);
    const files = path === undefined ? undefined : readPackageFiles(path, this.#tools.files);
    const editor = settingsFromEditor(document.settings);
    const file = path === undefined ? undefined : readSettings(this.#tools.files, dirname(path));
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
    const problems = [...editor.problems, ...(file?.problems ?? [])];
    const key = JSON.stringify([path, files?.sourceFolder, files === undefined ? 0 : [...files.folders], settings, problems, features, lint]);
    return { path, files, settings, problems, features, lint, key };
  }
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
