/** What `rpmspec -q` prints for an evaluation. */
import { type Header, packageHeaders, sourceHeader } from './header.js';
import { SpecEvaluation } from './evaluation.js';
import type { Evaluation } from './model.js';
import { QueryFormatError, parseQueryFormat } from './queryFormat.js';

export interface Query {
  /** `rpms`: every package; `builtrpms`: those with %files; `srpm`: the source package. */
  readonly of: 'rpms' | 'builtrpms' | 'srpm';
  /** A query format; the default one, a package's name with version, release and architecture, where undefined. */
  readonly format?: string;
}

export interface QueryResult {
  readonly text: string;
  /** What is wrong with the format, once for each package that it fails for: rpm prints nothing for these. */
  readonly errors: readonly string[];
}

/** The text for each package, one after the other. */
export function query(evaluation: Evaluation, { of, format = '%{nvr}%{archsuffix}\\n' }: Query): QueryResult {
  if (!(evaluation instanceof SpecEvaluation)) throw new TypeError('not an evaluation of this room');
  const headers: Header[] = of === 'srpm' ? [sourceHeader(evaluation)] : packageHeaders(evaluation).flatMap(({ header, hasFiles }) => (of === 'rpms' || hasFiles ? [header] : []));
  const errors: string[] = [];
  let text = '';
  for (const header of headers) {
    try {
      text += parseQueryFormat(format).format(header);
    } catch (error) {
      if (!(error instanceof QueryFormatError)) throw error;
      errors.push(`incorrect format: ${error.message}`);
    }
  }
  return { text, errors };
}
