/** What commit messages say of other commits: which they revert, mend, go on with, or are picked from. Pure text. */

export type ReferenceKind = 'reverts' | 'partly-reverts' | 'fixes' | 'follow-up' | 'picked-from' | 'mentions';

export interface MessageReference {
  readonly kind: ReferenceKind;
  /** Hex, lower case, possibly short; undefined where the commit is named by its subject. */
  readonly commit: string | undefined;
  /** The subject it is named by, where it is; as it stands between the quotes. */
  readonly subject: string | undefined;
  /** The words it stands in, on one line, for people. */
  readonly quote: string;
}

/** Words that end right before the id. The last one to match from the top counts; an id behind none of them is mentioned. */
const words: readonly (readonly [RegExp, ReferenceKind])[] = [
  [/\(?\b(?:cherry|back)[- ]?(?:picked|ported) (?:from|of)(?: upstream)?(?: commit)?:? *$/i, 'picked-from'],
  [/^\(?(?:upstream|from upstream|upstream commit|\[ ?upstream commit):? *$/i, 'picked-from'],
  [/\b(?:partial(?:ly)?|parts? of|mostly)\b.{0,20}\breverts?(?: of)?(?: commits?)?:? *$|\breverts?(?: (?:a )?parts?(?: of)?)(?: commits?)?:? *$/i, 'partly-reverts'],
  [/(?:^|[.;:(] *)(?:this |which )?(?:commit |patch |change )?(?:effectively |basically |essentially |hereby )?reverts(?: commits?)?:? *$|(?:^|[.;] *)revert of(?: commits?)?:? *$|(?:^)revert(?: commits?):? *$/i, 'reverts'],
  [/\bfollow[- ]?ups?(?:[- ](?:to|for|from|on|of|fix(?:es)? (?:to|for)))?(?: commits?)?:? *$|\bfix-?up(?: for| of| to)?(?: commits?)?:? *$/i, 'follow-up'],
  [/^fix(?:es|ed)?:? *(?:commits? *)?$/i, 'fixes'],
  [/(?:^|[.;(] *)(?:this |that |which |also )?(?:commit |patch |change )?fix(?:es|ed|ing)?:? (?:(?:an?|the|some|another|two) )?(?:[\w-]+ ){0,3}(?:bugs?|issues?|regressions?|problems?|leaks?|mistakes?|typos?|errors?|crash(?:es)?|warnings?|breakages?|oversights?|omissions?|fallout)(?: (?:that|which) (?:was|were))?(?: (?:introduced|caused|added|made|created|brought))?(?: (?:in|by|from|with|since|of|after))(?: commits?)?:? *$/i, 'fixes'],
  [/(?:^|[.;(] *)(?:this |the |a |it |it's |which )?(?:was |were |is |a )?(?:(?:bug|issue|regression|problem|leak|mistake|typo|error|crash|warning|breakage|oversight|omission)s? )?(?:was |were |is |been |got )?(?:accidentally |inadvertently |mistakenly |first |originally |wrongly )?(?:introduced|broken|caused|broke|regressed|regression)(?: (?:in|by|from|with|since|due to))(?: commits?)?:? *$/i, 'fixes'],
  [/\b(?:bug|issue|regression|problem|leak|mistake|typo|crash|breakage|oversight)s? (?:(?:that|which) )?(?:was |were )?(?:accidentally )?(?:introduced|caused|brought)? ?(?:in|by|from|with|since)(?: commits?)?:? *$|\bregression:? *$/i, 'fixes'],
];

/** What may stand between two ids of one list: `a, b and c`, `a ("subject"), b`. */
const between = /^ *(?:\((?:"[^"]*"|[^()]{0,100})\))? *(?:(?:,|and|&|\+|, and|\/) *)(?:commits? *)?$/i;

const hexWord = /(?<![\w/#?=-])(?:g(?=[0-9a-f]{7,}))?([0-9a-f]{7,40}(?:[0-9a-f]{24})?)(?![\w-])/gi;

/** An URL of a commit counts as its id; other ids in URLs (of bug trackers, attachments) do not. */
const commitUrl = /\bhttps?:\/\/[^\s<>"')\]]+?\/(?:commits?\/|commit\/\?id=|\+\/)([0-9a-f]{7,64})\b[^\s<>"')\],]*/gi;

/** Reads the references of one commit's message, in the order they stand in; a commit that is named twice counts by its first kind. */
export function readMessageReferences(message: string): MessageReference[] {
  const found: MessageReference[] = [];
  const seen = new Set<string>();
  const add = (reference: MessageReference): void => {
    const key = reference.commit ?? `"${reference.subject}`;
    if (seen.has(key)) return;
    seen.add(key);
    found.push(reference);
  };
  const end = message.indexOf('\n');
  const subject = (end < 0 ? message : message.slice(0, end)).trim();
  const body = end < 0 ? '' : message.slice(end + 1);
  for (const text of paragraphsOf(body)) {
    let kind: ReferenceKind | undefined;
    let last = 0;
    for (const { id, start, end } of idsIn(text)) {
      const before = text.slice(Math.max(last, start - 120), start);
      const isListed = kind !== undefined && kind !== 'mentions' && between.test(text.slice(last, start));
      if (!isListed) kind = words.find(([pattern]) => pattern.test(before))?.[1] ?? kindBehind(text.slice(end, end + 120));
      last = end;
      add({ kind: kind!, commit: id, subject: undefined, quote: quoteOf(text, start, end) });
    }
  }
  // A revert that says which commit is taken at its word; one that does not has only the subject to go by.
  const reverted = /^(?:[\w./-]+: )?Revert "(.+)"\.?(?: \(#\d+\))?$/i.exec(subject)?.[1] ?? /^Revert: (.+)$/.exec(subject)?.[1];
  const reapplied = /^Reapply "(.+)"$/i.exec(subject)?.[1];
  if (reverted !== undefined && !found.some(({ kind }) => kind === 'reverts' || kind === 'partly-reverts')) add({ kind: 'reverts', commit: undefined, subject: reverted, quote: subject });
  if (reapplied !== undefined && !found.some(({ kind }) => kind === 'reverts')) add({ kind: 'reverts', commit: undefined, subject: `Revert "${reapplied}"`, quote: subject });
  // `fixup! subject`, as git's own autosquash has it, left unsquashed.
  const fixed = /^(?:fixup|squash|amend)! (.+)$/.exec(subject)?.[1];
  if (fixed !== undefined) add({ kind: 'follow-up', commit: undefined, subject: fixed, quote: subject });
  const follows = idsIn(subject);
  for (const { id, start, end } of follows) add({ kind: /\bfollow[- ]?up\b/i.test(subject) ? 'follow-up' : /^revert\b/i.test(subject) ? 'reverts' : 'mentions', commit: id, subject: undefined, quote: quoteOf(subject, start, end) });
  return found;
}

/** What the words behind an id say: `commit 1234567 upstream.`, `commit 1234567 follow-up`. */
function kindBehind(text: string): ReferenceKind {
  if (/^ upstream\b\.?/i.test(text)) return 'picked-from';
  return /^ ?(?:\("[^"]*"\) )?follow[- ]?up\b/i.test(text) ? 'follow-up' : 'mentions';
}

/** Paragraphs on one line each; trailers, list items and indented lines are lines of their own. */
function paragraphsOf(body: string): string[] {
  const paragraphs: string[] = [];
  let open = false;
  for (const line of body.split('\n')) {
    const text = line.trim();
    if (text === '') {
      open = false;
      continue;
    }
    const isOwn = /^(?:[A-Z][\w-]*: |[-*] |\(cherry|[Ff]ix(?:es|ed)\b|[Ff]ollow[- ]?up)/.test(text);
    if (open && !isOwn) paragraphs[paragraphs.length - 1] += ` ${text}`;
    else paragraphs.push(text);
    open = true;
  }
  return paragraphs;
}

function idsIn(text: string): { readonly id: string; readonly start: number; readonly end: number }[] {
  const ids: { id: string; start: number; end: number }[] = [];
  for (const match of text.matchAll(commitUrl)) ids.push({ id: match[1]!.toLowerCase(), start: match.index, end: match.index + match[0].length });
  const inUrl = [...text.matchAll(/\bhttps?:\/\/\S+/gi)].map((match) => [match.index, match.index + match[0].length] as const);
  for (const match of text.matchAll(hexWord)) {
    const id = match[1]!.toLowerCase();
    const isId = id.length >= 40 || (/[a-f]/.test(id) && /\d/.test(id));
    if (isId && !inUrl.some(([start, end]) => match.index >= start && match.index < end)) ids.push({ id, start: match.index, end: match.index + match[0].length });
  }
  return ids.sort((a, b) => a.start - b.start);
}

/** The sentence around an id, short. */
function quoteOf(text: string, start: number, end: number): string {
  const from = Math.max(text.lastIndexOf('. ', start) + 1, start - 80, 0);
  return text.slice(from, Math.min(end + 20, text.length)).replace(/\s+/g, ' ').trim();
}
