import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { availableParallelism } from 'node:os';
import { type Cancellation, type FileReader, HostError, type LuaFactory, neverCancelled, noFiles } from '../../core/host.js';
import { type Finding, applyFixes, lint, rules } from '../../core/lint/index.js';
import { type ReadSettings, type Settings, type Vocabulary, readSettings } from '../../core/settings.js';
import { type Answerer, type Evaluation, KnownAnswers, evaluateWhole, evaluateWithAnswers } from '../../core/spec/index.js';
import { looksLikeRpmSpec } from '../../core/syntax/index.js';
import { type Target, type TargetCatalogue, targetCatalogue, userFolders } from '../../core/targets/index.js';
import { type DecodedText, LineIndex, type Severity, decodeText, encodeText } from '../../core/text/index.js';
import { autoRelease, autoReleaseDefinitions, usesHistory, type PackageFacts, type PackageFiles, type PackageTracerOptions, PackageTracer, noFacts, packageTracing, readPackageFiles } from '../../core/workspace/index.js';
import { NodeGit, cacheFolder, machineArch, type NodeHost, createFileReader, createNodeHost, createSimulatedShell, loadLua, stderrLog, systemClock } from '../../node/index.js';
import { historyOf } from '../history.js';
import { displayName } from '../lint/findSpecs.js';
import type { LintSettings } from '../lint/options.js';
import { type LintedFile, type Trouble, reportedFindings } from '../reporters/index.js';

/** What linting one file came to. */
export interface LintResult {
  /** Undefined where it was not linted: unreadable, or no RPM spec after all. */
  readonly file: LintedFile | undefined;
  readonly troubles: readonly Trouble[];
  /** What the settings beside it say of when to fail. */
  readonly failOn: Severity | undefined;
  /** The mended bytes, where a fix was asked for and something was fixed. */
  readonly fixedBytes?: Uint8Array;
}

export interface TextOrigin {
  readonly name: string;
  /** Undefined for standard input without a name. */
  readonly path: string | undefined;
  /** Where settings are looked for. */
  readonly folder: string;
}

export interface Linter {
  /** Reads, lints and, if asked for, mends a file. A searched one that is no RPM spec is passed over without a word. */
  lintFile(path: string, isSearched: boolean): Promise<LintResult>;
  lintBytes(bytes: Uint8Array, origin: TextOrigin): Promise<LintResult>;
  /** Ends what was opened. */
  close(): Promise<void>;
}

/** Larger files are no specs. */
const sizeLimit = 16 << 20;

/** A fix may uncover another one; what is not mended after so many rounds goes in circles. */
const fixRounds = 10;

/** A guess is no answer: rules would hold it against the spec. */
function answerOf({ output, understood }: { readonly output: string; readonly understood: boolean }): string | undefined {
  return understood ? output : undefined;
}

