import { type Cancellation, CancelledError, type GitOpenOptions, HostError, type Store, type StoreChange, checkCancelled } from '../host.js';
import { CarrierIndex, type OwnPatch, relationStrength, weakerRelation } from './carrierMatch.js';
import { type ChangeClaims, type ClaimContext, readClaims } from './claims.js';
import { IDENTITY_FORMAT, identifyChange } from './identity.js';
import { type MatchInput, matchChanges } from './match.js';
import { parsePatch } from './parsePatch.js';
import { seriesParts } from './seriesParts.js';
import { blobId } from './sha1.js';
import type { CarrierHost, CarrierSource } from './sources/carrierSource.js';
import { carrierSources } from './sources/index.js';
import type { Location } from './sources/location.js';
import { type AftermathOptions, joinAftermaths, readAftermath } from './upstream/aftermath.js';
import { searchUpstream } from './upstream/gitUpstream.js';
import { History } from './upstream/history.js';
import { HistoryIndex } from './upstream/historyIndex.js';
import { AFTERMATH_FORMAT, type Aftermath, type CarrierFact, type ChangeVerdict, type ClaimAnswer, type Coverage, type PartFact, type PatchTrace, VERDICT_FORMAT } from './verdict.js';

declare const SPECTRAIL_VERSION: string;

/**
 * Part of what an answer is kept under: another release may judge otherwise, and asks anew. That costs seconds, since the
 * facts of commits, which are the slow part, are kept whoever asks. Set by the bundler; unbundled code (tests) has none.
 */
const ANSWER_FORMAT = typeof SPECTRAIL_VERSION === 'string' ? SPECTRAIL_VERSION : 'dev';

/** Answers of upstreams and of carriers, by patch, place and what the place holds. */
const UPSTREAM_TABLE = 'upstream-answer';
const CARRIER_TABLE = 'carrier-answer';

/** What became of the origins, by upstream and by all patches of a package: whether one is lacking depends on the others. */
const AFTERMATH_TABLE = 'aftermath';

/** One patch of a package, as whoever knows the package hands it over. */
export interface TracedPatch {
  readonly fileName: string;
  /** Number in the spec; undefined where there is none. */
  readonly number: number | undefined;
  /** Undefined where the file is missing or cannot be read. */
  readonly bytes: Uint8Array | undefined;
  /** Why a file that is there was not read. */
  readonly problem?: string;
  /** What the spec says around it. */
  readonly context: ClaimContext;
}

export interface TraceRequest {
  readonly patches: readonly TracedPatch[];
  /** True where the package has other patches besides: then nobody can say what it lacks, and no aftermath is looked for. */
  readonly isPart?: boolean;
  /** Name and version of the package, where they are known. */
  readonly package: { readonly name: string | undefined; readonly version: string | undefined };
  /** Locations of upstream repositories, and of those who ship the package. Local ones are absolute. */
  readonly upstreams: readonly Location[];
  readonly carriers: readonly Location[];
  /** What was allowed for a remote place; see {@link GitOpenOptions}. */
  network(location: Location): GitOpenOptions['network'];
}

export type TraceHost = CarrierHost;

export interface TraceOptions {
  readonly cancellation: Cancellation;
  /** Told what is being done, for a person who waits. */
  readonly progress?: (step: string) => void;
}

interface Prepared {
  readonly traced: TracedPatch;
  readonly own: OwnPatch | undefined;
  readonly inputs: readonly MatchInput[];
  /** Which part of a series each change is; see {@link seriesParts}. */
  readonly parts: readonly (PartFact | undefined)[];
  readonly problems: readonly string[];
}

/** What an upstream said about one patch, as it is kept. */
interface UpstreamRecord {
  readonly verdicts: readonly ChangeVerdict[];
  readonly searched: Coverage['searched'][number];
}

interface CarrierRecord {
  readonly fact: CarrierFact | null;
  readonly searched: Coverage['searched'][number];
}

/**
 * Traces the patches of a package: where each comes from, whether what it says of itself is true, who else carries it. What
 * the store knows of places that have not changed since is taken from there, without git and network. A place that fails is
 * named in the coverage of every patch, and the others go on. Traces come in the order of the patches.
 */
