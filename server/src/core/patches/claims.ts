import type { ParsedPatch, PatchChange } from './patch.js';
import { decodeText } from '../text/index.js';
import type { Claim, ClaimKind } from './verdict.js';

/** What stands around a patch and may speak of it; whoever has the spec passes it in. */
export interface ClaimContext {
  readonly fileName?: string;
  /** The comment above the patch's tag, without `#`, one line each. */
  readonly specComment?: readonly string[];
  /** The URL that the patch's tag gives, where it is one. */
  readonly specUrl?: string;
  /** Lines of the changelog entry that brought it in. */
  readonly changelog?: readonly string[];
}

/** A commit that a patch speaks of without saying that it comes from it. */
export interface CommitReference {
  readonly kind: 'fixes' | 'reverts' | 'follow-up' | 'mentioned';
  /** Hex, possibly short. */
  readonly commit: string;
  /** Zero-based line in the patch. */
  readonly line: number;
}

export interface ChangeClaims {
  /** In the order they stand in, header before file name before spec; no two alike. */
  readonly claims: readonly Claim[];
  readonly references: readonly CommitReference[];
}

/** Reads what one change says of where it comes from, and what others say of it. */
export function readClaims(patch: ParsedPatch, change: PatchChange, context: ClaimContext = {}): ChangeClaims {
  const found = new Collector();
  if (change.commitId !== undefined) {
    const kind = change.style === 'git-show' ? 'commit-line' : 'mbox-from';
    // `git format-patch` of a commit that is not committed yet, and hand-made mails, have an id of one digit.
    if (!/^(.)\1+$/.test(change.commitId)) found.claim({ kind, value: change.commitId, commit: change.commitId, where: 'header', line: change.header.start });
  }
  const lines = headerLines(patch, change);
  let inDiffstat = false;
  for (const [index, { text, line }] of lines.entries()) {
    if (line === change.header.start && change.commitId !== undefined) continue;
    // An mbox line that lost its date.
    const bare = line === change.header.start ? /^From ([0-9a-f]{40})\s*$/.exec(text)?.[1] : undefined;
    if (bare !== undefined && !/^(.)\1+$/.test(bare)) found.claim({ kind: 'mbox-from', value: bare, commit: bare, where: 'header', line });
    if (bare !== undefined) continue;
    inDiffstat ||= /^---\s*$/.test(text);
    if (inDiffstat && /\|\s+(?:\d+|Bin)/.test(text)) continue;
    const next = lines[index + 1]?.text ?? '';
    readLine(found, text, line, 'header', index > 0 ? (lines[index - 1]?.text ?? '') : '', next);
  }
  if (context.fileName !== undefined) readIds(found, context.fileName.replace(/_/g, ' '), undefined, 'file-name');
  for (const text of context.specComment ?? []) readLine(found, text, undefined, 'spec-comment', '', '');
  if (context.specUrl !== undefined) readLine(found, context.specUrl, undefined, 'spec-url', '', '');
  for (const text of context.changelog ?? []) readLine(found, text, undefined, 'changelog', '', '');
  // What is claimed in one place and merely mentioned in another is claimed.
  const claimed = new Set(found.claims.map((claim) => claim.commit));
  return { claims: found.claims, references: found.references.filter(({ kind, commit }) => kind !== 'mentioned' || !claimed.has(commit)) };
}

class Collector {
  readonly claims: Claim[] = [];
  readonly references: CommitReference[] = [];
  readonly #seen = new Set<string>();

