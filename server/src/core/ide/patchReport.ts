import { type ReportedPatch, cycloneDx, traceJson } from '../patches/index.js';
import { type Snapshot, packagePatches } from '../workspace/index.js';
import { day } from './markdown.js';
import { describePatch, patchOrigins } from './patchOrigin.js';

export type ReportFormat = 'markdown' | 'json' | 'cyclonedx';

/** A report on the patches of a spec, out of what is known. */
export interface PatchReport {
  readonly text: string;
  /** Language of the text, as editors name them. */
  readonly language: 'markdown' | 'json';
  /** Patches that the report does not speak of, since they were not traced. */
  readonly untraced: number;
}

/** `version`: of this program. `now`: milliseconds since 1970-01-01 UTC. */
export function patchReport(snapshot: Snapshot, format: ReportFormat, { version, now }: { readonly version: string; readonly now: number }): PatchReport {
  const { evaluation, path, text } = snapshot;
  const origins = patchOrigins(snapshot);
  const untraced = origins.filter(({ trace }) => trace === undefined).length;
  const [main] = evaluation.packages;
  if (format === 'markdown') {
    const title = [main?.name, main?.version].filter((part) => part !== undefined && part !== '').join(' ');
    const parts = [`# Patches of ${title === '' ? 'this spec' : title}`, `As known on ${day(now / 1000)}.`, ...origins.map((origin) => `## Patch${origin.patch.number}\n\n${describePatch(origin)}`)];
    return { text: `${parts.join('\n\n')}\n`, language: 'markdown', untraced };
  }
  const applied = new Map(packagePatches(text, evaluation).map(({ fileName, order }) => [fileName, order !== undefined ? true : evaluation.accepted ? false : undefined]));
  const patches = origins.flatMap(({ patch, trace, decided }): ReportedPatch[] => (trace === undefined ? [] : [{ trace, applied: applied.get(patch.fileName), decisions: decided }]));
  const report = { package: { name: main?.name, version: main?.version, spec: path }, patches, differences: undefined };
  return { text: format === 'json' ? traceJson(report) : cycloneDx(report, version), language: 'json', untraced };
}
