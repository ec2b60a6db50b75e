import type { MacroDefinition } from '../macros/index.js';
import type { Evaluation } from '../spec/index.js';
import { packageOfFile } from '../targets/index.js';
import type { Snapshot } from '../workspace/index.js';
import { code, codeBlock, shortened } from './markdown.js';
import { findDirective } from './reference/directives.js';

/** Longer values are cut: a hover is no place to read a script. */
const valueLimit = 600;
const bodyLimit = 1500;
/** Steps of a chain that are shown. */
const chainLimit = 8;

export interface MacroInQuestion {
  readonly name: string;
  /** In force where it is used. */
  readonly definition: MacroDefinition | undefined;
  /** What it became there; undefined where rpm did not come by. */
  readonly value: string | undefined;
}

/** Where a definition stands, in words. */
export function describeSite(snapshot: Snapshot, { site, name }: MacroDefinition, evaluation: Evaluation = snapshot.evaluation): string {
  switch (site.kind) {
    case 'builtin':
      return 'built into rpm';
    case 'target':
      return `a fact of ${evaluation.target.label}`;
    case 'command-line':
      return 'given on the command line';
    case 'settings':
      return `set in ${code(site.file)}`;
    case 'file': {
      const from = packageOfFile(evaluation.target, site.file);
      return `defined in ${code(site.file)}, line ${site.line + 1}${from === undefined ? '' : `, of ${code(from)}`}`;
    }
    case 'automatic':
      return 'defined by rpm while it reads the spec';
    case 'spec': {
      const line = snapshot.lines.lineAt(site.span.start) + 1;
      const event = evaluation.definitions.find(({ span, definition }) => definition.name === name && span.start === site.span.start);
      const how = event === undefined || event.by === 'tag' ? 'set' : `defined with \`%${event.by}\``;
      return `${how} in line ${line} of this spec`;
    }
  }
}

/** All that is known of a macro where it is used, as Markdown. */
export function describeMacro(snapshot: Snapshot, { name, definition, value }: MacroInQuestion): string {
  const builtin = findDirective(name);
  const parts: string[] = [];
  const isBuiltin = definition === undefined || definition.site.kind === 'builtin';
  const title = `**%${name}${definition?.options !== undefined ? `(${definition.options})` : ''}**`;
  if (value !== undefined && !(isBuiltin && builtin !== undefined && value === '')) parts.push(`${title} = ${code(shortened(value, valueLimit))}`);
  else parts.push(title);
  if (builtin !== undefined && isBuiltin) {
    parts.push(`${builtin.usage === '' ? '' : `${code(`${builtin.name} ${builtin.usage}`)}\n\n`}${builtin.text}${builtin.since === undefined ? '' : ` Since rpm ${builtin.since}.`}`);
  }
  if (definition === undefined) {
    if (builtin === undefined) parts.push(`Not defined for ${snapshot.evaluation.target.label}: rpm leaves it as it stands.`);
  } else {
    if (definition.site.kind !== 'builtin') parts.push(`${capital(describeSite(snapshot, definition))}.`);
    const { body } = definition;
    if (!isBuiltin && body !== value && body !== '') parts.push(codeBlock(shortened(body, bodyLimit)));
    const chain = chainOf(snapshot.evaluation, definition);
    if (chain.length > 0) parts.push(`With ${chain.join(', ')}.`);
    if (definition.tainted) parts.push('Its value rests on an answer that has not come yet.');
  }
  if (value === undefined && definition !== undefined && !isBuiltin) parts.push(`Not read for ${snapshot.evaluation.target.label} in this place.`);
  const others = otherTargets(snapshot, name, definition);
  if (others !== undefined) parts.push(others);
  if (builtin !== undefined && isBuiltin) parts.push(`[rpm's documentation](${builtin.source})`);
  return parts.join('\n\n');
}

/** The macros that a body leads through, each with its value: `%{dist}` = `.el9`. */
function chainOf(evaluation: Evaluation, definition: MacroDefinition): string[] {
  if (definition.literal || definition.options !== undefined || definition.site.kind === 'builtin') return [];
  const steps: string[] = [];
  const seen = new Set([definition.name]);
  const visit = (body: string): void => {
    for (const [, braced, bare] of body.matchAll(/(?<!%)(?:%%)*%(?:\{[?!]*([A-Za-z_]\w{2,})|([A-Za-z_]\w{2,}))/g)) {
      const name = braced ?? bare!;
      if (seen.has(name) || steps.length >= chainLimit) continue;
      seen.add(name);
      const inner = evaluation.lookup(name);
      if (inner === undefined || inner.options !== undefined || inner.site.kind === 'builtin') continue;
      steps.push(`\`%{${name}}\` = ${code(shortened(evaluation.expand(`%{${name}}`), 120))}`);
      if (!inner.literal) visit(inner.body);
    }
  };
  visit(definition.body);
  return steps;
}

/** Values for the other targets where they differ from the primary one's. */
function otherTargets(snapshot: Snapshot, name: string, definition: MacroDefinition | undefined): string | undefined {
  if (snapshot.evaluations.length < 2 || definition?.options !== undefined || /^([\d*#]|-\w)/.test(name)) return undefined;
  const values = snapshot.evaluations.map((evaluation) => (evaluation.lookup(name) === undefined ? undefined : evaluation.expand(`%{${name}}`)));
  if (values.every((value) => value === values[0])) return undefined;
  const rows = snapshot.evaluations.map(({ target }, i) => `| ${target.label} | ${values[i] === undefined ? 'not defined' : code(shortened(values[i], 80)).replaceAll('|', '\\|')} |`);
  return `| Target | Value at the end of the spec |\n| --- | --- |\n${rows.join('\n')}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
