import { type Aftermath, type ChangeVerdict, type ClaimAnswer, type CommitFact, type Decision, type FollowUpState, type LockDifference, type LockFile, type PatchTrace, type Relation, type ReportedPatch, type TraceReport, aftermathNews, decisionWords, partWords, summaryOf, wordsOfFinding } from '../../core/patches/index.js';

export interface TextOptions {
  readonly colour: boolean;
  /** Columns of the terminal; undefined where lines may be as long as they are. */
  readonly columns: number | undefined;
  readonly details: boolean;
}

export const relationWords: Readonly<Record<Relation, string>> = {
  'same-file': 'same file',
  'same-change': 'same change',
  rebased: 'rebased',
  combined: 'combined',
  adapted: 'adapted',
  partial: 'partial',
  none: 'no origin',
};

const relationColours: Readonly<Record<Relation, number>> = { 'same-file': 32, 'same-change': 32, rebased: 32, combined: 33, adapted: 33, partial: 33, none: 35 };
const claimColours: Readonly<Record<ClaimAnswer, number>> = { confirmed: 32, contradicted: 31, unverifiable: 33, absent: 2 };

const meanings: Readonly<Record<Relation, string>> = {
  'same-file': 'Byte for byte the file that a carrier ships.',
  'same-change': 'The same change as the commit, as git patch-id sees it.',
  rebased: 'The same changed lines as the commit; only context or position differ.',
  combined: 'Made of several commits.',
  adapted: 'Most of the commit, with lines of its own.',
  partial: 'A part of the commit; what it has is as upstream has it.',
  none: 'Nothing that was searched explains it.',
};

const claimMeanings: Readonly<Record<ClaimAnswer, string>> = {
  confirmed: 'What the patch says of its origin is true.',
  contradicted: 'The patch names a commit that it does not come from.',
  unverifiable: 'The patch names a commit that none of the places searched has.',
  absent: 'The patch names no commit.',
};

/** The report for people: a line a patch, a summary, and explanations where they are asked for. */
export function traceText(report: TraceReport, options: TextOptions): string {
  const paint = (text: string, colour: number): string => (options.colour && text.trim() !== '' ? `\u001b[${colour}m${text}\u001b[0m` : text);
  const { name, version, spec } = report.package;
  const title = [name, version].filter((part) => part !== undefined && part !== '').join(' ');
  const wasSearched = report.patches.some(({ trace }) => trace.coverage.searched.length > 0);
  const isNarrow = options.columns !== undefined && options.columns < NARROW;
  const rows = report.patches.map((patch) => rowOf(patch, isNarrow));
  const columns = [
    { cells: rows.map(({ number }) => number), alignRight: true, colours: undefined },
    { cells: rows.map(({ relation }) => relation), colours: report.patches.map(({ trace }) => (trace.blob === undefined ? 31 : wasSearched ? relationColours[trace.relation] : 2)) },
    { cells: rows.map(({ commit }) => commit), colours: undefined },
    { cells: rows.map(({ tag }) => tag), colours: undefined },
    { cells: rows.map(({ claim }) => claim), colours: report.patches.map(({ trace }) => claimColours[trace.claim]) },
    { cells: rows.map(({ decision }) => decision), colours: rows.map(() => 34) },
    { cells: rows.map(({ news }) => news), colours: rows.map(() => 33) },
    { cells: rows.map(({ file }) => file), colours: undefined },
    { cells: rows.map(({ carriers }) => carriers), colours: rows.map(() => 36) },
  ].filter(({ cells }) => width(cells) > 0);
  const taken = columns.reduce((sum, { cells }) => sum + width(cells) + 2, 0);
  const room = (options.columns ?? Infinity) - taken;
  const indent = ' '.repeat(width(rows.map(({ number }) => number)) + (rows.some(({ number }) => number !== '') ? 2 : 0));
  const lines: string[] = [];
  if (title !== '' || spec !== undefined) lines.push(paint([title, `${report.patches.length} patch${report.patches.length === 1 ? '' : 'es'}`].filter(Boolean).join(', '), 1), '');
  for (const [i, row] of rows.entries()) {
    const cells = columns.map(({ cells, alignRight, colours }) => {
      const padded = alignRight === true ? cells[i]!.padStart(width(cells)) : cells[i]!.padEnd(width(cells));
      return colours === undefined ? padded : paint(padded, colours[i]!);
    });
    // The subject takes what is left of the line, and stays away where that is too little to be read.
    if (room >= 16) cells.push(cut(row.subject, room));
    lines.push(cells.join('  ').trimEnd());
    if (options.details) lines.push(...detailsOf(report.patches[i]!, report, paint).map((line) => indent + line), '');
    else for (const problem of report.patches[i]!.trace.problems.filter((each) => isOwn(each, report))) lines.push(indent + paint(problem, 33));
  }
  return `${[...lines, ...(lines.at(-1) === '' ? [] : ['']), ...summaryLines(report, paint)].join('\n')}\n`;
}

