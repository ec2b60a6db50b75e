import { type ChangeVerdict, type Claim, type ClaimAnswer, type CommitFact, type Decision, type PatchDecisions, type PatchTrace, type Relation, aftermathNews, decisionWords, parsePatch, partWords, readClaims, wordsOfFinding } from '../patches/index.js';
import type { SourceEntry } from '../spec/index.js';
import { type Snapshot, packageFile } from '../workspace/index.js';
import { code, day, listed, plain, shortened } from './markdown.js';

/** What a patch says of itself, read from its file by whoever may read files. */
export interface PatchSaying {
  readonly subject: string | undefined;
  readonly author: string | undefined;
  readonly claims: readonly Claim[];
  /** Files it changes. */
  readonly paths: readonly string[];
}

/** Reads what a patch file says of itself: the first change's subject and author, everybody's claims. */
export function patchSaying(bytes: Uint8Array, fileName: string): PatchSaying {
  const patch = parsePatch(bytes);
  const [first] = patch.changes;
  const claims = patch.changes.flatMap((change) => readClaims(patch, change, { fileName }).claims);
  const unique = claims.filter((claim, i) => claims.findIndex(({ kind, value }) => kind === claim.kind && value === claim.value) === i);
  return { subject: first?.subject, author: first?.author, claims: unique, paths: [...new Set(patch.changes.flatMap(({ files }) => files.map(({ path }) => path)))] };
}

/** One patch of a spec, with what is known of where it came from, worded. */
export interface PatchOrigin {
  readonly patch: SourceEntry;
  /** Absolute path; undefined where the file is not there. */
  readonly path: string | undefined;
  /** Undefined where it was not traced yet. */
  readonly trace: PatchTrace | undefined;
  /** What people decided about its changes, and what has ended; undefined where nobody did. */
  readonly decided: PatchDecisions | undefined;
  /** A few words, as a code lens shows them. */
  readonly title: string;
}

const relations: Readonly<Record<Relation, string>> = {
  'same-file': 'the same file as',
  'same-change': 'the same change as',
  rebased: 'rebased from',
  adapted: 'adapted from',
  partial: 'a part of',
  combined: 'combined from',
  none: 'no upstream commit found',
};

const relationNotes: Readonly<Record<Relation, string>> = {
  'same-file': 'byte for byte',
  'same-change': 'git gives both diffs the same patch id',
  rebased: 'the same lines are changed, in another context',
  adapted: 'most of the commit, with hunks that differ',
  partial: 'some of the commit\'s hunks are left out',
  combined: 'hunks of several commits in one file',
  none: 'in what was searched',
};

const claimWords: Readonly<Record<ClaimAnswer, string>> = {
  confirmed: 'what it says of itself is confirmed',
  contradicted: 'what it says of itself is contradicted',
  unverifiable: 'what it says of itself could not be checked',
  absent: 'it says nothing of its origin',
};

const claimNames: Readonly<Partial<Record<Claim['kind'], string>>> = {
  'mbox-from': 'the mail line `From`',
  'cherry-picked': '`cherry picked from commit`',
  'commit-line': 'a line `commit`',
  'upstream-commit': 'a line on the upstream commit',
  'upstream-status': '`Upstream-Status`',
  'dep3-origin': 'DEP-3 `Origin`',
  'git-commit': '`Git-commit`',
  url: 'a link',
  'pull-request': 'a pull request',
  forwarded: '`Forwarded`',
  downstream: 'a remark that it is downstream only',
  cve: 'a CVE',
  bug: 'a bug',
};

/** Every patch of the spec in the order of its text, with its origin as far as the facts have it. */
export function patchOrigins(snapshot: Snapshot): readonly PatchOrigin[] {
  const { evaluation, facts } = snapshot;
  return evaluation.patches
    .map((patch) => {
      const trace = facts.traces.get(patch.fileName);
      const decided = facts.decisions.get(patch.fileName);
      return { patch, path: packageFile(facts, patch.fileName), trace, decided, title: patchTitle(trace, decided) };
    })
    .sort((a, b) => a.patch.span.start - b.patch.span.start || a.patch.number - b.patch.number);
}

