/** Says which commit each mail comes from, by what it claims and by content that agrees; what cannot be told is left open. */
import { type Content, type HeaderClaim, type Mail, type Measure, measure, readContent, readHeaderClaims, saysDownstream } from './readMails.js';
import { type UpstreamCommits, patchIdsOf } from './upstreamCommits.js';

export interface MailToPlace {
  readonly path: string;
  readonly mail: Mail;
}

export type TruthRelation = 'identical' | 'same-change' | 'partial' | 'adapted' | 'rewritten' | 'squash' | 'downstream-only' | 'claim-unresolved';

export interface Truth {
  readonly relation: TruthRelation;
  readonly best: readonly string[];
  readonly claimed: readonly string[];
  readonly equivalent: readonly string[];
  readonly confidence: 'A' | 'B' | 'C';
  readonly evidence: string;
  readonly measure: Measure | undefined;
  /** Files of the patch and of the commit. */
  readonly files: string;
}

/** Subjects like "Update NEWS" are many commits'; of those none is the patch's by its subject. */
const maxSameSubject = 200;
/** Commits on the same files that are looked through for other picks of one. */
const maxSameFiles = 300;
/** Where a commit is less than this of a patch, the patch is something else. */
const leastCover = 0.1;
/** From this share of common changed lines on, two commits on the same files are picks of each other. */
const pickJaccard = 0.9;
/** Commits looked through for lines of a patch that says it has no origin. */
const maxTouching = 400;

interface Candidate {
  readonly id: string;
  readonly isIdentical: boolean;
  readonly claim: HeaderClaim | undefined;
  readonly isSameSubject: boolean;
  readonly measure: Measure;
  readonly files: number;
}

/** In the order given; undefined for a mail of which nothing can be said. */
export async function deriveTruth(mails: readonly MailToPlace[], upstream: UpstreamCommits): Promise<(Truth | undefined)[]> {
  const ids = await patchIdsOf(mails.map(({ mail }, i) => `From ${i.toString(16).padStart(40, '0')} \n${mail.diff}\n`).join(''));
  const read = mails.map(({ mail, path }, i) => {
    const content = readContent(mail.diff);
    const claims = readHeaderClaims(mail.header);
    const resolved = claims.flatMap((claim) => {
      const id = upstream.resolve(claim.id);
      return id === undefined ? [] : [{ ...claim, id }];
    });
    const sameSubject = upstream.withSubject(mail.subject);
    return { mail, path, content, claims, resolved, sameSubject: sameSubject.length > maxSameSubject ? [] : sameSubject, samePaths: upstream.withPaths(content.gitPaths), patchId: ids.get(i.toString(16).padStart(40, '0')) };
  });
  const near = new Set(read.flatMap(({ resolved, sameSubject, samePaths }) => [...resolved.map(({ id }) => id), ...sameSubject, ...samePaths]));
  await upstream.readPatchIds(near);
  const hasPatchId = (id: string, patchId: string | undefined): boolean => {
    const of = upstream.patchIds(id);
    return patchId !== undefined && (of?.withRenames === patchId || of?.withoutRenames === patchId);
  };
  const candidates = read.map(({ resolved, sameSubject, samePaths, patchId }) => [...new Set([...resolved.map(({ id }) => id), ...sameSubject, ...samePaths.filter((id) => hasPatchId(id, patchId))])]);
  await upstream.readContents(candidates.flat());

  const byPatchId = new Map<string, string[]>();
  for (const id of near) {
    const of = upstream.patchIds(id);
    for (const patchId of new Set([of?.withRenames, of?.withoutRenames])) if (patchId !== undefined) byPatchId.set(patchId, [...(byPatchId.get(patchId) ?? []), id]);
  }
  const truths: (Truth | undefined)[] = [];
  for (const [i, each] of read.entries()) {
    const { mail, path, content, claims, resolved, patchId } = each;
    const hits: Candidate[] = [];
    for (const id of candidates[i]!) {
      const of = upstream.content(id);
      if (!of) continue;
      const isIdentical = hasPatchId(id, patchId);
      const claim = resolved.find((one) => one.id === id);
      const isSameSubject = mail.subject !== '' && each.sameSubject.includes(id);
      const measured = measure(content, of);
      const agrees = measured.jaccard >= 0.2 || measured.coverOfPatch >= 0.5 || measured.coverOfCommit >= 0.5;
      if (isIdentical || (claim && (agrees || isSameSubject)) || (isSameSubject && measured.jaccard >= 0.5)) hits.push({ id, isIdentical, claim, isSameSubject, measure: measured, files: of.files.size });
    }
    hits.sort((a, b) => Number(b.isIdentical) - Number(a.isIdentical) || b.measure.jaccard - a.measure.jaccard || Number(b.claim !== undefined) - Number(a.claim !== undefined));
    const best = hits[0];
    if (best && content.total > 20 && best.measure.coverOfPatch < leastCover) {
      // It holds that commit among much else: what the rest is, nobody says.
      truths.push(undefined);
    } else if (best) {
      const several = best.isIdentical ? undefined : foldedCommits(content, hits, upstream);
      const picks = await picksOf(best.id, upstream);
      truths.push(several ?? positive(content, best, hits, claims, resolved, (id) => [...equivalents(id, upstream, byPatchId), ...picks]));
    } else truths.push(await negative(mail, path, content, claims, resolved, upstream));
  }
  return truths;
}