  claim(claim: Omit<Claim, 'line'> & { readonly line?: number | undefined }): void {
    // The id of a mail may mean anything; who repeats it in words means it.
    const key = `${claim.where} ${claim.commit ?? claim.value} ${claim.kind === 'mbox-from'}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const { line, ...rest } = claim;
    this.claims.push(line === undefined ? rest : { ...rest, line });
  }

  reference(kind: CommitReference['kind'], commit: string, line: number | undefined): void {
    if (line === undefined) return;
    const id = commit.toLowerCase();
    if (this.references.some((each) => each.commit === id && each.line === line)) return;
    this.references.push({ kind, commit: id, line });
  }
}

function headerLines(patch: ParsedPatch, change: PatchChange): { text: string; line: number }[] {
  // What stands above the first mail speaks of the file, and so of it.
  const isFirst = change.bytes.start === patch.changes[0]?.bytes.start;
  // The header's own lines only: the first diff begins where the header ends.
  const lines: { text: string; line: number }[] = [];
  let at = isFirst ? 0 : change.bytes.start;
  for (let line = isFirst ? 0 : change.header.start; line < change.header.end && at < change.bytes.end && lines.length < 5000; line++) {
    const feed = patch.bytes.indexOf(10, at);
    const end = feed === -1 || feed > change.bytes.end ? change.bytes.end : feed;
    lines.push({ text: decodeText(patch.bytes.subarray(at, Math.min(end, at + 4096))).text.replace(/\r$/, ''), line });
    at = end + 1;
  }
  return lines;
}

/** Commit ids as people write them: seven digits at least, one of them a letter or all forty. */
const hexId = /\b([0-9a-f]{7,64})\b/gi;
const commitUrl = /\bhttps?:\/\/[^\s<>"')\]]+?(?:\/(?:-\/)?commits?\/|\/commit\/\?(?:[^\s]*&)?id=|[?;&](?:h|id|commit)=|\/rev\/|\/\+\/|\/patch\/\?id=|\/r[0-9]+\/|\/commitdiff\/|\/c(?:i)?\/)([0-9a-f]{7,64})\b[^\s<>"')\]]*/gi;
const pullUrl = /\bhttps?:\/\/[^\s<>"')\]]+?\/(?:pull|pulls|merge_requests|merge-requests|pull-requests|-\/merge_requests)\/\d+[^\s<>"')\],;]*/gi;
/** Gerrit's `/c/project/+/123`, Phabricator's `/D123`: changes under review, whatever line they stand in; other servers' where the line says so. */
const reviewUrl = /\bhttps?:\/\/[^\s<>"')\]]+?\/(?:c\/[^\s<>"')\]]+?\/\+\/\d+|D\d{3,})\b[^\s<>"')\],;]*/g;
const reviewKey = /^(?:reviewed-on|differential[ -]revision|cr|review|gerrit)$/i;
const patchworkUrl = /\bhttps?:\/\/[^\s<>"')\]]*(?:patchwork|lore\.kernel|patch\.msgid\.link|lkml\.(?:kernel\.)?org|inbox\.|lists?\.|mail-archive|marc\.info|sourceware\.org\/(?:ml|pipermail))[^\s<>"')\],;]+/gi;
/** A patch file that lies somewhere: another distribution's, a security team's. */
const patchFileUrl = /\bhttps?:\/\/[^\s<>"')\]]+?\.(?:patch|diff|dif)(?:\.(?:gz|bz2|xz))?\b(?:\?[^\s<>"')\],;]*)?(?![^\s<>"')\],;.])/gi;
const cveId = /\bCVE-\d{4}-\d{4,7}\b/gi;
const bugIds =
  /\b(?:rh(?:bz|el)?|bz|bsc|bnc|boo|gh|lp|deb|bug|bugzilla|resolves|related|closes)\s*[#:]?\s*#?(\d{4,8})\b|\b((?:RHEL|RHELPLAN|JIRA|FIPS|FC|SSSD|PROJQUAY)-\d+|PR [a-z+-]{2,20}\/\d{3,6})\b|\bhttps?:\/\/[^\s<>"')\]]*(?:bugzilla|show_bug\.cgi|bugs\.|\/bugs?\/|launchpad|\/issues?\/|\/browse\/|\/ticket\/|\/tracker\/|\/patches\/\d+\/?(?=[\s<>\"')\],;.]|$)|gcc\.gnu\.org\/PR\d|hackerone\.com\/|\/security\/advisories\/)[^\s<>"')\],;]*/gi;

/** Words before an id that say it is another commit, not this one's origin. */
const referenceWords: readonly (readonly [RegExp, CommitReference['kind']])[] = [
  [/^\s*fix(?:es|ed|up!)?\b[:\s]/i, 'fixes'],
  [/\bfix(?:es|ed)? (?:for |up )?(?:commit|an? (?:error|bug|regression) (?:in|from))\b/i, 'fixes'],
  [/\b(?:introduced|caused|broken|regress(?:ed|ion)|added|since|brought|changed) (?:\w+ ){0,3}(?:in|by|with|from)?\s*(?:commit\b)?/i, 'fixes'],
  [/\bthis reverts commit\b|\breverts?:? (?:commit )?|\brevert(?:ed|ing) (?:commit )?/i, 'reverts'],
  [/\bfollow[- ]?up(?: (?:to|for|on))?\b/i, 'follow-up'],
];

/** Keys whose value says where the change comes from; anything with `commit` or `upstream` in it besides. */
const originKey = /^(?:.*upstream.*|.*commit.*|git-?id|origin|backport(?:ed)?(?:-from)?|cherry-?pick(?:ed)?(?:-from)?|source(?:-link)?|link|url|patch|reference|from-dist-git-commit|applied-upstream|imported-from|x-git-url)$/i;
const otherKey = /^(?:fixes|reverts?|follow-?up(?:-to)?|change-id|signed-off-by|reviewed-by|acked-by|tested-by|reported-by|co-authored-by|cc|to|from|date|message-id|in-reply-to|references|x-.*-id|tree|parent)$/i;

function readLine(found: Collector, text: string, line: number | undefined, where: Claim['where'], before: string, after: string): void {
  const used = new Set<string>();
  const claim = (kind: ClaimKind, value: string, commit?: string): void => {
    if (commit !== undefined) {
      used.add(commit.toLowerCase());
      found.claim({ kind, value, commit: commit.toLowerCase(), where, line });
    } else found.claim({ kind, value, where, line });
  };
  if (/\bBuildId: /.test(text)) text = text.replace(/\bBuildId: [0-9a-f]+/g, '');
  const field = /^\s*(?:\[\s*)?([A-Za-z][A-Za-z0-9_ -]{1,40}?)\s*:\s*(.*)$/.exec(text);
  const key = field?.[1] ?? '';
  const value = field?.[2] ?? '';
  const kindOfReference = referenceKind(text, before);

  for (const match of text.matchAll(/\((?:partially |partly )?(?:cherry[- ]picked|back[- ]?ported|picked|taken) from (?:upstream )?(?:commit |rev(?:ision)? )?([0-9a-f]{7,64})\b[^)]*\)?/gi)) claim('cherry-picked', match[1]!, match[1]);
  if (field && !otherKey.test(key)) readField(found, key, value, line, where, claim);
  if (used.size === 0 && /\b(?:cherry[- ]?pick(?:ed)?|back[- ]?port(?:ed)?)\b/i.test(text) && kindOfReference === undefined) {
    for (const id of idsIn(text)) if (!isPartOfUrl(text, id)) claim('cherry-picked', id, id);
    // `(cherry picked from commit` at the end of a line, the id on the next.
    if (used.size === 0 && /(?:commit|from)\s*$/i.test(text)) for (const id of idsIn(after).slice(0, 1)) claim('cherry-picked', id, id);
  }
  const continued = /\(\s*cherry[- ]?$/i.test(before) ? /^\s*picked from commit ([0-9a-f]{7,64})\b/i.exec(text) : null;
  if (continued) claim('cherry-picked', continued[1]!, continued[1]);
  const made = /\b(?:(?:modified|adapted|adjusted) (?:from )?(?:upstream )?(?:patch|commit)|(?:based|modelled) on(?: upstream)?(?: commit| patch)?|(?:derived|extracted|taken|ported) from(?: upstream)?(?: commit| patch)?)[: ]+([0-9a-f]{12,64})\b/i.exec(text);
  if (made && isCommitId(made[1]!.toLowerCase())) claim('cherry-picked', made[1]!, made[1]);
  const bracketed = /^\s*\[\s*upstream:? ([0-9a-f]{12,64})\s*\]\s*$/i.exec(text);
  if (bracketed) claim('upstream-commit', bracketed[1]!, bracketed[1]);
  const node = /^# Node ID ([0-9a-f]{40})\s*$/.exec(text);
  if (node) claim('commit-line', node[1]!, node[1]);
  const commitLine = /^\s{0,4}(?:\[\s*)?(?:upstream )?commit:? ([0-9a-f]{12,64})\b(?: upstream\.?)?(?:\s*\((?:HEAD|origin|tag:|upstream|master|main)[^)]*\))?(?:\s*\])?\)?[.:]?\s*$/i.exec(text);
  if (commitLine && !/^(?:.*\b(?:reverts?|fixes|in|by|of|to|with))\s*$/i.test(before.trim())) claim('commit-line', commitLine[1]!, commitLine[1]);
  for (const match of text.matchAll(commitUrl)) {
    const id = match[1]!.toLowerCase();
    // `?id=2137631` is a bug's number, `/commit/2137631` a commit.
    if (used.has(id) || !(isCommitId(id) || /\/commits?\/\d+/.test(match[0]))) continue;
    if (kindOfReference !== undefined && !field) {
      used.add(id);
      found.reference(kindOfReference, id, line);
    } else if (otherKey.test(key) && /^(?:fixes|reverts?|follow)/i.test(key)) {
      used.add(id);
      found.reference(referenceKind(`${key}: `, '') ?? 'mentioned', id, line);
    } else claim('url', match[0], id);
  }
  for (const match of text.matchAll(pullUrl)) claim('pull-request', match[0]);
  for (const match of text.matchAll(reviewUrl)) claim('pull-request', match[0]);
  if (reviewKey.test(key)) for (const match of value.matchAll(/\bhttps?:\/\/[^\s<>"')\],;]+/gi)) claim('pull-request', match[0]);
  for (const match of text.matchAll(patchFileUrl)) {
    if (![...match[0].matchAll(commitUrl)].length && ![...match[0].matchAll(pullUrl)].length) claim('url', match[0]);
  }
  for (const match of text.matchAll(patchworkUrl)) if (where === 'spec-comment' || /^(?:forwarded|link|origin|upstream|submitted)/i.test(key)) claim('forwarded', match[0]);
  for (const id of idsIn(text)) {
    if (used.has(id.toLowerCase()) || isPartOfUrl(text, id) || /^(?:message-id|in-reply-to|references|change-id|index|from|to|cc)$/i.test(key)) continue;
    if (where === 'spec-comment' && kindOfReference === undefined) claim('git-commit', id, id);
    else found.reference(kindOfReference ?? 'mentioned', id, line);
  }
  if (/\b(?:rhel|downstream|vendor|distro|fedora|centos|alma(?:linux)?|azure|mariner|photon|(?:open)?suse|debian|ubuntu|gentoo|flatcar)[- ](?:only|specific)\b|\bnot (?:for |going )?upstream(?:able)?\b|\bnever upstream\b/i.test(text)) claim('downstream', text.trim());
  readIds(found, text, line, where);
}

function readField(found: Collector, key: string, value: string, line: number | undefined, where: Claim['where'], claim: (kind: ClaimKind, value: string, commit?: string) => void): void {
  const name = key.toLowerCase().replace(/[ _]/g, '-');
  if (name === 'upstream-status' || name === 'patch-mainline') {
    claim('upstream-status', value);
    for (const id of idsIn(value).filter((id) => !isPartOfUrl(value, id))) claim('upstream-status', id, id);
    return;
  }
  if (name === 'forwarded') {
    claim(/^(?:not-needed|no)\b/i.test(value) ? 'downstream' : 'forwarded', value);
    return;
  }
  // As Debian's maintainers sort their patches: `debian-local`, beside `upstream`.
  if (name === 'patch-category') {
    if (/-local$/i.test(value)) claim('downstream', value);
    return;
  }
  if (name === 'bug' || name.startsWith('bug-')) {
    if (value !== '') found.claim({ kind: 'bug', value, where, line });
    return;
  }
  if (!originKey.test(name)) return;
  const kind: ClaimKind =
    name === 'origin' || name === 'applied-upstream'
      ? 'dep3-origin'
      : name === 'git-commit'
        ? 'git-commit'
        : name.includes('upstream')
          ? 'upstream-commit'
          : 'git-commit';
  for (const match of value.matchAll(commitUrl)) if (isCommitId(match[1]!)) claim(kind === 'git-commit' ? 'url' : kind, match[0], match[1]);
  for (const id of idsIn(value)) if (!isPartOfUrl(value, id)) claim(kind, id, id);
  if (name === 'origin' && /^(?:vendor|other)\b/i.test(value) && idsIn(value).length === 0) claim('downstream', value);
}

/** CVE, bug and issue ids, wherever they stand. */
function readIds(found: Collector, text: string, line: number | undefined, where: Claim['where']): void {
  for (const match of text.matchAll(cveId)) found.claim({ kind: 'cve', value: match[0].toUpperCase(), where, line });
  for (const match of text.matchAll(bugIds)) found.claim({ kind: 'bug', value: match[1] !== undefined ? `#${match[1]}` : match[0].replace(/[.:]+$/, ''), where, line });
}

/** Hex words that can be commit ids: a letter and a digit in them, or forty of them; not dates, not plain words. */
function idsIn(text: string): string[] {
  const ids: string[] = [];
  for (const match of text.matchAll(hexId)) {
    const id = match[1]!.toLowerCase();
    if (isCommitId(id)) ids.push(id);
  }
  return ids;
}

function isCommitId(text: string): boolean {
  const isFull = text.length === 40 || text.length === 64;
  return isFull ? !/^(.)\1+$/.test(text) : /[a-f]/i.test(text) && /\d/.test(text);
}

function isPartOfUrl(text: string, id: string): boolean {
  const at = text.toLowerCase().indexOf(id.toLowerCase());
  const before = text.slice(0, at);
  const url = before.lastIndexOf('://');
  return url !== -1 && !/[\s<>"']/.test(before.slice(url));
}

function referenceKind(text: string, before: string): CommitReference['kind'] | undefined {
  for (const [words, kind] of referenceWords) if (words.test(text)) return kind;
  // The sentence began on the line before: `This reverts` / `commit 1234abcd.`
  const tail = before.trim();
  if (/\b(?:reverts?|fixes|fixed|follow[- ]?up to|introduced (?:in|by)|since|caused by|of|in|by|from)\s*(?:commit)?$/i.test(tail)) {
    for (const [words, kind] of referenceWords) if (words.test(`${tail} `)) return kind;
    if (/^\s*commit\b/i.test(text) && !/^\s*commit [0-9a-f]{40}/i.test(text)) return 'mentioned';
  }
  return undefined;
}