/** Sentences that every patch has speak of a place, and are said once at the end. */
function isOwn(problem: string, report: TraceReport): boolean {
  return report.patches.length === 1 || !report.patches.every(({ trace }) => trace.problems.includes(problem));
}

interface Row {
  readonly number: string;
  readonly relation: string;
  readonly commit: string;
  readonly tag: string;
  readonly claim: string;
  readonly decision: string;
  readonly news: string;
  readonly file: string;
  readonly carriers: string;
  readonly subject: string;
}

/** Terminals with fewer columns get marks in place of words, and shorter ids. */
const NARROW = 120;

const claimMarks: Readonly<Record<ClaimAnswer, string>> = { confirmed: '\u2713', contradicted: '\u2717', unverifiable: '?', absent: '' };

function rowOf({ trace, applied, decisions }: ReportedPatch, isNarrow: boolean): Row {
  const isSearched = trace.coverage.searched.length > 0;
  const commits = [...new Map(trace.changes.flatMap(({ commits }) => commits).map((commit) => [commit.id, commit])).values()];
  // The change that decides the patch's relation comes first: its commit is the one to look at.
  const deciding = trace.changes.find(({ relation, commit }) => relation === trace.relation && commit !== undefined)?.commit ?? commits[0];
  const note = applied === false ? ' (not applied)' : '';
  const claim = isNarrow ? claimMarks[trace.claim] : trace.claim === 'absent' ? 'no claim' : trace.claim;
  return {
    number: trace.number === undefined ? '' : `${trace.number}`,
    relation: trace.blob === undefined ? 'missing' : isSearched ? relationWords[trace.relation] : 'not searched',
    commit: deciding === undefined ? '' : `${deciding.id.slice(0, isNarrow ? 8 : 10)}${commits.length > 1 ? ` +${commits.length - 1}` : ''}`,
    tag: deciding === undefined ? '' : (deciding.firstTag ?? 'unreleased'),
    claim: trace.blob === undefined ? '' : claim,
    decision: [...new Set((decisions?.changes ?? []).flatMap((decision) => (decision === undefined ? [] : [decision.kind])))].join('+'),
    news: newsOf(trace, isNarrow),
    file: cut(trace.fileName, (isNarrow ? 32 : 56) - note.length) + note,
    carriers: trace.carriers.map(({ name, relation }) => (relation === 'same-file' || relation === 'same-change' ? name : `${name}~`)).join(' '),
    subject: deciding?.subject ?? trace.changes.find((change) => change.subject !== undefined)?.subject ?? '',
  };
}

/** What a maintainer should know beside the origin, in a word or two; empty for most patches. */
function newsOf(trace: PatchTrace, isNarrow: boolean): string {
  const { containedIn, reverts, followUps } = aftermathNews(trace);
  return [containedIn === undefined ? '' : isNarrow ? 'in' : `in ${containedIn}`, reverts.length === 0 ? '' : isNarrow ? 'rev' : 'reverted', followUps.length === 0 ? '' : `+${followUps.length}${isNarrow ? '' : ' later'}`].filter(Boolean).join(', ');
}

function aftermathDetails({ version, reverts, followUps, series, namesake }: Aftermath): string[] {
  const lines: string[] = [];
  const named = ({ id, subject, firstTag }: CommitFact): string => `${id.slice(0, 10)} ${subject}${firstTag === undefined ? '' : ` (${firstTag})`}`;
  if (namesake !== undefined) lines.push(`  ${named(namesake)} has its subject and author, and other lines`);
  if (version !== undefined) {
    const { there, absent, unknown } = version.hunks;
    if (version.content === 'contained') lines.push(version.undoneBy === undefined ? `  ${version.tag} has all of it already` : `  ${version.tag} has all of it, ${version.undoneBy} takes it out, and this patch puts it back`);
    else if (version.content === 'partly') lines.push(`  ${version.tag} has a part of it: ${there} of ${there + absent + unknown} hunks`);
    else if (version.reached) lines.push(`  the commit is in ${version.tag}, but what this patch changes is not${version.content === 'unknown' ? ' to be found there' : ''}`);
  }
  for (const { commit, partial, undoneBy, carriedBy } of reverts) lines.push(`  ${partial ? 'partly ' : ''}reverted by ${named(commit)}${undoneBy === undefined ? '' : `, which ${named(undoneBy)} made good`}${carriedBy === undefined ? '' : `; so does ${carriedBy}`}`);
  const states: Readonly<Record<FollowUpState, string>> = { carried: 'the package has it', 'in-version': 'the packaged version has it', missing: 'the package lacks it', elsewhere: 'about other files', benign: 'news, tests, manuals or white space only', 'not-applicable': 'about code that the packaged version has not', reverted: 'reverted itself', unknown: 'whether it is needed cannot be told' };
  for (const { commit, kind, state, carriedBy } of followUps) lines.push(`  ${kind === 'fixes' ? 'mended' : kind === 'follow-up' ? 'followed' : 'changed'} by ${named(commit)}: ${carriedBy === undefined ? states[state] : `${carriedBy} has it`}`);
  const others = series?.commits.filter((each) => each.carriedBy === undefined && !each.inVersion) ?? [];
  if (series !== undefined && others.length > 0) {
    const why = series.merge !== undefined ? ` by ${named(series.merge)}` : series.request !== undefined ? ` for ${series.request}` : `, as part ${series.counted!.number} of ${series.counted!.of}`;
    lines.push(`  came with ${series.commits.length} other${series.commits.length === 1 ? '' : 's'}${why}, of which the package lacks`);
    for (const { commit, number } of others.slice(0, 6)) lines.push(`    ${number === undefined ? '' : `${number} `}${named(commit)}`);
    if (others.length > 6) lines.push(`    and ${others.length - 6} more`);
  }
  return lines;
}

