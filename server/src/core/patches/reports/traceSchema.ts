/**
 * The JSON Schema of the trace report, written beside the types so that the compiler holds both together: a field that is added, renamed or
 * made optional in one and not in the other does not compile.
 */
import { type Decision, decisionKinds } from '../lock/decision.js';
import type { LockDifference } from '../lock/lockPatches.js';
import { type Aftermath, type CarrierFact, type ChangeVerdict, type Claim, type ClaimFinding, type ClaimKind, type CommitFact, type Coverage, type Evidence, type FollowUpFact, type HunkEvidence, type PartFact, type Place, type RevertFact, type SeriesFact, type VersionFact, AFTERMATH_FORMAT, VERDICT_FORMAT, claimAnswers, followUpKinds, followUpStates, relations } from '../verdict.js';
import { type PatchJson, REPORT_FORMAT, type ReportJson, type TraceSummary } from './traceReport.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

interface Needed {
  readonly needed: JsonSchema;
}

interface Possible {
  readonly possible: JsonSchema;
}

/** Fields of a type: those that may be undefined are left out of the JSON, the others are always there. */
type Fields<T> = { readonly [K in keyof T]-?: undefined extends T[K] ? Possible : Needed };

function record<T>(description: string, fields: Fields<T>): JsonSchema {
  const entries = Object.entries(fields) as [string, Needed | Possible][];
  return {
    description,
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, field]) => [name, 'needed' in field ? field.needed : field.possible])),
    required: entries.flatMap(([name, field]) => ('needed' in field ? [name] : [])),
    additionalProperties: false,
  };
}

const needed = (schema: JsonSchema): Needed => ({ needed: schema });
const possible = (schema: JsonSchema): Possible => ({ possible: schema });
const text = (description: string): JsonSchema => ({ type: 'string', description });
const count = (description: string): JsonSchema => ({ type: 'integer', minimum: 0, description });
const flag = (description: string): JsonSchema => ({ type: 'boolean', description });
const share = (description: string): JsonSchema => ({ type: 'number', minimum: 0, maximum: 1, description });
const seconds = (description: string): JsonSchema => ({ type: 'integer', description: `${description}, seconds since 1970-01-01 UTC.` });
const day = (description: string): JsonSchema => ({ type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}$', description });
const id = (description: string): JsonSchema => ({ type: 'string', pattern: '^[0-9a-f]{40}([0-9a-f]{24})?$', description });
const constant = (value: number, description: string): JsonSchema => ({ const: value, description });
const oneOf = <T extends string>(of: readonly T[], description: string): JsonSchema => ({ enum: [...of], description });
const listOf = (items: JsonSchema, description?: string): JsonSchema => ({ type: 'array', items, ...(description === undefined ? {} : { description }) });
const ref = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });

/** Every member of a union, checked by the compiler to be all of them. */
const all = <T extends string>(members: Readonly<Record<T, true>>): readonly T[] => Object.keys(members) as T[];

const claimKinds = all<ClaimKind>({ 'mbox-from': true, 'cherry-picked': true, 'commit-line': true, 'upstream-commit': true, 'upstream-status': true, 'dep3-origin': true, 'git-commit': true, url: true, 'pull-request': true, forwarded: true, downstream: true, cve: true, bug: true });
const relation = oneOf(relations, 'How it relates to its commit; see docs/trace.md.');
const claim = oneOf(claimAnswers, 'Whether what it says of itself is true.');
const carriedBy = text('File of the patch of this package that carries it.');

const counts = (of: readonly string[], description: string): JsonSchema => ({ type: 'object', description, properties: Object.fromEntries(of.map((name) => [name, { type: 'integer', minimum: 1 }])), additionalProperties: false });