/** `Same change as 1a2b3c4d5e6f (curl-8_0_0) · claim confirmed · carried by stream and oracle`; what a person decided comes first. */
export function patchTitle(trace: PatchTrace | undefined, decided?: PatchDecisions): string {
  const decision = settledBy(decided);
  const words = [...(decision === undefined ? [] : [capital(decisionTitle(decision))]), ...(decided !== undefined && decided.expired.length > 0 ? ['A waiver has ended'] : [])];
  // Of what is ours on purpose nobody wants to hear that it is nowhere else.
  const says = decision !== undefined && (trace === undefined || trace.relation === 'none') ? [] : [traceTitle(trace)];
  return [...words, ...says].join(' · ');
}

/** The decision on a patch whose every change is decided about; undefined where one is not. */
export function settledBy(decided: PatchDecisions | undefined): Decision | undefined {
  const changes = decided?.changes ?? [];
  return changes.every((decision) => decision !== undefined) ? changes[0] : undefined;
}

function decisionTitle({ kind, reason, until }: Decision): string {
  return `${decisionWords[kind]}${until === undefined ? '' : ` until ${until}`}: ${shortened(reason, 60)}`;
}

function describeDecision({ kind, reason, owner, date, until }: Decision): string {
  return `${capital(decisionWords[kind])}${until === undefined ? '' : ` until ${until}`}, by ${plain(owner)}, ${date}: *${plain(reason)}*`;
}

function traceTitle(trace: PatchTrace | undefined): string {
  if (trace === undefined) return 'Not traced yet';
  if (trace.changes.length === 0) return trace.blob === undefined ? 'The file is missing' : 'No patch: no diff was found in the file';
  const best = weakest(trace);
  const parts: string[] = [];
  if (trace.relation === 'none' || best?.commit === undefined) parts.push(trace.coverage.searched.length === 0 ? 'Nothing was searched' : 'No upstream commit found in what was searched');
  else parts.push(`${originWords(trace.relation, best.commit)}${trace.changes.length > 1 ? ` and ${trace.changes.length - 1} more` : ''}`);
  parts.push(...claimParts(trace.claim));
  const carriers = [...new Set(trace.carriers.map(({ name }) => name))];
  if (carriers.length > 0) parts.push(`carried by ${listed(carriers.length > 4 ? [...carriers.slice(0, 3), `${carriers.length - 3} others`] : carriers)}`);
  return parts.join(' · ');
}

/** The shortest that says where a patch comes from: `← 1a2b3c4d5e6f curl-8_0_0`; undefined where there is nothing to say. */
export function originHint(trace: PatchTrace | undefined): string | undefined {
  if (trace === undefined || trace.changes.length === 0) return undefined;
  const commit = weakest(trace)?.commit;
  if (trace.relation === 'none' || commit === undefined) return trace.coverage.searched.length === 0 ? undefined : '← no commit found';
  const relation = trace.relation === 'same-file' || trace.relation === 'same-change' ? [] : [`(${trace.relation})`];
  const more = trace.changes.length > 1 ? [`+${trace.changes.length - 1}`] : [];
  return ['←', shortId(commit), ...more, ...(commit.firstTag === undefined ? [] : [commit.firstTag]), ...relation, ...(trace.claim === 'contradicted' ? ['claim contradicted'] : [])].join(' ');
}

/** The same for one change of a patch that holds several. */
export function titleOfChange({ relation, commit, claim }: ChangeVerdict, decision?: Decision): string {
  const origin = relation === 'none' || commit === undefined ? 'No upstream commit found in what was searched' : originWords(relation, commit);
  return [...(decision === undefined ? [] : [capital(decisionTitle(decision))]), origin, ...claimParts(claim)].join(' · ');
}

function originWords(relation: Relation, commit: CommitFact): string {
  return `${capital(relations[relation])} ${shortId(commit)}${commit.firstTag === undefined ? '' : ` (${commit.firstTag})`}`;
}

function claimParts(claim: ClaimAnswer): string[] {
  return claim === 'contradicted' || claim === 'confirmed' ? [`claim ${claim}`] : [];
}

