import { type ClaimAnswer, type FollowUpFact, type FollowUpState, type Relation, claimAnswers, followUpKinds, followUpStates, relations } from '../verdict.js';
import { type Decision, type DecisionKind, decisionKinds, isDay } from './decision.js';
import { type LockLine, type LockValue, type Row, readLockLines, sidesOf } from './lockText.js';

/** Raised whenever a fact changes its meaning; readers refuse a newer one. */
export const LOCK_FORMAT = 1;

/** Name of the lock file, beside the spec. A folder with several specs has one for each: `curl.spectrail.lock`. */
export const lockFileName = 'spectrail.lock';

/** What makes a change the same as one that was locked, from strict to loose. */
export interface LockedIdentity {
  /** Git's blob id of the bytes of the change's diffs: everything from the first diff on, nothing of the header. */
  readonly diff: string;
  /** What `git patch-id --stable` prints, or would print if the diff were written as git writes it; undefined where nothing is. */
  readonly patchId: string | undefined;
  /** Hash of the added and removed lines alone, hex; undefined where there are none. */
  readonly content: string | undefined;
}

/** A commit, with as much of it as lets it be found again elsewhere when its repository has gone. */
export interface LockedCommit {
  readonly id: string;
  readonly subject: string;
  readonly author: string;
  /** Author date, as `2026-11-25`. */
  readonly date: string;
}

/** A commit that came later than the origin, and what it is to the package. */
export interface LockedLater<State> {
  readonly state: State;
  readonly id: string;
  /** Author date, as `2026-11-25`. */
  readonly date: string;
  readonly subject: string;
}

/** `holds`: it takes all of the origin back, and nobody made that good. `partly`: it takes a part back. `made-good`: it was taken back itself. `carried`: the package does the same. */
export type LockedRevertState = (typeof revertStates)[number];

const revertStates = ['holds', 'partly', 'made-good', 'carried'] as const;

/** What became of the origin, as far as a lock keeps it. */
export interface LockedAftermath {
  /** Tag of the packaged version, where it has the change already. */
  readonly inVersion: string | undefined;
  readonly reverts: readonly LockedLater<LockedRevertState>[];
  readonly followUps: readonly (LockedLater<FollowUpState> & Pick<FollowUpFact, 'kind'>)[];
}

export const noAftermath: LockedAftermath = { inVersion: undefined, reverts: [], followUps: [] };

export interface LockedVerdict {
  readonly relation: Relation;
  readonly claim: ClaimAnswer;
  /** The commits it comes from, the best first; empty for `none`. */
  readonly commits: readonly LockedCommit[];
  /** Name and location of the source that has the commit, or of who carries the patch where no commit is known. */
  readonly from: { readonly source: string; readonly location: string; readonly ref: string | undefined; readonly path: string | undefined } | undefined;
  /** First tag that has the commit. */
  readonly firstRelease: string | undefined;
  /** Shares of changed lines, 0 to 1, to two digits. */
  readonly coverOfPatch: number | undefined;
  readonly coverOfCommit: number | undefined;
  /** Hunks that differ, in words; at most a dozen, and then how many more. */
  readonly differs: readonly string[];
  /** Files of the commit that the patch lacks without loss. */
  readonly leftOut: readonly string[];
  /** For a change without origin: the places that have none, and up to when. */
  readonly searched: readonly string[];
  /** What became of it; found anew whenever the lock is renewed. */
  readonly aftermath: LockedAftermath;
  /** When this was found; stays as long as the same is found. */
  readonly judged: string;
}

/** One change of a patch. */
export interface LockedChange {
  /** Name of the patch file. */
  readonly file: string;
  readonly subject: string | undefined;
  readonly identity: LockedIdentity;
  /** Undefined for a change that was decided about and not traced yet. */
  readonly verdict: LockedVerdict | undefined;
  readonly decision: Decision | undefined;
  /** Comments that somebody wrote into the section, without `#`. */
  readonly notes: readonly string[];
}

/** The lock of one package: its changes by name of the file, and within a file in its order. */
export interface LockFile {
  readonly changes: readonly LockedChange[];
}

export const emptyLock: LockFile = { changes: [] };