export async function tracePatches(host: TraceHost, store: Store, request: TraceRequest, { cancellation, progress = () => {} }: TraceOptions): Promise<PatchTrace[]> {
  const prepared = prepareAll(host, request);
  const answers = new Answers(prepared.length);
  for (const location of request.upstreams) {
    await attempt(answers, location, async () => {
      checkCancelled(cancellation);
      const network = location.kind === 'remote' ? request.network(location) : 'never';
      if (network === 'refresh') await host.git.open(location, { network: 'refresh', cancellation });
      const known = await knownUpstream(host, store, request, prepared, location);
      const open = prepared.flatMap(({ own, inputs }, i) => (own !== undefined && inputs.length > 0 && known[i] === undefined ? [i] : []));
      let history: History | undefined;
      if (open.length > 0) {
        const inputs = open.flatMap((i) => prepared[i]!.inputs);
        const { name, version } = request.package;
        const found = await searchUpstream(host.git, store, location, inputs, { ...(name === undefined ? {} : { project: name }), ...(version === undefined ? {} : { version }), network: network === 'refresh' ? 'missing' : network, cancellation, progress });
        ({ history } = found);
        let at = 0;
        // Only now is there a state where the repository had to be fetched first.
        const state = host.git.locate(location)?.state;
        const writes: StoreChange[] = [];
        for (const i of open) {
          const { own, inputs: mine, traced } = prepared[i]!;
          const record: UpstreamRecord = { verdicts: found.verdicts.slice(at, at + mine.length), searched: found.searched };
          at += mine.length;
          const value = encode(record);
          known[i] = decode(value);
          const key = upstreamKey(state, request, location, traced, own!.blob);
          if (key !== undefined) writes.push({ table: UPSTREAM_TABLE, key, value });
        }
        await store.write(writes);
        for (const problem of found.problems) answers.note(problem);
      }
      const aftermath = request.isPart === true ? [] : (await knownAftermath(host, store, request, prepared, location, known)) ?? (await findAftermath(host, store, request, prepared, location, known, { network: network === 'refresh' ? 'missing' : network, cancellation, progress, ...(history === undefined ? {} : { history }) }));
      for (const [i, record] of known.entries()) if (record !== undefined) answers.upstream(i, withAftermath(record, aftermath[i]));
    });
  }
  for (const location of request.carriers) {
    await attempt(answers, location, async () => {
      checkCancelled(cancellation);
      const source = carrierSources.find((each) => each.accepts(host, location));
      if (source === undefined) throw new HostError('location-missing', `${location.location}: there is no such folder or repository; check the path`);
      const network = location.kind === 'remote' ? request.network(location) : 'never';
      if (network === 'refresh') await host.git.open(location, { refs: [location.branch ?? 'HEAD'], network: 'refresh', cancellation });
      const known = await knownCarrier(host, store, request, prepared, location, source);
      const open = prepared.flatMap(({ own }, i) => (own !== undefined && known[i] === undefined ? [i] : []));
      if (open.length > 0) {
        progress(`looking into ${location.name}`);
        const content = await source.read(host, location, { package: request.package.name, names: new Set(request.patches.map(({ fileName }) => fileName)), network: network === 'refresh' ? 'missing' : network, cancellation });
        const index = new CarrierIndex(location.name, content.files, host.archives);
        const state = source.state(host, location);
        const writes: StoreChange[] = [];
        for (const i of open) {
          checkCancelled(cancellation);
          const record: CarrierRecord = { fact: index.find(prepared[i]!.own!) ?? null, searched: content.searched };
          const value = encode(record);
          known[i] = decode(value);
          const key = carrierKey(state, request, location, source, prepared[i]!.own!.blob);
          if (key !== undefined) writes.push({ table: CARRIER_TABLE, key, value });
        }
        // What could not be read for now is not remembered as absent.
        if (content.problems.length === 0) await store.write(writes);
        for (const problem of content.problems) answers.note(problem);
      }
      for (const [i, record] of known.entries()) if (record !== undefined) answers.carrier(i, record);
    });
  }
  return Promise.all(prepared.map((each, i) => join(each, answers, i)));
}