/** Makes a linter of files on this machine. Throws a HostError for a target that does not exist. */
export function createLinter(settings: LintSettings, cwd: string, { env = process.env, cancellation = neverCancelled }: { readonly env?: Readonly<Record<string, string | undefined>>; readonly cancellation?: Cancellation } = {}): Linter {
  const log = stderrLog('warn');
  const reader = createFileReader();
  const catalogue = targetCatalogue({ files: reader, cache: cacheFolder(env), arch: machineArch, user: userFolders(env) });
  const vocabulary: Vocabulary = { rules: rules.map(({ id }) => id), targets: { get list() { return catalogue.list().map(({ id }) => id); }, knows: (name) => 'target' in catalogue.find(name) } };
  const asked = settings.targets.map((name) => targetNamed(catalogue, name));
  const byFolder = new Map<string, { read: ReadSettings; targets: readonly Target[]; troubles: readonly Trouble[] }>();
  const packages = new Map<string, { readonly files: PackageFiles; readonly contents: FileReader }>();
  /** Opened for the first package that has places to trace to, or a lock. */
  let tracing: { readonly host: NodeHost; readonly tracer: PackageTracer } | undefined;
  /** The interpreter, once a spec wanted it. */
  let lua: LuaFactory | undefined;
  let git: NodeGit | undefined;
  const shells = new Map<string, { readonly known: KnownAnswers; readonly answerer: Answerer }>();

  function settingsOf(folder: string) {
    let known = byFolder.get(folder);
    if (known === undefined) {
      const read = readSettings(reader, folder, vocabulary);
      const troubles: Trouble[] = read.problems.map(({ file, position, code, message }) => ({ file: displayName(file, cwd), position, severity: 'warning', code: `settings/${code}`, message }));
      known = { read, targets: asked.length > 0 ? asked : read.settings.targets.map((name) => targetNamed(catalogue, name)), troubles };
      byFolder.set(folder, known);
    }
    return known;
  }

  /** The files of a package, and a reader of these alone. Specs of one folder share them: an evaluation begins with what the last one of the same inputs left. */
  function packageOf(path: string | undefined): { readonly files: PackageFiles | undefined; readonly contents: FileReader } {
    if (path === undefined) return { files: undefined, contents: noFiles };
    const folder = dirname(path);
    let known = packages.get(folder);
    if (known === undefined) {
      const files = readPackageFiles(path, reader);
      known = { files, contents: createFileReader([...new Set([files.specFolder, files.sourceFolder])]) };
      // A tree of packages has as many folders as specs; only neighbours share one.
      if (packages.size > 100) packages.clear();
      packages.set(folder, known);
    }
    return known;
  }

  /** Answers depend on the architecture alone: no file and no program of this machine goes into them. */
  function answering(arch: string) {
    let known = shells.get(arch);
    if (known === undefined) {
      const shell = createSimulatedShell({ arch, wordSize: /^(i[3-6]86|arm)/.test(arch) ? 32 : 64, processors: availableParallelism() });
      known = { known: new KnownAnswers(), answerer: { shell: async (command) => answerOf(await shell(command, cancellation)), loadLua: async () => (lua = await loadLua()) } };
      shells.set(arch, known);
    }
    return known;
  }

  /** The history of a package that is a checkout; undefined where it is none. */
  async function historyFor(path: string) {
    git ??= new NodeGit({ cache: cacheFolder(env), log, env });
    const { history, user } = await historyOf(path, { git, log }, cancellation);
    return history === undefined ? undefined : { history, user };
  }

  /** What is known of the package around a spec: never searched for here, only looked up. */
  async function factsOf(text: string, files: PackageFiles | undefined, read: ReadSettings, evaluations: readonly Evaluation[]): Promise<PackageFacts> {
    if (files === undefined) return noFacts;
    const facts: PackageFacts = { ...noFacts, files: files.files, folders: files.folders };
    const lock = reader.stat(files.lock);
    const places = read.settings.trace;
    if (lock === undefined && places.upstream.length + places.carriers.length === 0) return facts;
    const [primary, ...others] = evaluations.map((evaluation) => packageTracing(text, evaluation, files));
    const names = new Set(primary!.patches.map(({ fileName }) => fileName));
    const more = others.flatMap(({ patches }) => patches).filter(({ fileName }) => !names.has(fileName) && names.add(fileName));
    const patches = [...primary!.patches, ...more];
    if (patches.length === 0) return facts;
    if (tracing === undefined) {
      const host = createNodeHost({ log, env });
      tracing = { host, tracer: new PackageTracer(host) };
    }
    const options: PackageTracerOptions = {
      tracing: { ...primary!, patches },
      places,
      folder: read.file === undefined ? files.specFolder : dirname(read.file),
      roots: [...new Set([files.specFolder, files.sourceFolder])],
      ...(lock !== undefined && { lock: { path: files.lock, stamp: '' } }),
    };
    const known = await tracing.tracer.known(options);
    return { ...facts, traces: new Map(known.traces.map((trace) => [trace.fileName, trace])), decisions: new Map(known.decisions.map((decided) => [decided.file, decided])) };
  }

  async function lintText(decoded: DecodedText, { name, path, folder }: TextOrigin): Promise<{ file: Omit<LintedFile, 'fixed'>; findings: readonly Finding[]; settings: Settings }> {
    const { text, encoding } = decoded;
    const { read, targets } = settingsOf(folder);
    const merged: Settings = { ...read.settings, lint: { ...read.settings.lint, rules: { ...read.settings.lint.rules, ...settings.rules } } };
    const { files, contents } = packageOf(path);
    const definitions = [
      // rpmbuild's own default is a folder in the home, where nothing of this package is.
      ...(files === undefined ? [] : [{ text: `_sourcedir ${files.sourceFolder}` }]),
      ...Object.entries(merged.define).map(([macro, body]) => ({ text: `${macro} ${body}`, ...(read.file !== undefined && { file: read.file }) })),
      ...settings.defines,
    ];
    const history = path === undefined || !usesHistory(text) ? undefined : await historyFor(path);
    const evaluations: Evaluation[] = [];
    for (const target of targets) {
      const { known, answerer } = answering(target.arch);
      const inputs = {
        target,
        definitions: [...(history === undefined ? [] : autoReleaseDefinitions(autoRelease(text, history.history, { target, now: systemClock.now(), user: history.user }), target)), ...definitions],
        with: [...merged.with, ...settings.with],
        without: [...merged.without, ...settings.without],
        files: contents,
        specName: path ?? name,
        folder,
        clock: systemClock,
        cancellation,
        readsOn: true,
        // Once some spec has wanted it, no other is read without it first.
        ...(lua !== undefined && { lua }),
      };
      const evaluation = await evaluateWithAnswers(text, inputs, known, answerer);
      // rpm stops at its first error; a person wants to know the rest as well.
      evaluations.push(evaluation.accepted ? evaluation : evaluateWhole(text, { ...inputs, answers: known, ...(lua !== undefined && { lua }) }, evaluation));
    }
    const lines = new LineIndex(text);
    const facts = await factsOf(text, files, read, evaluations);
    const findings = lint({ uri: path ?? name, path, text, encoding, lines, evaluations, evaluation: evaluations[0]!, facts, settings: merged }, { log, cancellation });
    return { file: { name, findings: reportedFindings(findings, text, lines) }, findings, settings: merged };
  }

  async function lintBytes(bytes: Uint8Array, origin: TextOrigin, isSearched = false): Promise<LintResult> {
    const trouble = (code: string, message: string): LintResult => ({ file: undefined, troubles: [{ file: origin.name, position: undefined, severity: 'error', code, message }], failOn: undefined });
    if (bytes.includes(0)) return isSearched ? nothing : trouble('binary', 'This is a binary file and no spec.');
    let decoded = decodeText(bytes);
    if (!looksLikeRpmSpec(decoded.text)) return isSearched ? nothing : trouble('not-a-spec', 'This is no RPM spec: nothing in it looks like one. PyInstaller and test suites use the name as well.');
    try {
      let linted = await lintText(decoded, origin);
      let fixed = 0;
      for (let round = 0; settings.fix !== 'none' && round < fixRounds; round++) {
        const result = applyFixes(decoded.text, linted.findings, { unsafe: settings.fix === 'unsafe' });
        if (result.fixed.length === 0 || result.text === decoded.text) break;
        decoded = { ...decoded, text: result.text };
        fixed += result.fixed.length;
        linted = await lintText(decoded, origin);
      }
      return { file: { ...linted.file, fixed }, troubles: settingsOf(origin.folder).troubles, failOn: linted.settings.lint.failOn, ...(fixed > 0 && { fixedBytes: encodeText(decoded) }) };
    } catch (error) {
      if (error instanceof HostError || cancellation.isCancelled) throw error;
      // A bug of ours met one spec; the others go on.
      log.error(`linting ${origin.name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return trouble('internal', `Linting this file failed: ${error instanceof Error ? error.message : String(error)}. Please report it.`);
    }
  }

  return {
    lintBytes,
    async close() {
      await tracing?.host.close();
      tracing = undefined;
    },
    async lintFile(path, isSearched) {
      const name = displayName(path, cwd);
      const trouble = (code: string, message: string): LintResult => ({ file: undefined, troubles: [{ file: name, position: undefined, severity: 'error', code, message }], failOn: undefined });
      let bytes: Uint8Array;
      try {
        if (statSync(path).size > sizeLimit) return trouble('too-large', `This file is larger than ${sizeLimit >> 20} MB, and no spec.`);
        bytes = readFileSync(path);
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        return trouble('unreadable', code === 'EACCES' || code === 'EPERM' ? 'This file cannot be read: permission denied.' : `This file cannot be read (${code ?? (error as Error).message}).`);
      }
      const result = await lintBytes(bytes, { name, path, folder: dirname(path) }, isSearched);
      if (result.fixedBytes === undefined) return result;
      try {
        writeFileSync(path, result.fixedBytes);
      } catch (error) {
        return { ...result, troubles: [...result.troubles, { file: name, position: undefined, severity: 'error', code: 'cannot-write', message: `The fixes cannot be written to ${basename(path)}: ${(error as Error).message}` }] };
      }
      // The bytes are in the file; a report needs them no more.
      const { fixedBytes: _, ...rest } = result;
      return rest;
    },
  };
}

const nothing: LintResult = { file: undefined, troubles: [], failOn: undefined };

function targetNamed(catalogue: TargetCatalogue, name: string): Target {
  const found = catalogue.find(name);
  if ('target' in found) return found.target;
  throw new HostError('unknown-target', `${found.message[0]!.toUpperCase()}${found.message.slice(1)} ('spectrail lint --help' says how targets are named)`);
}