/** Something in a lock file that cannot be taken as it stands. */
export interface LockProblem {
  /**
   * `newer`: written by a newer Spectrail, nothing of it was read. `conflict`: markers of a merge; both sides were read.
   * `two-decisions`: two that do not agree about the same change. `syntax`, `value`, `unknown`: that line was passed over.
   */
  readonly code: 'newer' | 'conflict' | 'two-decisions' | 'syntax' | 'value' | 'unknown';
  readonly message: string;
  /** Zero-based. */
  readonly line: number;
}

export interface ReadLock {
  readonly lock: LockFile;
  readonly problems: readonly LockProblem[];
  /** Whether the file must not be written over: a person has to say first what is meant. */
  readonly needsPerson: boolean;
}

const head: readonly string[] = [
  "Where the patches of this package come from, and what was decided about them. Made and renewed by",
  "'spectrail trace --lock', held against the patches by 'spectrail trace --frozen'; decisions are recorded with",
  "'spectrail decide'. Commit it with the patches.",
];

/** The file's text: TOML, one fact a line, sections in the order of file names. Equal locks give equal texts. */
export function writeLock({ changes }: LockFile): string {
  const lines = [...head.map((line) => `# ${line}`), `format = ${LOCK_FORMAT}`];
  for (const change of sorted(changes)) {
    lines.push('', ...change.notes.map((note) => (note === '' ? '#' : `# ${note}`)), `[[patch.${quoted(change.file)}]]`);
    for (const [key, value] of factsOf(change)) {
      if (typeof value === 'number') lines.push(`${key} = ${Number.isInteger(value) ? value.toFixed(1) : value}`);
      else if (typeof value === 'string') lines.push(`${key} = ${quoted(value)}`);
      else if ('day' in value) lines.push(`${key} = ${value.day}`);
      else lines.push(`${key} = [`, ...value.map((item) => `  ${quoted(item)},`), ']');
    }
  }
  return `${lines.join('\n')}\n`;
}

/**
 * Reads a lock file, forgivingly: a line that is not understood is a problem and the others hold; of a merge with conflicts
 * both sides are read and put together, so that renewing the lock settles them. Never throws.
 */
export function parseLock(text: string): ReadLock {
  const { sides, conflicts } = sidesOf(text);
  const problems: LockProblem[] = conflicts.map(({ start, end }) => ({
    code: 'conflict',
    line: start,
    message: end === undefined ? 'A merge conflict begins here and does not end.' : `A merge conflict is left here, up to line ${end + 1}. Renew the lock with 'spectrail trace --lock': it reads both sides and keeps the decisions of both.`,
  }));
  const complain: Complain = (code, line, message) => {
    // What both sides have in common is read twice.
    if (!problems.some((problem) => problem.line === line && problem.message === message)) problems.push({ code, message, line });
  };
  const known = new Map<string, Placed>();
  const placed: Placed[] = [];
  for (const [side, rows] of sides.entries()) {
    const read = readSide(rows, complain);
    if ('newer' in read) return { lock: emptyLock, problems: [{ code: 'newer', message: `This lock has format ${read.newer}; this Spectrail reads format ${LOCK_FORMAT}. Update Spectrail.`, line: read.line }], needsPerson: true };
    for (const each of read.changes) {
      const key = `${each.change.file}\0${each.change.identity.diff}`;
      const other = known.get(key);
      if (other !== undefined) {
        const [mine, theirs] = [other.change.decision, each.change.decision];
        if (mine !== undefined && theirs !== undefined && !sameDecision(mine, theirs)) complain('two-decisions', each.line, `The same change of ${each.change.file} is decided otherwise at line ${other.line + 1}. Keep the decision that is meant.`);
        if (side > 0) {
          if (mine === undefined) other.change = { ...other.change, decision: theirs };
          continue;
        }
      } else known.set(key, each);
      placed.push(each);
    }
  }
  problems.sort((a, b) => a.line - b.line);
  return { lock: { changes: sorted(placed.map(({ change }) => change)) }, problems, needsPerson: problems.some(({ code }) => code === 'two-decisions') };
}

/** A change, and the line where its decision or else its section stands. */
interface Placed {
  change: LockedChange;
  readonly line: number;
}