/**
 * What the store knows of the patches, without git and network: as {@link tracePatches}, except that undefined stands for a
 * patch about which some place has not been asked yet, or has changed since.
 */
export async function knownTraces(host: TraceHost, store: Store, request: TraceRequest): Promise<(PatchTrace | undefined)[]> {
  const prepared = prepareAll(host, request);
  const answers = new Answers(prepared.length);
  const missing = new Set<number>();
  const settle = <T>(records: readonly (T | undefined)[], wants: (each: Prepared) => boolean, take: (i: number, record: T) => void): void => {
    for (const [i, record] of records.entries()) {
      if (record !== undefined) take(i, record);
      else if (wants(prepared[i]!)) missing.add(i);
    }
  };
  for (const location of request.upstreams) {
    const records = await knownUpstream(host, store, request, prepared, location);
    const aftermath = await knownAftermath(host, store, request, prepared, location, records);
    settle(records, ({ own, inputs }) => own !== undefined && inputs.length > 0, (i, record) => answers.upstream(i, withAftermath(record, aftermath?.[i])));
  }
  for (const location of request.carriers) {
    const source = carrierSources.find((each) => each.accepts(host, location));
    const records = source === undefined ? prepared.map(() => undefined) : await knownCarrier(host, store, request, prepared, location, source);
    settle(records, ({ own }) => own !== undefined, (i, record) => answers.carrier(i, record));
  }
  return Promise.all(prepared.map(async (each, i) => (missing.has(i) ? undefined : join(each, answers, i))));
}

/** Collects what the places said, patch by patch. */
class Answers {
  readonly upstreams: UpstreamRecord[][];
  readonly carriers: CarrierRecord[][];
  readonly failed: Coverage['failed'][number][] = [];
  readonly problems: string[] = [];

  constructor(count: number) {
    this.upstreams = Array.from({ length: count }, () => []);
    this.carriers = Array.from({ length: count }, () => []);
  }

  upstream(i: number, record: UpstreamRecord): void {
    this.upstreams[i]!.push(record);
  }

  carrier(i: number, record: CarrierRecord): void {
    this.carriers[i]!.push(record);
  }

  note(problem: string): void {
    if (!this.problems.includes(problem)) this.problems.push(problem);
  }
}

/** Lets one place fail without the others. */
async function attempt(answers: Answers, location: Location, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (error instanceof CancelledError || !(error instanceof HostError) || error.code.startsWith('store-')) throw error;
    answers.failed.push({ source: location.name, location: location.location, reason: error.message });
  }
}

function prepareAll(host: TraceHost, request: TraceRequest): readonly Prepared[] {
  const prepared = request.patches.map((traced) => prepare(host, traced));
  if (request.isPart === true) return prepared;
  const parts = seriesParts(prepared.map(({ traced, inputs }) => ({ fileName: traced.fileName, changes: inputs.map(({ change }) => change) })));
  return prepared.map((each, i) => ({ ...each, parts: parts[i]! }));
}

function prepare(host: TraceHost, traced: TracedPatch): Prepared {
  if (traced.bytes === undefined) return { traced, own: undefined, inputs: [], parts: [], problems: [traced.problem ?? `${traced.fileName} is missing: put it beside the spec or into SOURCES; it may be kept apart from git, in the distribution's lookaside cache`] };
  const patch = parsePatch(traced.bytes, { decompressor: host.archives });
  const identities = patch.changes.map((change) => identifyChange(patch, change));
  const claims: ChangeClaims[] = patch.changes.map((change) => readClaims(patch, change, { fileName: traced.fileName, ...traced.context }));
  return {
    traced,
    own: { blob: blobId(traced.bytes), patch, identities, claims },
    inputs: patch.changes.map((change, i) => ({ patch, change, claims: claims[i]!, identity: identities[i]! })),
    parts: [],
    problems: patch.problems.filter(({ code }) => code !== 'not-utf8').map(({ message, line }) => `line ${line + 1}: ${message}`),
  };
}