/** All that is known of a patch, as Markdown. `says` is shown where the patch was not traced. */
export function describePatch({ patch, path, trace, decided }: PatchOrigin, { says, traceCommand }: { readonly says?: PatchSaying | undefined; readonly traceCommand?: string | undefined } = {}): string {
  const heading = `**${plain(patch.fileName)}**`;
  const one = settledBy(decided);
  const isOne = one !== undefined && decided!.changes.every((decision) => decision?.reason === one.reason && decision.kind === one.kind);
  const decisions = isOne ? [describeDecision(one)] : (decided?.changes ?? []).flatMap((decision, i) => (decision === undefined ? [] : [`Change ${i + 1}: ${describeDecision(decision)}`]));
  decisions.push(...(decided?.expired ?? []).map((decision) => `This waiver has ended: ${describeDecision(decision)}`));
  if (trace === undefined) {
    const parts = [`${heading} was not traced yet.`, ...decisions];
    if (path === undefined) parts.push('There is no such file beside the spec.');
    else if (says !== undefined) parts.push(describeSaying(says));
    parts.push(traceCommand === undefined ? 'Trace it with `spectrail trace` on the command line, or with the code lens above it.' : `[Trace it](${traceCommand}): find the upstream commit and who else carries it.`);
    return parts.join('\n\n');
  }
  const parts = [trace.changes.length > 1 ? `${heading} holds ${trace.changes.length} changes.` : heading, ...decisions];
  for (const change of trace.changes) parts.push(describeChange(change));
  if (trace.carriers.length > 0) {
    const carriers = trace.carriers.map(({ name, relation, place }) => `- ${plain(name)}: ${carrierWords(relation)}${place.path === undefined ? '' : ` (${code(place.path)})`}`);
    parts.push(`Carried by\n${[...new Set(carriers)].join('\n')}`);
  }
  const { searched, failed } = trace.coverage;
  if (searched.length > 0) {
    const places = searched.map(({ source, refs, upTo }) => `${plain(source)}${refs.length > 0 ? ` (${listed(refs.slice(0, 3).map(({ name }) => code(name)))}${refs.length > 3 ? ' and more' : ''})` : ''}${upTo === undefined ? '' : `, up to ${day(upTo)}`}`);
    parts.push(`Searched: ${places.join('; ')}.`);
  }
  for (const { source, reason } of failed) parts.push(`Not searched: ${plain(source)}: ${plain(reason)}`);
  for (const problem of trace.problems) parts.push(plain(problem));
  return parts.join('\n\n');
}

/** All that is known of one change, as Markdown. */
export function describeChange(change: ChangeVerdict): string {
  const { commit, relation, claim, claims, confidence, evidence, equivalent } = change;
  const lines: string[] = [];
  if (commit === undefined || relation === 'none') {
    lines.push(`${change.subject === undefined ? 'It' : `*${plain(change.subject)}*`}: ${relations.none} ${relationNotes.none}.`);
  } else {
    lines.push(`${capital(relations[relation])} ${describeCommit(commit)} (${relationNotes[relation]}${confidence < 0.995 ? `; ${Math.round(confidence * 100)} % sure` : ''}).`);
    if (relation === 'combined') lines.push(`Also ${listed(change.commits.slice(1, 6).map(describeCommit))}${change.commits.length > 6 ? ' and others' : ''}.`);
    if (equivalent.length > 0) lines.push(`The same content has ${listed(equivalent.slice(0, 4).map((other) => `${code(shortId(other))}${other.reachedBy === undefined ? '' : ` on ${code(other.reachedBy)}`}`))}${equivalent.length > 4 ? ` and ${equivalent.length - 4} more` : ''}.`);
    if (evidence !== undefined && relation !== 'same-file' && relation !== 'same-change') {
      const different = evidence.hunks.filter(({ state }) => state !== 'equal' && state !== 'moved');
      if (different.length > 0) {
        const shown = different.slice(0, 5).map(({ path, hunk, state }) => `${code(path)} hunk ${hunk + 1} ${hunkWords[state]}`);
        lines.push(`Differs in ${listed(shown)}${different.length > 5 ? ` and ${different.length - 5} more` : ''}.`);
      }
      if (evidence.benignlyDropped.length > 0) lines.push(`Left out without loss: ${listed(evidence.benignlyDropped.slice(0, 5).map(code))}.`);
    }
  }
  if (relation === 'none' && change.aftermath?.namesake !== undefined) lines.push(`Of the same subject and author, with other lines: ${describeCommit(change.aftermath.namesake)}.`);
  lines.push(...describeAftermath(change));
  const names = claims.filter(({ kind }) => claimNames[kind] !== undefined).slice(0, 3).map(({ kind, value }) => `${claimNames[kind]!} ${code(shortened(value, 60))}`);
  const notes = (change.claimed ?? []).flatMap((finding) => {
    const words = wordsOfFinding(finding, commit);
    return words === undefined ? [] : [`${code(finding.commit.slice(0, 12))} ${words}`];
  });
  lines.push(`${capital(claimWords[claim])}${names.length > 0 ? `: ${listed(names)}` : ''}.${notes.length > 0 ? ` ${capital(listed(notes.slice(0, 3)))}.` : ''}`);
  return lines.join('\n\n');
}

