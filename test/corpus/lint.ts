/**
 * Lints the real specs: `npm run corpus:lint [-- --rule ID] [--sample N] [--for TARGET] [FOLDER...]`. Prints findings of each rule per 1,000 specs,
 * crashes and the slowest specs; with --rule (an id, or `all`), a sample of that rule's findings with their lines, to be looked at by eye.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Finding, lint, rules } from '#server/core/lint/index.js';
import { defaultSettings } from '#server/core/settings.js';
import { KnownAnswers, evaluateWithAnswers } from '#server/core/spec/index.js';
import { findTarget } from '#server/core/targets/index.js';
import { LineIndex, decodeText } from '#server/core/text/index.js';
import { noFacts } from '#server/core/workspace/index.js';
import { createSimulatedShell, loadLua } from '#server/node/index.js';
import { corpus } from '../support/root.js';

const { values, positionals } = parseArgs({ options: { rule: { type: 'string' }, sample: { type: 'string', default: '40' }, for: { type: 'string', default: 'fedora-41' }, every: { type: 'string', default: '1' } }, allowPositionals: true });
if (corpus === undefined && positionals.length === 0) {
  console.log('left out: no corpus of real specs (SPECTRAIL_CORPUS names one)');
  process.exit(0);
}
const found = findTarget(values.for);
if (!('target' in found)) throw new Error(found.message);
const { target } = found;
const folders = positionals.length > 0 ? positionals : [join(corpus!, 'specs')];
const specs = folders.flatMap((folder) => readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith('.spec')).map((name) => join(folder, name))).sort().filter((_, index) => index % Number(values.every) === 0);

const shell = createSimulatedShell({ arch: target.arch, wordSize: 64, processors: 2 });
const known = new KnownAnswers();
const answerer = { shell: async (command: string) => (await shell(command, { isCancelled: false })).output, loadLua };
const counts = new Map<string, { findings: number; specs: number }>();
const samples = new Map<string, string[]>();
const slow: { readonly name: string; readonly evaluation: number; readonly lint: number }[] = [];
const failures: string[] = [];
let total = 0;

for (const path of specs) {
  const { text, encoding } = decodeText(readFileSync(path));
  const start = performance.now();
  const evaluation = await evaluateWithAnswers(text, { target, specName: basename(path), folder: '/package' }, known, answerer);
  const evaluated = performance.now();
  const lines = new LineIndex(text);
  const log = { error: (message: string) => void failures.push(message), warn() {}, info() {}, debug() {} };
  const findings: readonly Finding[] = lint({ uri: path, path, text, encoding, lines, evaluations: [evaluation], evaluation, facts: noFacts, settings: defaultSettings }, { log });
  const done = performance.now();
  slow.push({ name: basename(path), evaluation: evaluated - start, lint: done - evaluated });
  total += findings.length;
  for (const rule of new Set(findings.map((finding) => finding.rule))) {
    const own = findings.filter((finding) => finding.rule === rule);
    const count = counts.get(rule) ?? { findings: 0, specs: 0 };
    counts.set(rule, { findings: count.findings + own.length, specs: count.specs + 1 });
    if (rule !== values.rule && values.rule !== 'all') continue;
    const list = samples.get(rule) ?? [];
    samples.set(rule, list);
    for (const { span, message, severity } of own.slice(0, 2)) list.push(`${basename(path)}:${lines.lineAt(span.start) + 1}: ${severity}: ${message}\n    ${text.slice(lines.lineSpan(lines.lineAt(span.start)).start, lines.lineSpan(lines.lineAt(span.start)).end).trimEnd()}`);
  }
}

const perThousand = (count: number) => ((count * 1000) / specs.length).toFixed(1).padStart(8);
console.log(`${specs.length} specs for ${target.id}: ${total} findings`);
console.log(' findings    specs  per 1,000 specs');
for (const { id, severity } of [...rules].sort((a, b) => (counts.get(b.id)?.specs ?? 0) - (counts.get(a.id)?.specs ?? 0))) {
  const { findings, specs: having } = counts.get(id) ?? { findings: 0, specs: 0 };
  console.log(`${perThousand(findings)} ${perThousand(having)}  ${severity.padEnd(11)} ${id}`);
}
const sum = (of: 'evaluation' | 'lint') => slow.reduce((all, one) => all + one[of], 0);
console.log(`evaluation ${(sum('evaluation') / specs.length).toFixed(2)} ms a spec, lint ${(sum('lint') / specs.length).toFixed(2)} ms a spec`);
console.log(`slowest: ${slow.sort((a, b) => b.evaluation + b.lint - a.evaluation - a.lint).slice(0, 5).map(({ name, evaluation, lint: linting }) => `${name} ${evaluation.toFixed(0)}+${linting.toFixed(0)} ms`).join(', ')}`);
if (failures.length > 0) console.log(`FAILED RULES:\n${[...new Set(failures.map((failure) => failure.split('\n').slice(0, 3).join(' ')))].slice(0, 10).join('\n')}`);
for (const [rule, list] of samples) {
  const step = Math.max(1, Math.floor(list.length / Number(values.sample)));
  console.log(`\n== ${rule}\n${list.filter((_, index) => index % step === 0).slice(0, Number(values.sample)).join('\n')}`);
}