const definitions: Readonly<Record<string, JsonSchema>> = {
  summary: record<TraceSummary>('Counts.', {
    patches: needed(count('All patches.')),
    missing: needed(count('Patches whose file is not there.')),
    relations: needed(counts(relations, 'Patches by relation, of those that are there.')),
    claims: needed(counts(claimAnswers, 'Patches by claim, of those that are there.')),
  }),
  place: record<Place>('Where something stands.', {
    source: needed(text('Name of the source.')),
    location: needed(text('Path or address.')),
    commit: possible(text('Commit or version there.')),
    path: possible(text('Path there.')),
  }),
  commit: record<CommitFact>('A commit.', {
    place: needed(ref('place')),
    id: needed(id('Its id.')),
    subject: needed(text('First line of its message.')),
    author: needed(text('Name and address.')),
    date: needed(seconds('When it was written')),
    firstTag: possible(text('First release that has it; absent where none does.')),
    reachedBy: possible(text('A branch or tag that reaches it.')),
  }),
  claim: record<Claim>('What a patch says of itself.', {
    kind: needed(oneOf(claimKinds, 'In what form.')),
    value: needed(text('Commit id, address, identifier or words.')),
    commit: possible({ type: 'string', pattern: '^[0-9a-f]{7,64}$', description: 'The commit it names, possibly short.' }),
    where: needed(oneOf(all<Claim['where']>({ header: true, 'file-name': true, 'spec-comment': true, changelog: true, 'spec-url': true }), 'Where it stood.')),
    line: possible(count('Line in the patch, from 0.')),
  }),
  hunk: record<HunkEvidence>('How one hunk compares.', {
    path: needed(text('File, as the patch has it.')),
    hunk: needed(count('Number within the file, from 0.')),
    state: needed(oneOf(all<HunkEvidence['state']>({ equal: true, moved: true, different: true, 'missing-upstream': true, 'missing-here': true }), 'How.')),
    commit: possible(id('The commit it was compared with.')),
  }),
  evidence: record<Evidence>('What the relation rests on.', {
    found: needed(listOf({ type: 'string' }, 'How the commit was found.')),
    coverOfPatch: needed(share("Share of the patch's changed lines that the commit has.")),
    coverOfCommit: needed(share("Share of the commit's changed lines that the patch has.")),
    hunks: needed(listOf(ref('hunk'))),
    benignlyDropped: needed(listOf({ type: 'string' }, 'Files of the commit that the patch lacks without loss.')),
  }),
  version: record<VersionFact>('What the packaged version has of it.', {
    tag: needed(text('Tag of the version.')),
    reached: needed(flag("Whether the tag's history has the commit.")),
    content: needed(oneOf(all<VersionFact['content']>({ contained: true, partly: true, lacking: true, unknown: true }), "Whether the tag's files have the change.")),
    hunks: needed(record<VersionFact['hunks']>('Hunks.', { there: needed(count('That are there.')), absent: needed(count('That are not.')), unknown: needed(count('Of which nobody can say.')) })),
    undoneBy: possible(text('File of another patch of the package that takes it out first.')),
  }),
  revert: record<RevertFact>('A commit that takes it back.', {
    commit: needed(ref('commit')),
    quote: needed(text('Words that name the origin.')),
    partial: needed(flag('Only a part is taken back.')),
    undoneBy: possible(ref('commit')),
    carriedBy: possible(carriedBy),
  }),
  followUp: record<FollowUpFact>('A later commit that goes on with it.', {
    commit: needed(ref('commit')),
    kind: needed(oneOf(followUpKinds, 'How it speaks of the origin.')),
    quote: needed(text('Words that name the origin.')),
    state: needed(oneOf(followUpStates, 'What it is to this package.')),
    carriedBy: possible(carriedBy),
  }),
  series: record<SeriesFact>('Other commits that came with it.', {
    merge: possible(ref('commit')),
    request: possible(text('The request that all of them say they close, as `#123`.')),
    counted: possible(record<NonNullable<SeriesFact['counted']>>("The number of the patch's subject, where it is what shows them.", { number: needed(count('Which, from 1.')), of: needed(count('Of how many.')) })),
    commits: needed(listOf(record<SeriesFact['commits'][number]>('One of them.', { commit: needed(ref('commit')), number: possible(count('Which part of a counted series, from 1.')), carriedBy: possible(carriedBy), inVersion: needed(flag('The packaged version has it.')) }))),
  }),
  aftermath: record<Aftermath>('What became of the origin.', {
    format: needed(constant(AFTERMATH_FORMAT, 'Version of this form.')),
    version: possible(ref('version')),
    reverts: needed(listOf(ref('revert'))),
    followUps: needed(listOf(ref('followUp'))),
    series: possible(ref('series')),
    namesake: possible(ref('commit')),
  }),
  part: record<PartFact>('The part of a series that its subject says it is, as `[PATCH 2/5]`.', {
    number: needed(count('Which, from 1.')),
    of: needed(count('Of how many.')),
    has: needed(listOf(record<PartFact['has'][number]>('Another part that the package has.', { number: needed(count('Which.')), fileName: needed(text('Name of the patch that has it.')) }))),
    lacks: needed(listOf(count('Which.'), 'The parts that the package lacks.')),
  }),
  change: record<ChangeVerdict>('The verdict on one change.', {
    subject: possible(text('Its subject.')),
    relation: needed(relation),
    commit: possible(ref('commit')),
    commits: needed(listOf(ref('commit'), 'All commits it was made from.')),
    equivalent: needed(listOf(ref('commit'), 'Other commits with the same content.')),
    claim: needed(claim),
    claims: needed(listOf(ref('claim'))),
    claimed: possible(listOf(record<ClaimFinding>('What became of a commit that it claims.', {
      commit: needed(text('As the patch names it.')),
      finding: needed(oneOf(all<ClaimFinding['finding']>({ same: true, pick: true, close: true, other: true, absent: true, unread: true, unknown: true }), 'What the comparison says of it.')),
      coverOfPatch: possible(share("Share of the patch's changed lines that it has.")),
      coverOfCommit: possible(share('Share of its changed lines that the patch has.')),
    }), 'One for each commit it claims.')),
    evidence: possible(ref('evidence')),
    confidence: needed(share('How sure the relation is.')),
    part: possible(ref('part')),
    aftermath: possible(ref('aftermath')),
  }),
  carrier: record<CarrierFact>('A distribution that ships the patch.', { name: needed(text('Its name.')), place: needed(ref('place')), relation: needed(relation) }),
  coverage: record<Coverage>('What was searched.', {
    searched: needed(listOf(record<Coverage['searched'][number]>('A place.', { source: needed(text('Its name.')), location: needed(text('Path or address.')), refs: needed(listOf(record<Coverage['searched'][number]['refs'][number]>('A branch or tag.', { name: needed(text('Its name.')), commit: needed(text('Where it stood.')) }))), upTo: possible(seconds('Date of the newest commit')) }))),
    failed: needed(listOf(record<Coverage['failed'][number]>('A place that could not be searched.', { source: needed(text('Its name.')), location: needed(text('Path or address.')), reason: needed(text('Why, as a sentence.')) }))),
  }),
  decision: record<Decision>('What a person settled about a change.', {
    kind: needed(oneOf(decisionKinds, 'What.')),
    reason: needed(text('Why.')),
    owner: needed(text('Who answers for it.')),
    date: needed(day('When.')),
    until: possible(day('Last day of a waiver.')),
    about: possible(record<NonNullable<Decision['about']>>('The verdict at hand.', { relation: needed(relation), claim: needed(claim) })),
  }),
  patch: record<PatchJson>('One patch.', {
    format: needed(constant(VERDICT_FORMAT, 'Version of this form.')),
    fileName: needed(text('Name of the file.')),
    number: possible(count('Number in the spec.')),
    blob: possible(id("git's blob id; absent where the file is missing.")),
    relation: needed(relation),
    claim: needed(claim),
    changes: needed(listOf(ref('change'))),
    carriers: needed(listOf(ref('carrier'))),
    coverage: needed(ref('coverage')),
    problems: needed(listOf({ type: 'string' }, 'What could not be read, as sentences.')),
    applied: possible(flag('Whether %prep applies it; absent where nobody can say.')),
    decisions: possible(listOf({ anyOf: [ref('decision'), { type: 'null' }] }, 'One for each change; null where nobody decided.')),
  }),
  difference: record<LockDifference>('How a patch differs from its lock.', {
    kind: needed(oneOf(all<LockDifference['kind']>({ new: true, changed: true, gone: true, missing: true, judged: true, unjudged: true, expired: true, renamed: true, later: true }), 'How.')),
    file: needed(text('Name of the patch.')),
    change: possible(count('Number of the change in a patch of several, from 0.')),
    message: needed(text('What has changed.')),
    help: needed(text('What to do.')),
    fails: needed(flag('False for a remark.')),
  }),
};

/** Describes what `spectrail trace --json` prints. */
export const traceSchema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'spectrail trace --json',
  ...record<ReportJson>('What was found out about the patches of a package.', {
    format: needed(constant(REPORT_FORMAT, 'Version of this form; raised when a field changes its meaning or goes.')),
    package: needed(record<ReportJson['package']>('The package.', { name: possible(text('Its name.')), version: possible(text('Its version.')), spec: possible(text('The spec, as it was given.')) })),
    summary: needed(ref('summary')),
    patches: needed(listOf(ref('patch'), 'In the order in which they are applied, the others behind.')),
    differences: possible(listOf(ref('difference'), 'With --frozen: how the patches differ from spectrail.lock.')),
  }),
  definitions,
};