/** What became of the change upstream, as far as it asks for attention; see {@link aftermathNews}. */
function describeAftermath(change: ChangeVerdict): string[] {
  const { containedIn, reverts, followUps } = aftermathNews({ changes: [change] });
  const more = (count: number, shown: number): string => (count > shown ? ` and ${count - shown} more` : '');
  return [
    ...(containedIn === undefined ? [] : [`The packaged version has it already: ${code(containedIn)}.`]),
    ...(reverts.length === 0 ? [] : [`Reverted upstream by ${listed(reverts.slice(0, 2).map(({ commit }) => describeCommit(commit)))}${more(reverts.length, 2)}.`]),
    ...(followUps.length === 0 ? [] : [`The package lacks what upstream added later: ${listed(followUps.slice(0, 3).map(({ commit }) => describeCommit(commit)))}${more(followUps.length, 3)}.`]),
    ...describeSeries(change),
  ];
}

/** What else came upstream together with the change, and which of it the package lacks. */
function describeSeries({ part, aftermath }: ChangeVerdict): string[] {
  const series = aftermath?.series;
  const lacking = series?.commits.filter(({ carriedBy, inVersion }) => carriedBy === undefined && !inVersion) ?? [];
  const shown = lacking.slice(0, 3).map(({ commit }) => `${code(shortId(commit))} *${plain(shortened(commit.subject, 80))}*`);
  return [
    ...(part === undefined || part.lacks.length === 0 ? [] : [`${capital(plain(partWords(part)))}.`]),
    ...(shown.length === 0 ? [] : [`It came upstream with ${series!.commits.length === 1 ? 'another commit' : `${series!.commits.length} others`}${series!.request === undefined ? '' : ` for ${plain(series!.request)}`}; not in the package: ${listed(shown)}${lacking.length > 3 ? ` and ${lacking.length - 3} more` : ''}.`]),
  ];
}

export const hunkWords: Readonly<Record<'equal' | 'moved' | 'different' | 'missing-upstream' | 'missing-here', string>> = {
  equal: 'is the same',
  moved: 'has moved',
  different: 'is another',
  'missing-upstream': 'is not in the commit',
  'missing-here': 'is left out',
};

/** One line below a patch in a tree. */
export interface PatchNode {
  readonly kind: 'change' | 'commit' | 'hunk' | 'carrier' | 'problem' | 'decision';
  readonly label: string;
  readonly description: string;
  /** Number of the change it belongs to; undefined for what belongs to the whole patch. */
  readonly change?: number;
  readonly children: readonly PatchNode[];
}

/** Hunks shown below one change; of more, so many are counted. */
const hunkLimit = 50;

