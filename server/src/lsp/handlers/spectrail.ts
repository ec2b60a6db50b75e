/** The requests of our own that the analysis answers; see protocol.ts. */
import { pathToFileURL } from 'node:url';
import { describePatch, expandedSpec, patchNodes, patchOrigins, patchReport, settledBy } from '../../core/ide/index.js';
import { listTargets } from '../../core/targets/index.js';
import {
  type DocumentKindParams, type DocumentKindResult, type ExpandedSpecParams, type ExpandedSpecResult, type PatchOrigin, type PatchOriginsParams, type PatchReport, type PatchReportParams, type TargetChoice, documentKindRequest, expandedSpecRequest,
  patchOriginsRequest, patchReportRequest, targetsRequest,
} from '../../protocol.js';
import { type HandlerContext, Refusal, defineHandler } from './handler.js';

export const expandedSpecHandler = defineHandler<ExpandedSpecParams, ExpandedSpecResult>({
  feature: 'expanded spec',
  method: expandedSpecRequest,
  urgency: 'interactive',
  capability: () => ({}),
  nothing: null,
  handle({ snapshot }, { target }) {
    const { target: used, text, lines, errors } = expandedSpec(snapshot, target);
    return { version: snapshot.version, target: used.id, targetLabel: used.label, text, lines, errors };
  },
});

export const patchOriginsHandler = defineHandler<PatchOriginsParams, PatchOrigin[]>({
  feature: 'patch origins',
  method: patchOriginsRequest,
  urgency: 'background',
  capability: () => ({}),
  nothing: [],
  handle: (context) => originsFor(context),
});

function originsFor(context: HandlerContext): PatchOrigin[] {
  return patchOrigins(context.snapshot).map((origin) => {
    const { patch, path, trace, decided, title } = origin;
    const decision = settledBy(decided);
    return {
      fileName: patch.fileName,
      number: patch.number,
      line: context.position(patch.span.start).line,
      ...(path === undefined ? {} : { uri: pathToFileURL(path).href }),
      ...(trace === undefined ? {} : { relation: trace.relation, claim: trace.claim }),
      title,
      detail: describePatch(origin, { says: trace === undefined && path !== undefined ? context.readPatch(path) : undefined }),
      children: patchNodes(trace, decided),
      ...(decision === undefined ? {} : { decision: decision.kind }),
    };
  });
}

declare const SPECTRAIL_VERSION: string;

export const patchReportHandler = defineHandler<PatchReportParams, PatchReport | null>({
  feature: 'patch report',
  method: patchReportRequest,
  urgency: 'background',
  capability: () => ({}),
  nothing: null,
  handle({ snapshot }, { format }) {
    if (!['markdown', 'json', 'cyclonedx'].includes(format)) throw new Refusal(`There is no report of the format '${String(format)}'; there are markdown, json and cyclonedx.`);
    return patchReport(snapshot, format, { version: typeof SPECTRAIL_VERSION === 'string' ? SPECTRAIL_VERSION : '0.0.0-dev', now: Date.now() });
  },
});

export const targetsHandler = defineHandler<{ readonly textDocument: { readonly uri: string } }, TargetChoice[]>({
  feature: 'targets',
  method: targetsRequest,
  urgency: 'interactive',
  capability: () => ({}),
  get nothing() {
    return choices([]);
  },
  handle: ({ snapshot }) => choices(snapshot.evaluations.map(({ target }) => target)),
});

function choices(chosen: readonly { readonly id: string; readonly label: string }[]): TargetChoice[] {
  const known = listTargets();
  // A target with an architecture of its own is in no list.
  const others = chosen.filter(({ id }) => !known.some((one) => one.id === id));
  return [...others, ...known].map(({ id, label }) => ({ id, label, chosen: chosen.some((one) => one.id === id), primary: chosen[0]?.id === id }));
}

/** Answered from the text alone, also for what is no spec. */
export const documentKindHandler = defineHandler<DocumentKindParams, DocumentKindResult>({
  feature: 'document kind',
  method: documentKindRequest,
  urgency: 'interactive',
  capability: () => ({}),
  nothing: null,
  handle: () => 'rpm-spec',
  handleOther: (text) => (/^\s*(?:#.*python|from\s+[\w.]+\s+import\s|import\s+\w|\w+\s*=\s*(?:Analysis|PYZ|EXE|COLLECT|BUNDLE)\()/m.test(text.slice(0, 20_000)) ? 'python' : 'other'),
});
