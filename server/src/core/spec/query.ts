/** What `rpmspec -q` prints for an evaluation. */
import { type Header, packageHeaders, sourceHeader } from './header.js';
import { SpecEvaluation } from './evaluation.js';
import type { Evaluation } from './model.js';
import { parseQueryFormat } from './queryFormat.js';

export interface Query {
  /** `rpms`: every package; `builtrpms`: those with %files; `srpm`: the source package. */
  readonly of: 'rpms' | 'builtrpms' | 'srpm';
  /** A query format; the default one, a package's name with version, release and architecture, where undefined. */
  readonly format?: string;
}

/** The text for each package, one after the other. Throws QueryFormatError where rpm refuses the format. */
export function query(evaluation: Evaluation, { of, format = '%{nvr}%{archsuffix}\\n' }: Query): string {
  if (!(evaluation instanceof SpecEvaluation)) throw new TypeError('not an evaluation of this room');
  const parsed = parseQueryFormat(format);
  const headers: Header[] = of === 'srpm' ? [sourceHeader(evaluation)] : packageHeaders(evaluation).flatMap(({ header, hasFiles }) => (of === 'rpms' || hasFiles ? [header] : []));
  return headers.map((header) => parsed.format(header)).join('');
}