function readSide(rows: readonly Row[], complain: Complain): { readonly changes: readonly Placed[] } | { readonly newer: number; readonly line: number } {
  const { lines, unreadable } = readLockLines(rows);
  for (const { line, reason } of unreadable) complain('syntax', line, `${reason} This line is passed over.`);
  const sections: Section[] = [];
  let notes: string[] = [];
  for (const each of lines) {
    const current = sections.at(-1);
    switch (each.kind) {
      case 'comment':
        if (current !== undefined || !head.includes(each.text)) notes.push(each.text);
        break;
      case 'header': {
        const file = each.isList && each.path.length === 2 && each.path[0] === 'patch' ? each.path[1]! : undefined;
        if (file === undefined) complain('unknown', each.line, `[${each.path.join('.')}] is no section of a lock; sections are [[patch."NAME"]]. It is passed over.`);
        sections.push({ file, line: each.line, facts: new Map(), notes });
        notes = [];
        break;
      }
      case 'fact':
        if (current === undefined) {
          if (each.key !== 'format') complain('unknown', each.line, `There is no fact '${each.key}' of a whole lock; it is passed over.`);
          else if (typeof each.value === 'number' && each.value > LOCK_FORMAT) return { newer: each.value, line: each.line };
          else if (each.value !== LOCK_FORMAT) complain('value', each.line, `'format' is a number from 1 to ${LOCK_FORMAT}.`);
        } else {
          current.notes.push(...notes, ...(each.comment === undefined ? [] : [each.comment]));
          notes = [];
          const before = current.facts.get(each.key);
          if (before === undefined) current.facts.set(each.key, each);
          else if (JSON.stringify(before.value) !== JSON.stringify(each.value)) {
            if (decisionKeys.has(each.key)) complain('two-decisions', each.line, `'${each.key}' stands here with another value than in line ${before.line + 1}. Keep the one that is meant.`);
            else complain('value', each.line, `'${each.key}' stands here a second time; line ${before.line + 1} holds.`);
          }
        }
        break;
    }
  }
  // What stands at the end belongs to the last section.
  sections.at(-1)?.notes.push(...notes);
  return {
    changes: sections.flatMap((section) => {
      const change = section.file === undefined ? undefined : changeOf(section.file, section, complain);
      return change === undefined ? [] : [{ change, line: section.facts.get('decision')?.line ?? section.line }];
    }),
  };
}

/** Whether two decisions say the same. */
export function sameDecision(one: Decision, other: Decision): boolean {
  return one.kind === other.kind && one.reason === other.reason && one.owner === other.owner && one.date === other.date && one.until === other.until;
}

/** By file name, in the order of code units, which no locale changes; changes of one file stay in theirs. */
function sorted(changes: readonly LockedChange[]): LockedChange[] {
  return [...changes].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0));
}

type Fact = string | number | { readonly day: string } | readonly string[];

/** The facts of a change in the order in which they are written; the parser below takes them in any. */
function factsOf({ subject, identity, verdict, decision }: LockedChange): [string, Fact][] {
  const facts: [string, Fact | undefined][] = [
    ['subject', subject],
    ['diff', identity.diff],
    ['patch-id', identity.patchId],
    ['content', identity.content],
  ];
  if (decision !== undefined) {
    facts.push(
      // A merge that takes lines for those of another section must not hand a decision on: it names its change, and stands beside what no other section has.
      ['decides', identity.diff.slice(0, decidesLength)],
      ['decision', decision.kind],
      ['until', decision.until === undefined ? undefined : { day: decision.until }],
      ['reason', decision.reason],
      ['owner', decision.owner],
      ['decided', { day: decision.date }],
      ['decided-on', decision.about === undefined ? undefined : `${decision.about.relation}, ${decision.about.claim}`],
    );
  }
  if (verdict !== undefined) {
    const [commit, ...more] = verdict.commits;
    facts.push(['relation', verdict.relation], ['claim', verdict.claim]);
    if (commit !== undefined) facts.push(['commit', commit.id], ['commit-subject', commit.subject], ['commit-author', commit.author], ['commit-date', { day: commit.date }]);
    facts.push(
      ['more-commits', more.map(({ id, date, author, subject: title }) => `${id} ${date} ${author.replace(/[\t\n]/g, ' ')}\t${title}`)],
      ['first-release', verdict.firstRelease],
      ['from', verdict.from?.source],
      ['location', verdict.from?.location],
      ['ref', verdict.from?.ref],
      ['path', verdict.from?.path],
      ['cover-of-patch', verdict.coverOfPatch],
      ['cover-of-commit', verdict.coverOfCommit],
      ['differs', verdict.differs],
      ['left-out', verdict.leftOut],
      ['searched', verdict.searched],
      ['in-version', verdict.aftermath.inVersion],
      ['reverted-by', verdict.aftermath.reverts.map(({ state, id, date, subject: title }) => `${state} ${id} ${date} ${title}`)],
      ['followed-by', verdict.aftermath.followUps.map(({ state, kind, id, date, subject: title }) => `${state} ${kind} ${id} ${date} ${title}`)],
      ['judged', { day: verdict.judged }],
    );
  }
  return facts.filter((fact): fact is [string, Fact] => fact[1] !== undefined && !(Array.isArray(fact[1]) && fact[1].length === 0));
}