function detailsOf({ trace, applied, decisions }: ReportedPatch, report: TraceReport, paint: (text: string, colour: number) => string): string[] {
  const lines: string[] = [];
  if (applied === false) lines.push('The spec declares it and never applies it.');
  for (const [i, change] of trace.changes.entries()) lines.push(...changeDetails(change, trace.changes.length > 1 ? `change ${i + 1} of ${trace.changes.length}: ` : '', paint));
  const decided = decisions?.changes ?? [];
  const isOne = new Set(decided.map((decision) => JSON.stringify(decision))).size === 1;
  for (const [i, decision] of decided.entries()) if (decision !== undefined && (!isOne || i === 0)) lines.push(`${isOne ? '' : `change ${i + 1}: `}${paint(decisionLine(decision), 34)}`);
  for (const decision of decisions?.expired ?? []) lines.push(paint(`${decisionLine(decision)}: this has ended`, 31));
  for (const { name, relation, place } of trace.carriers) lines.push(`carried by ${paint(name, 36)}: ${relationWords[relation]}, ${[place.path, place.commit?.slice(0, 10)].filter(Boolean).join(' at ')}`);
  for (const problem of trace.problems.filter((each) => isOwn(each, report))) lines.push(paint(problem, 33));
  return lines;
}

function decisionLine({ kind, until, owner, date, reason }: Decision): string {
  return `${decisionWords[kind]}${until === undefined ? '' : ` until ${until}`} by ${owner}, ${date}: ${reason}`;
}

/** How patches differ from their lock, for people who read the log of a CI job. */
export function frozenText(name: string, lock: LockFile, differences: readonly LockDifference[], { colour, wasSearched }: { readonly colour: boolean; readonly wasSearched: boolean }): string {
  const paint = (text: string, code: number): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lines: string[] = [];
  for (const { kind, file, change, message, help, fails } of differences) lines.push(`${file}${change === undefined ? '' : `, change ${change + 1}`}: ${paint(kind, fails ? 31 : 33)}: ${message}`, `    ${help}`);
  const files = new Set(differences.filter(({ fails }) => fails).map(({ file }) => file)).size;
  const changes = lock.changes.length;
  if (!wasSearched) lines.push('No place was searched, so only the content of the patches was compared, and not where they come from.');
  lines.push(files === 0 ? `${name}: ${changes === 1 ? 'its change is as it was' : `all ${changes} changes are as they were`} locked.` : paint(`${name}: ${files} ${files === 1 ? 'patch is' : 'patches are'} not as locked.`, 31));
  return `${lines.join('\n')}\n`;
}