/** What the answer of an upstream depends on; undefined where nothing is known of the place yet. */
function upstreamKey(state: string | undefined, request: TraceRequest, location: Location, { fileName, context }: TracedPatch, blob: string): string | undefined {
  return state === undefined ? undefined : `${blob}/${digest([ANSWER_FORMAT, VERDICT_FORMAT, IDENTITY_FORMAT, location.name, location.location, state, fileName, context, request.package])}`;
}

function carrierKey(state: string | undefined, request: TraceRequest, location: Location, source: CarrierSource, blob: string): string | undefined {
  return state === undefined ? undefined : `${blob}/${digest([ANSWER_FORMAT, VERDICT_FORMAT, IDENTITY_FORMAT, source.id, location.name, location.location, location.branch, state, request.package.name])}`;
}

async function knownUpstream(host: TraceHost, store: Store, request: TraceRequest, prepared: readonly Prepared[], location: Location): Promise<(UpstreamRecord | undefined)[]> {
  const state = host.git.locate(location)?.state;
  return lookUp<UpstreamRecord>(store, UPSTREAM_TABLE, prepared, ({ traced, own }) => (own === undefined ? undefined : upstreamKey(state, request, location, traced, own.blob)));
}

async function knownCarrier(host: TraceHost, store: Store, request: TraceRequest, prepared: readonly Prepared[], location: Location, source: CarrierSource): Promise<(CarrierRecord | undefined)[]> {
  const state = source.state(host, location);
  return lookUp<CarrierRecord>(store, CARRIER_TABLE, prepared, ({ own }) => (own === undefined ? undefined : carrierKey(state, request, location, source, own.blob)));
}

/** For each patch and each of its changes; what is undefined became null on its way through the store. */
type KeptAftermath = readonly (readonly (Aftermath | null)[])[];

function aftermathKey(host: TraceHost, request: TraceRequest, prepared: readonly Prepared[], location: Location, records: readonly (UpstreamRecord | undefined)[]): string | undefined {
  const state = host.git.locate(location)?.state;
  if (state === undefined) return undefined;
  const origins = records.map((record) => record?.verdicts.map(({ relation, commits, equivalent }) => [relation, ...commits, ...equivalent].map((each) => (typeof each === 'string' ? each : each.id))) ?? null);
  return digest([ANSWER_FORMAT, AFTERMATH_FORMAT, IDENTITY_FORMAT, location.name, location.location, state, request.package, prepared.map(({ own, traced }) => [traced.fileName, own?.blob ?? null]), origins]);
}

async function knownAftermath(host: TraceHost, store: Store, request: TraceRequest, prepared: readonly Prepared[], location: Location, records: readonly (UpstreamRecord | undefined)[]): Promise<KeptAftermath | undefined> {
  const key = aftermathKey(host, request, prepared, location, records);
  const value = key === undefined ? undefined : (await store.get(AFTERMATH_TABLE, [key]))[0];
  return value === undefined ? undefined : decode<KeptAftermath>(value);
}

async function findAftermath(host: TraceHost, store: Store, request: TraceRequest, prepared: readonly Prepared[], location: Location, records: readonly (UpstreamRecord | undefined)[], options: Pick<AftermathOptions, 'network' | 'cancellation' | 'progress' | 'history'>): Promise<KeptAftermath> {
  const { name, version } = request.package;
  const judged = prepared.flatMap(({ traced, inputs, parts }, i) => inputs.flatMap((input, n) => (records[i]?.verdicts[n] === undefined ? [] : [{ ...input, fileName: traced.fileName, part: parts[n], verdict: records[i].verdicts[n] }])));
  if (judged.length === 0) return [];
  const found = await readAftermath(host.git, location, judged, { ...(name === undefined ? {} : { project: name }), ...(version === undefined ? {} : { version }), ...options });
  let at = 0;
  const kept = prepared.map(({ inputs }, i) => inputs.map((_, n) => (records[i]?.verdicts[n] === undefined ? null : (found[at++] ?? null))));
  const key = aftermathKey(host, request, prepared, location, records);
  const value = encode(kept);
  if (key !== undefined) await store.write([{ table: AFTERMATH_TABLE, key, value }]);
  return decode<KeptAftermath>(value);
}