/** Digits of its change's diff that a decision gives. */
const decidesLength = 12;

const decisionKeys: ReadonlySet<string> = new Set(['decides', 'decision', 'until', 'reason', 'owner', 'decided', 'decided-on']);
const otherKeys: ReadonlySet<string> = new Set(['subject', 'diff', 'patch-id', 'content', 'relation', 'claim', 'commit', 'commit-subject', 'commit-author', 'commit-date', 'more-commits', 'first-release', 'from', 'location', 'ref', 'path', 'cover-of-patch', 'cover-of-commit', 'differs', 'left-out', 'searched', 'in-version', 'reverted-by', 'followed-by', 'judged']);

interface Section {
  /** Undefined for a section that is passed over. */
  readonly file: string | undefined;
  readonly line: number;
  readonly facts: Map<string, LockLine & { readonly kind: 'fact' }>;
  readonly notes: string[];
}

type Complain = (code: LockProblem['code'], line: number, message: string) => void;

/** One section, as much of it as is right; undefined where it does not say of which change it speaks. */
function changeOf(file: string, { line: header, facts, notes }: Section, complain: Complain): LockedChange | undefined {
  for (const [key, { line }] of facts) if (!decisionKeys.has(key) && !otherKeys.has(key)) complain('unknown', line, `There is no fact '${key}' of a change; it is passed over.`);
  const take = <T>(key: string, wants: string, accept: (value: LockValue) => T | undefined): T | undefined => {
    const fact = facts.get(key);
    if (fact === undefined) return undefined;
    const value = accept(fact.value);
    if (value === undefined) complain('value', fact.line, `'${key}' must be ${wants}.`);
    return value;
  };
  const text = (key: string): string | undefined => take(key, 'a text in quotes', (value) => (typeof value === 'string' ? value : undefined));
  const texts = (key: string): readonly string[] => take(key, 'a list of texts', (value) => (Array.isArray(value) ? (value as readonly string[]) : undefined)) ?? [];
  const hex = (key: string): string | undefined => take(key, 'hexadecimal digits in quotes', (value) => (typeof value === 'string' && /^[0-9a-f]+$/.test(value) ? value : undefined));
  const share = (key: string): number | undefined => take(key, 'a number from 0 to 1', (value) => (typeof value === 'number' && value >= 0 && value <= 1 ? value : undefined));
  const day = (key: string): string | undefined => take(key, 'a date, as 2026-11-25', (value) => (typeof value === 'object' && 'day' in value && isDay(value.day) ? value.day : typeof value === 'string' && isDay(value) ? value : undefined));
  const oneOf = <T extends string>(key: string, of: readonly T[]): T | undefined => take(key, `one of ${of.map((each) => `"${each}"`).join(', ')}`, (value) => of.find((each) => each === value));

  /** Items such as `missing fixes 1a2b3c 2026-11-25 A subject`; one whose words `accept` does not know is passed over. */
  const later = <T>(key: string, accept: (first: string, second: string | undefined) => T | undefined): (T & Omit<LockedLater<never>, 'state'>)[] =>
    texts(key).flatMap((written) => {
      const [, words, id, date, subject] = /^([a-z]+(?:[ -][a-z]+){0,3}) ([0-9a-f]{7,64}) (\d{4}-\d{2}-\d{2}) ([^]*)$/.exec(written) ?? [];
      const [first, second, ...more] = words?.split(' ') ?? [];
      const accepted = first === undefined || more.length > 0 ? undefined : accept(first, second);
      if (accepted !== undefined) return [{ ...accepted, id: id!, date: date!, subject: subject! }];
      complain('value', facts.get(key)!.line, `'${key}' has an item that is none: "${written.slice(0, 40)}".`);
      return [];
    });

  const diff = hex('diff');
  if (diff === undefined) {
    if (!facts.has('diff')) complain('value', header, `This section has no 'diff', and so does not say of which change of ${file} it speaks. It is passed over.`);
    return undefined;
  }
  const relation = oneOf('relation', relations);
  const claim = oneOf('claim', claimAnswers);
  const judged = day('judged');
  let verdict: LockedVerdict | undefined;
  if (relation !== undefined && claim !== undefined && judged !== undefined) {
    const id = hex('commit');
    const commits: LockedCommit[] = id === undefined ? [] : [{ id, subject: text('commit-subject') ?? '', author: text('commit-author') ?? '', date: day('commit-date') ?? '1970-01-01' }];
    for (const written of texts('more-commits')) {
      const parts = /^([0-9a-f]+) (\d{4}-\d{2}-\d{2}) ([^\t\n]*)\t([^]*)$/.exec(written);
      if (parts !== null) commits.push({ id: parts[1]!, date: parts[2]!, author: parts[3]!, subject: parts[4]! });
      else complain('value', facts.get('more-commits')!.line, `'more-commits' has an item that is none: "${written.slice(0, 40)}".`);
    }
    const source = text('from');
    verdict = {
      relation,
      claim,
      commits,
      from: source === undefined ? undefined : { source, location: text('location') ?? '', ref: text('ref'), path: text('path') },
      firstRelease: text('first-release'),
      coverOfPatch: share('cover-of-patch'),
      coverOfCommit: share('cover-of-commit'),
      differs: texts('differs'),
      leftOut: texts('left-out'),
      searched: texts('searched'),
      aftermath: {
        inVersion: text('in-version'),
        reverts: later('reverted-by', (state, more) => (more === undefined && isOneOf(revertStates, state) ? { state } : undefined)),
        followUps: later('followed-by', (state, kind) => (isOneOf(followUpStates, state) && isOneOf(followUpKinds, kind) ? { state, kind } : undefined)),
      },
      judged,
    };
  } else if (['relation', 'claim', 'judged'].some((key) => facts.has(key)) && !['relation', 'claim', 'judged'].every((key) => facts.has(key))) {
    complain('value', header, `A verdict has 'relation', 'claim' and 'judged'; one of them is missing here, and the verdict is passed over.`);
  }
  return { file, subject: text('subject'), identity: { diff, patchId: hex('patch-id'), content: hex('content') }, verdict, decision: decisionOf(), notes };

  function decisionOf(): Decision | undefined {
    const kind = oneOf<DecisionKind>('decision', decisionKinds);
    const [reason, owner, date, until] = [text('reason'), text('owner'), day('decided'), day('until')];
    if (kind === undefined) return undefined;
    const lacks = Object.entries({ reason, owner, decided: date, ...(kind === 'waived' ? { until } : {}) }).flatMap(([key, value]) => (value === undefined ? [key] : []));
    const { line } = facts.get('decision')!;
    if (reason === undefined || owner === undefined || date === undefined || lacks.length > 0) {
      // A decision that nobody answers for is none.
      complain('value', line, `This decision lacks ${lacks.map((key) => `'${key}'`).join(' and ')}, and does not count.`);
      return undefined;
    }
    const decides = hex('decides');
    if (decides !== undefined && !diff!.startsWith(decides)) {
      complain('value', line, `This decision is about another change (${decides}), and a merge or a hand has put it here. It does not count; decide again where it is meant.`);
      return undefined;
    }
    const about = take('decided-on', 'a relation and a claim, as "none, absent"', (value) => {
      const [on, said] = typeof value === 'string' ? value.split(', ') : [];
      return relations.includes(on as Relation) && claimAnswers.includes(said as ClaimAnswer) ? { relation: on as Relation, claim: said as ClaimAnswer } : undefined;
    });
    return { kind, reason, owner, date, until: kind === 'waived' ? until : undefined, about };
  }
}

function isOneOf<T extends string>(of: readonly T[], word: string | undefined): word is T {
  return of.includes(word as T);
}

/** A basic string of TOML: one line, whatever is in it. */
function quoted(text: string): string {
  const escaped = text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(/["\\\u0000-\u001f\u007f]/g, (character) => shortEscapes[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `"${escaped}"`;
}

const shortEscapes: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\r': '\\r' };
