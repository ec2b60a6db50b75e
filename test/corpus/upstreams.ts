/**
 * For how many real specs an upstream repository is proposed, and by what: `npm run corpus:upstreams [-- --sample N] [--for TARGET] [FOLDER...]`.
 * With --sample, so many proposals, spread over all specs, to be judged by eye.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { ProposedUpstream } from '#server/core/patches/index.js';
import { KnownAnswers, evaluateWithAnswers } from '#server/core/spec/index.js';
import { findTarget } from '#server/core/targets/index.js';
import { decodeText } from '#server/core/text/index.js';
import { upstreamsOf } from '#server/core/workspace/index.js';
import { createSimulatedShell, loadLua } from '#server/node/index.js';
import { corpus } from '../support/root.js';

const { values, positionals } = parseArgs({ options: { sample: { type: 'string', default: '0' }, for: { type: 'string', default: 'fedora-41' } }, allowPositionals: true });
if (corpus === undefined && positionals.length === 0) {
  console.log('left out: no corpus of real specs (SPECTRAIL_CORPUS names one)');
  process.exit(0);
}
const found = findTarget(values.for);
if (!('target' in found)) throw new Error(found.message);
const { target } = found;
const shell = createSimulatedShell({ arch: target.arch, wordSize: 64, processors: 2 });
const known = new KnownAnswers();
const answerer = { shell: async (command: string) => (await shell(command, { isCancelled: false })).output, loadLua };

interface Count {
  specs: number;
  proposed: number;
  patched: number;
  patchedProposed: number;
}

const counts = new Map<string, Count>();
const reasons = new Map<string, number>();
const hosts = new Map<string, number>();
const proposals: { readonly name: string; readonly upstreams: readonly ProposedUpstream[] }[] = [];
for (const root of positionals.length > 0 ? positionals : readdirSync(join(corpus!, 'specs')).map((name) => join(corpus!, 'specs', name))) {
  const count: Count = { specs: 0, proposed: 0, patched: 0, patchedProposed: 0 };
  counts.set(basename(root), count);
  for (const name of readdirSync(root, { recursive: true }).map(String).filter((each) => each.endsWith('.spec')).sort()) {
    const path = join(root, name);
    const evaluation = await evaluateWithAnswers(decodeText(readFileSync(path)).text, { target, specName: basename(path), folder: '/package' }, known, answerer);
    const upstreams = upstreamsOf(evaluation);
    const hasPatches = evaluation.patches.length > 0;
    count.specs++;
    if (hasPatches) count.patched++;
    if (upstreams.length === 0) continue;
    count.proposed++;
    if (hasPatches) count.patchedProposed++;
    const why = upstreams[0]!.why.replace(/\d+$/, '').replace(/%\{.*\}/, 'a macro');
    reasons.set(why, (reasons.get(why) ?? 0) + 1);
    const host = new URL(upstreams[0]!.location).host;
    hosts.set(host, (hosts.get(host) ?? 0) + 1);
    proposals.push({ name: relative(root, path), upstreams });
  }
}
const share = (part: number, whole: number): string => `${part} of ${whole} (${((100 * part) / Math.max(whole, 1)).toFixed(1)} %)`;
for (const [name, { specs, proposed, patched, patchedProposed }] of counts) console.log(`${name.padEnd(12)} an upstream is proposed for ${share(proposed, specs)} specs; for ${share(patchedProposed, patched)} of those with patches`);
const list = (map: ReadonlyMap<string, number>, most: number): string => [...map].sort((a, b) => b[1] - a[1]).slice(0, most).map(([key, value]) => `${key} ${value}`).join(', ');
console.log(`by: ${list(reasons, 12)}`);
console.log(`at: ${list(hosts, 16)}`);
const sample = Number(values.sample);
for (let i = 0; i < sample && proposals.length > 0; i++) {
  const { name, upstreams } = proposals[Math.floor((i * proposals.length) / sample)]!;
  console.log(`${name}: ${upstreams.map(({ location, why }) => `${location} (${why})`).join(', ')}`);
}