function positive(content: Content, best: Candidate, hits: readonly Candidate[], claims: readonly HeaderClaim[], resolved: readonly HeaderClaim[], equivalentsOf: (id: string) => string[]): Truth {
  const { jaccard, coverOfPatch, coverOfCommit } = best.measure;
  const agrees = jaccard >= 0.2 || coverOfPatch >= 0.5 || coverOfCommit >= 0.5;
  const relation: TruthRelation = best.isIdentical
    ? 'identical'
    : jaccard === 1
      ? 'same-change'
      : !agrees
        ? 'rewritten'
        : coverOfPatch >= 0.98 && coverOfCommit < 0.98
          ? 'partial'
          : 'adapted';
  const kinds = [...new Set(hits.filter((hit) => hit.claim).map((hit) => hit.claim!.kind))].join('+');
  const evidence =
    relation === 'rewritten'
      ? 'claim+subject, content differs'
      : best.claim
        ? `claim(${kinds})`
        : `${best.isIdentical ? 'patchid' : 'content'}${kinds === '' ? '' : `+claim(${kinds}) points elsewhere`}${best.isSameSubject ? '+subject' : ''}`;
  const claimed = [...new Set([...hits.filter((hit) => hit.claim).map((hit) => hit.id), ...resolved.map(({ id }) => id)])];
  return {
    relation,
    best: [best.id],
    claimed: claimed.length > 0 ? claimed : claims.filter(({ kind }) => kind !== 'mbox').map(({ id }) => id),
    equivalent: [...new Set([...hits.filter((hit) => hit.isIdentical).map(({ id }) => id), ...equivalentsOf(best.id)])].filter((id) => id !== best.id),
    confidence: relation !== 'rewritten' && (best.isIdentical || jaccard >= 0.5) ? 'A' : 'B',
    evidence,
    measure: best.measure,
    files: `${content.files.size}:${best.files}`,
  };
}

/** Commits that a patch claims, each of which it holds most of, and which make it up together though none does alone. */
function foldedCommits(content: Content, hits: readonly Candidate[], upstream: UpstreamCommits): Truth | undefined {
  const parts = hits.filter((hit) => hit.claim && hit.measure.coverOfCommit >= 0.5);
  if (parts.length < 2 || parts.some((part) => part.measure.coverOfPatch >= 0.9)) return undefined;
  const rest = new Map(content.lines);
  const used: Candidate[] = [];
  let covered = 0;
  for (const part of parts.sort((a, b) => b.measure.coverOfPatch - a.measure.coverOfPatch)) {
    let own = 0;
    for (const [line, count] of upstream.content(part.id)!.lines) {
      const taken = Math.min(count, rest.get(line) ?? 0);
      if (taken === 0) continue;
      own += taken;
      rest.set(line, rest.get(line)! - taken);
    }
    // A pick of the same commit on another branch adds nothing.
    if (own < 0.05 * content.total) continue;
    covered += own;
    used.push(part);
  }
  if (used.length < 2 || covered < 0.8 * content.total) return undefined;
  return {
    relation: 'squash',
    best: used.map(({ id }) => id),
    claimed: parts.map(({ id }) => id),
    equivalent: [],
    confidence: 'B',
    evidence: `claim(${[...new Set(parts.map((part) => part.claim!.kind))].join('+')}), ${used.length} commits together`,
    measure: { jaccard: 0, coverOfPatch: covered / content.total, coverOfCommit: 1 },
    files: `${content.files.size}:`,
  };
}

/** Commits among those looked at with the patch id of this one: its picks on release branches. */
function equivalents(id: string, upstream: UpstreamCommits, byPatchId: ReadonlyMap<string, readonly string[]>): string[] {
  const of = upstream.patchIds(id);
  return [...new Set([of?.withRenames, of?.withoutRenames].flatMap((patchId) => (patchId === undefined ? [] : (byPatchId.get(patchId) ?? []))))];
}

/** Commits that change the same files in nearly the same way, as release branches have them under other words. */
async function picksOf(id: string, upstream: UpstreamCommits): Promise<string[]> {
  const best = upstream.content(id);
  if (!best) return [];
  const others = upstream.withPaths(best.gitPaths).slice(0, maxSameFiles);
  await upstream.readContents(others);
  return others.filter((other) => other !== id && measure(best, upstream.content(other) ?? readContent('')).jaccard >= pickJaccard);
}

async function negative(mail: Mail, path: string, content: Content, claims: readonly HeaderClaim[], resolved: readonly HeaderClaim[], upstream: UpstreamCommits): Promise<Truth | undefined> {
  const none = { best: [], equivalent: [], measure: undefined, files: '' };
  const explicit = claims.filter(({ kind }) => kind !== 'mbox');
  const words = saysDownstream(mail.header, path.replace(/.*\//, ''));
  if (words !== undefined && explicit.length === 0) {
    const evidence = `says "${words}"; no patch-id or subject hit`;
    const touching = upstream.touching(content.gitPaths, maxTouching);
    await upstream.readContents(touching);
    const telling = [...content.lines.keys()].filter((line) => line.replace(/[^a-z0-9]/gi, '').length >= 3).length;
    if (telling >= 5 && touching.some((id) => measure(content, upstream.content(id) ?? readContent('')).coverOfPatch >= 0.6)) {
      return { relation: 'downstream-only', claimed: [], confidence: 'C', evidence: `${evidence}; but an upstream commit holds >=60% of its changed lines`, ...none };
    }
    return { relation: 'downstream-only', claimed: [], confidence: telling < 5 ? 'B' : 'A', evidence: telling < 5 ? `${evidence}; <5 telling changed lines` : evidence, ...none };
  }
  // A claim that exists and whose content has nothing to do with the patch was read out of its prose: nothing is known.
  if (explicit.length === 0 || resolved.some(({ kind }) => kind !== 'mbox')) return undefined;
  return { relation: 'claim-unresolved', claimed: explicit.map(({ id }) => id), confidence: 'C', evidence: 'claimed commit is reached by no ref', ...none };
}