function withAftermath(record: UpstreamRecord, aftermath: KeptAftermath[number] | undefined): UpstreamRecord {
  if (aftermath === undefined) return record;
  return { ...record, verdicts: record.verdicts.map((verdict, n) => (aftermath[n] == null ? verdict : { ...verdict, aftermath: aftermath[n] })) };
}

async function lookUp<T>(store: Store, table: string, prepared: readonly Prepared[], keyOf: (each: Prepared) => string | undefined): Promise<(T | undefined)[]> {
  const keys = prepared.map(keyOf);
  const wanted = keys.filter((key) => key !== undefined);
  const values = await store.get(table, wanted);
  const byKey = new Map(wanted.map((key, i) => [key, values[i]]));
  return keys.map((key) => {
    const value = key === undefined ? undefined : byKey.get(key);
    return value === undefined ? undefined : decode<T>(value);
  });
}

/** What is answered is what was written, so that the first run and the next say the same to the last field. */
function decode<T>(value: Uint8Array): T {
  return JSON.parse(new TextDecoder().decode(value)) as T;
}

function encode(record: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(record));
}

/** Git's id of the text: as good a digest as any, and at hand. */
function digest(parts: readonly unknown[]): string {
  return blobId(new TextEncoder().encode(JSON.stringify(parts)));
}

/** Joins what the places said about one patch into its trace. */
async function join({ traced, own, inputs, parts, problems }: Prepared, answers: Answers, i: number): Promise<PatchTrace> {
  const records = answers.upstreams[i]!;
  const unsearched = records.length > 0 || inputs.length === 0 ? [] : await withoutUpstream(inputs);
  const changes = inputs.map((_, n) => {
    const best = records.map(({ verdicts }) => verdicts[n]!).reduce(better, undefined) ?? unsearched[n]!;
    // The one upstream has the origin, the other may know what became of it.
    const aftermath = joinAftermaths(records.map(({ verdicts }) => verdicts[n]!.aftermath), best.relation === 'none');
    const part = parts[n];
    return { ...best, ...(part === undefined ? {} : { part }), ...(aftermath === undefined ? {} : { aftermath }) };
  });
  const carriers = answers.carriers[i]!.flatMap(({ fact }) => (fact === null ? [] : [fact]));
  return {
    format: VERDICT_FORMAT,
    fileName: traced.fileName,
    number: traced.number,
    blob: own?.blob,
    relation: changes.length === 0 ? 'none' : changes.map(({ relation }) => relation).reduce(weakerRelation),
    claim: changes.map(({ claim }) => claim).reduce<ClaimAnswer | undefined>((worst, claim) => (worst === undefined || claimOrder.indexOf(claim) < claimOrder.indexOf(worst) ? claim : worst), undefined) ?? 'absent',
    changes,
    carriers,
    coverage: { searched: [...records, ...answers.carriers[i]!].map(({ searched }) => searched), failed: answers.failed },
    problems: [...problems, ...answers.problems],
  };
}

/** The worst first. A change that claims nothing beside one whose claim is confirmed leaves the patch without a claim for all of it. */
const claimOrder: readonly ClaimAnswer[] = ['contradicted', 'unverifiable', 'absent', 'confirmed'];

/** The verdict of the upstream that explains more; a contradiction found elsewhere does not stand against a confirmed origin. */
function better(best: ChangeVerdict | undefined, verdict: ChangeVerdict): ChangeVerdict {
  if (best === undefined) return verdict;
  const strength = relationStrength(verdict.relation) - relationStrength(best.relation);
  return strength > 0 || (strength === 0 && verdict.confidence > best.confidence) ? verdict : best;
}

/** What can be said where no upstream was searched: what the patch claims. */
function withoutUpstream(inputs: readonly MatchInput[]): Promise<ChangeVerdict[]> {
  const index = new HistoryIndex(new History({ source: '', location: '' }, [], undefined, []), []);
  return matchChanges(inputs, index, async (commits) => commits.map(() => undefined), { isCancelled: false });
}