function changeDetails(change: ChangeVerdict, prefix: string, paint: (text: string, colour: number) => string): string[] {
  const lines = [`${prefix}${paint(meanings[change.relation], relationColours[change.relation])} ${change.relation === 'none' ? '' : `(confidence ${Math.round(change.confidence * 100)} %)`}`.trimEnd()];
  for (const commit of change.commits) lines.push(`  commit ${commit.id} ${new Date(commit.date * 1000).toISOString().slice(0, 10)} ${commit.subject}`, `    by ${commit.author}, ${commit.firstTag === undefined ? 'in no release yet' : `first in ${commit.firstTag}`}${commit.reachedBy === undefined ? ', on no branch or tag' : ''}`);
  const { evidence } = change;
  if (evidence !== undefined) {
    lines.push(`  ${Math.round(evidence.coverOfPatch * 100)} % of its changed lines are upstream's, ${Math.round(evidence.coverOfCommit * 100)} % of upstream's are in it (found by ${evidence.found.join(', ')})`);
    const differing = evidence.hunks.filter(({ state }) => state !== 'equal' && state !== 'moved');
    const words = { different: 'differs', 'missing-upstream': 'is not upstream', 'missing-here': 'is left out', equal: '', moved: '' };
    for (const { path, hunk, state } of differing.slice(0, 12)) lines.push(`    ${path} hunk ${hunk + 1} ${words[state]}`);
    if (differing.length > 12) lines.push(`    and ${differing.length - 12} more`);
    if (evidence.benignlyDropped.length > 0) lines.push(`    left out, and nothing is lost by it: ${evidence.benignlyDropped.join(', ')}`);
  }
  for (const commit of change.equivalent.slice(0, 4)) lines.push(`  the same as ${commit.id.slice(0, 10)}${commit.firstTag === undefined ? '' : ` (${commit.firstTag})`} ${commit.subject}`);
  if (change.part !== undefined && change.part.lacks.length > 0) lines.push(`  ${partWords(change.part)}`);
  if (change.aftermath !== undefined) lines.push(...aftermathDetails(change.aftermath).map((line) => (/lacks it$|^ {2}(?:partly )?reverted by(?!.*(?:made good|so does))|has all of it already/.test(line) ? paint(line, 33) : line)));
  lines.push(`  ${paint(claimMeanings[change.claim], claimColours[change.claim])}`);
  const where = { header: 'header', 'file-name': 'file name', 'spec-comment': "spec's comment", changelog: 'changelog', 'spec-url': "tag's URL" };
  for (const claim of change.claims) lines.push(`    ${claim.kind} ${claim.value} (${where[claim.where]}${claim.line === undefined ? '' : `, line ${claim.line + 1}`})`);
  for (const finding of change.claimed ?? []) {
    const words = wordsOfFinding(finding, change.commit);
    if (words !== undefined) lines.push(`    ${finding.commit.slice(0, 12)} ${words}`);
  }
  return lines;
}

function summaryLines(report: TraceReport, paint: (text: string, colour: number) => string): string[] {
  const lines: string[] = [];
  const { relations, claims, missing } = summaryOf(report);
  const coverage = report.patches[0]?.trace.coverage;
  const searched = [...new Map(report.patches.flatMap(({ trace }) => trace.coverage.searched).map((each) => [`${each.source} ${each.location}`, each])).values()];
  const list = (counts: Readonly<Record<string, number | undefined>>, words: (key: string) => string): string => Object.entries(counts).map(([key, count]) => `${count} ${words(key)}`).join(', ');
  if (searched.length > 0) lines.push(`${paint('origins', 1)}  ${list(relations, (key) => relationWords[key as Relation])}${missing === 0 ? '' : `, ${missing} missing`}`);
  lines.push(`${paint('claims', 1)}   ${list(claims, (key) => `${key === 'absent' ? 'without' : key}${claimMarks[key as ClaimAnswer] === '' ? '' : ` ${claimMarks[key as ClaimAnswer]}`}`)}`);
  const news = report.patches.map(({ trace }) => aftermathNews(trace));
  const later = [
    [news.filter(({ containedIn }) => containedIn !== undefined).length, 'in the packaged version already'],
    [news.filter(({ reverts }) => reverts.length > 0).length, 'reverted upstream'],
    [news.filter(({ followUps }) => followUps.length > 0).length, 'with later commits that the package lacks (+)'],
  ] as const;
  if (later.some(([count]) => count > 0)) lines.push(`${paint('later', 1)}    ${later.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`).join(', ')}`);
  if (report.patches.some(({ trace }) => trace.carriers.some(({ relation }) => relation !== 'same-file' && relation !== 'same-change'))) lines.push('~ behind a carrier: another form of the same patch');
  for (const { source, location, refs, upTo } of searched) {
    const ref = refs.length === 1 ? ` ${refs[0]!.name}${refs[0]!.commit === '' ? '' : ` at ${refs[0]!.commit.slice(0, 10)}`}` : refs.length > 1 ? ` ${refs.length} branches` : '';
    lines.push(`${paint('searched', 2)} ${source}: ${location}${ref}${upTo === undefined ? '' : `, up to ${new Date(upTo * 1000).toISOString().slice(0, 10)}`}`);
  }
  for (const { source, reason } of coverage?.failed ?? []) lines.push(`${paint('not searched', 31)} ${source}: ${reason}`);
  if (report.patches.length > 1) for (const problem of coverage === undefined ? [] : report.patches[0]!.trace.problems.filter((each) => !isOwn(each, report))) lines.push(paint(problem, 33));
  if (searched.length === 0 && (coverage?.failed.length ?? 0) === 0) lines.push('Nothing was searched: name the project\'s repository with --upstream, and distributions with --carrier.');
  return lines;
}

function width(texts: readonly string[]): number {
  return Math.max(0, ...texts.map((text) => text.length));
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(room - 1, 0))}\u2026`;
}
