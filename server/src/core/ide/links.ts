import type { Span } from '../text/index.js';
import { type Snapshot, packageFile } from '../workspace/index.js';

export interface Link {
  readonly span: Span;
  /** A web address, or the absolute path of a file of the package. */
  readonly target: { readonly kind: 'url'; readonly url: string } | { readonly kind: 'file'; readonly path: string };
}

const linkTags = new Set(['URL', 'BugURL', 'TranslationURL', 'UpstreamReleases', 'DistURL']);
const url = /\bhttps?:\/\/[^\s<>"'`|\\^{}]+/g;

/** Web addresses, with their macros expanded, and files of the package that are named. */
export function links(snapshot: Snapshot): readonly Link[] {
  const { evaluation, facts, text, tree } = snapshot;
  const found: Link[] = [];
  const covered: Span[] = [];
  const add = (span: Span, target: Link['target']): void => {
    found.push({ span, target });
    covered.push(span);
  };
  for (const { location, fileName, valueSpan, incomplete, span } of [...evaluation.sources, ...evaluation.patches]) {
    if (valueSpan.start === valueSpan.end || text.charCodeAt(span.start) === 0x25) continue;
    const path = packageFile(facts, fileName);
    if (path !== undefined) add(valueSpan, { kind: 'file', path });
    else if (!incomplete && isUrl(location)) add(valueSpan, { kind: 'url', url: location });
  }
  for (const { name, value, valueSpan, incomplete, generated } of evaluation.tags) {
    if (linkTags.has(name) && !incomplete && !generated && isUrl(value)) add(valueSpan, { kind: 'url', url: value });
  }
  // Addresses in prose: comments, descriptions, changelogs. Those with macros are left to the tags above.
  const prose = [...tree.views.comments.map(({ span }) => span), ...tree.views.sections.filter(({ kind }) => kind === 'description' || kind === 'changelog').map(({ bodySpan }) => bodySpan)];
  for (const { start, end } of prose) {
    for (const match of text.slice(start, end).matchAll(url)) {
      const address = match[0].replace(/[.,;:!?)\]]+$/, '');
      const span = { start: start + match.index, end: start + match.index + address.length };
      if (!address.includes('%{') && !covered.some((other) => other.start < span.end && span.start < other.end)) add(span, { kind: 'url', url: address });
    }
  }
  return found.sort((a, b) => a.span.start - b.span.start);
}

/** Only addresses of the web become links: what an editor would do with others is not ours to know. */
function isUrl(value: string): boolean {
  return /^https?:\/\/[^\s]+$/.test(value);
}
