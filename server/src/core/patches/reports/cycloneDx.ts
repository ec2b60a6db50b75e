import { commitUrl } from '../commitUrl.js';
import { decisionWords } from '../lock/decision.js';
import { blobId } from '../sha1.js';
import type { ChangeVerdict, Claim, CommitFact, Relation } from '../verdict.js';
import type { TraceReport } from './traceReport.js';

/** How a patch came to be, in CycloneDX's words. A patch whose origin nobody knows is not upstream's. */
const types: Readonly<Record<Relation, 'cherry-pick' | 'backport' | 'unofficial'>> = {
  'same-file': 'cherry-pick',
  'same-change': 'cherry-pick',
  rebased: 'cherry-pick',
  adapted: 'backport',
  partial: 'backport',
  combined: 'backport',
  none: 'unofficial',
};

/**
 * The patches of a package as a CycloneDX 1.6 bill of materials: one component, whose pedigree has the upstream commits and the patches. What
 * CycloneDX has no field for (relation, claim, decisions) stands in the component's properties, under `spectrail:`. Equal reports give equal texts.
 */
export function cycloneDx({ package: named, patches }: TraceReport, version: string): string {
  const there = patches.filter(({ trace, applied }) => trace.blob !== undefined && applied !== false);
  const commits = [...new Map(there.flatMap(({ trace }) => trace.changes.flatMap((change) => change.commits)).map((commit) => [commit.id, commit])).values()];
  const properties = there.flatMap(({ trace, decisions }) => {
    const about = (name: string, value: string) => ({ name: `spectrail:patch:${trace.fileName}:${name}`, value });
    return [
      about('relation', trace.relation),
      about('claim', trace.claim),
      about('blob', trace.blob!),
      ...trace.changes.flatMap(({ commits: origins }) => origins.map(({ id }) => about('commit', id))),
      ...(decisions?.changes ?? []).flatMap((decision) => (decision === undefined ? [] : [about('decision', `${decisionWords[decision.kind]}${decision.until === undefined ? '' : ` until ${decision.until}`}, ${decision.owner}: ${decision.reason}`)])),
      ...trace.carriers.map(({ name, relation }) => about('carrier', `${name} (${relation})`)),
    ];
  });
  const component = {
    type: 'application',
    'bom-ref': 'package',
    name: named.name ?? 'patches',
    ...(named.version === undefined ? {} : { version: named.version }),
    pedigree: {
      ...(named.name === undefined ? {} : { ancestors: [{ type: 'application', 'bom-ref': 'upstream', name: named.name, ...(named.version === undefined ? {} : { version: named.version }) }] }),
      commits: commits.map(commitOf),
      patches: there.map(({ trace }) => ({ type: types[trace.relation], diff: { url: encodeURI(trace.fileName).replace(/[#?]/g, encodeURIComponent) }, ...resolved(trace.changes) })),
    },
    properties,
  };
  const body = { metadata: { tools: { components: [{ type: 'application', name: 'spectrail', version }] }, component } };
  const digest = blobId(new TextEncoder().encode(JSON.stringify(body)));
  // A serial number that follows from the content, in the form of a UUID made from a name.
  const serial = `${digest.slice(0, 8)}-${digest.slice(8, 12)}-5${digest.slice(13, 16)}-a${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
  return `${JSON.stringify({ $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json', bomFormat: 'CycloneDX', specVersion: '1.6', serialNumber: `urn:uuid:${serial}`, version: 1, ...body }, null, 2)}\n`;
}

function commitOf({ id, subject, author, date, place }: CommitFact): object {
  const [, name, email] = /^(.*?)\s*<([^>]*)>$/.exec(author) ?? [undefined, author, undefined];
  const url = commitUrl(place.location, id);
  return { uid: id, ...(url === undefined ? {} : { url }), author: { timestamp: new Date(date * 1000).toISOString(), name, ...(email !== undefined && /^[^\s@]+@[^\s@]+$/.test(email) ? { email } : {}) }, message: subject };
}

/** The security issues and bugs that a patch says it mends, each once. */
function resolved(changes: readonly ChangeVerdict[]): { readonly resolves?: readonly object[] } {
  const issues = new Map<string, object>();
  for (const { kind, value } of changes.flatMap(({ claims }): readonly Claim[] => claims)) {
    if (kind === 'cve') issues.set(value, { type: 'security', id: value, source: { name: 'NVD', url: `https://nvd.nist.gov/vuln/detail/${value}` } });
    else if (kind === 'bug') issues.set(value, /^https?:\/\/[^\s<>"{}|\\^`]+$/.test(value) ? { type: 'defect', id: value, references: [value] } : { type: 'defect', id: value });
  }
  return issues.size === 0 ? {} : { resolves: [...issues.values()] };
}