/** What is known of a patch, as a tree: its changes where there are several, their commits, the hunks that differ, and who carries it. */
export function patchNodes(trace: PatchTrace | undefined, decided?: PatchDecisions): readonly PatchNode[] {
  const decisions = (decided?.changes ?? []).flatMap((decision, i): PatchNode[] =>
    decision === undefined ? [] : [{ kind: 'decision', label: `${capital(decisionWords[decision.kind])}${decision.until === undefined ? '' : ` until ${decision.until}`}`, description: `${decision.reason} · ${decision.owner}, ${decision.date}`, change: i, children: [] }],
  );
  if (trace === undefined) return decisions;
  const changes = trace.changes.map((change, i): PatchNode => ({ kind: 'change', label: change.subject ?? `Change ${i + 1}`, description: titleOfChange(change), change: i, children: nodesOfChange(change, i) }));
  const carriers = trace.carriers.map(({ name, relation, place }): PatchNode => ({ kind: 'carrier', label: name, description: [`carries ${carrierWords(relation)}`, ...(place.path === undefined ? [] : [place.path])].join(' · '), children: [] }));
  const problems = trace.problems.map((problem): PatchNode => ({ kind: 'problem', label: problem, description: '', children: [] }));
  return [...decisions, ...(changes.length === 1 ? changes[0]!.children : changes), ...carriers, ...problems];
}

function nodesOfChange({ relation, commit, commits, equivalent, evidence }: ChangeVerdict, change: number): PatchNode[] {
  if (relation === 'none' || commit === undefined) return [];
  const origins = commits.length > 0 ? commits : [commit];
  const nodes = [...origins, ...equivalent.slice(0, 4)].map((each, i): PatchNode => ({
    kind: 'commit',
    label: shortId(each),
    description: [each.subject, ...(each.firstTag === undefined ? [] : [each.firstTag]), ...(i < origins.length ? [] : [`the same content on ${each.reachedBy ?? 'another branch'}`])].join(' · '),
    change,
    children: [],
  }));
  const different = evidence?.hunks.filter(({ state }) => state !== 'equal' && state !== 'moved') ?? [];
  const hunks = different.slice(0, hunkLimit).map(({ path, hunk, state }): PatchNode => ({ kind: 'hunk', label: `${path}, hunk ${hunk + 1}`, description: hunkWords[state], change, children: [] }));
  if (different.length > hunkLimit) hunks.push({ kind: 'hunk', label: `${different.length - hunkLimit} more hunks`, description: 'differ', change, children: [] });
  return [...nodes, ...hunks];
}

function describeCommit(commit: CommitFact): string {
  const { subject, author, date, firstTag, reachedBy } = commit;
  const release = firstTag === undefined ? (reachedBy === undefined ? '' : `, on ${code(reachedBy)}, in no release yet`) : `, first in ${code(firstTag)}`;
  return `${code(shortId(commit))} *${plain(shortened(subject, 120))}*${author === '' ? ',' : ` by ${plain(author)},`} ${day(date)}${release}`;
}

function describeSaying({ subject, author, claims, paths }: PatchSaying): string {
  const lines: string[] = [];
  if (subject !== undefined) lines.push(`It says: *${plain(shortened(subject, 200))}*${author === undefined ? '' : `, by ${plain(author)}`}.`);
  const named = claims.filter(({ kind }) => claimNames[kind] !== undefined).slice(0, 5);
  if (named.length > 0) lines.push(`It names ${listed(named.map(({ kind, value }) => `${claimNames[kind]!} ${code(shortened(value, 80))}`))}. This was not checked.`);
  else lines.push('It does not say where it comes from.');
  if (paths.length > 0) lines.push(`Changes ${listed([...paths.slice(0, 4).map(code), ...(paths.length > 4 ? [`${paths.length - 4} more files`] : [])])}.`);
  return lines.join('\n\n');
}

function carrierWords(relation: Relation): string {
  switch (relation) {
    case 'same-file':
      return 'the same file';
    case 'same-change':
      return 'the same change';
    case 'none':
      return 'nothing like it';
    default:
      return relation;
  }
}

/** The change that the roll-up speaks of. */
function weakest(trace: PatchTrace): ChangeVerdict | undefined {
  return trace.changes.find(({ relation }) => relation === trace.relation) ?? trace.changes[0];
}

function shortId({ id }: CommitFact): string {
  return id.slice(0, 12);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
