/**
 * Writes what is derived from the rules and the schema of settings: `npm run generate`. A test fails while one of these
 * files is stale, so they are committed and nobody edits them by hand.
 */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root, run } from './install.mjs';

const rulesFolder = 'server/src/core/lint/rules';

/** The module that carries the rules' pages into the bundle. */
export function rulePages() {
  const pages = readdirSync(`${root}/${rulesFolder}`).filter((name) => name.endsWith('.md')).sort();
  const entries = pages.map((name) => `  ${JSON.stringify(name.slice(0, -3))}: ${JSON.stringify(readFileSync(`${root}/${rulesFolder}/${name}`, 'utf8'))},\n`);
  return `/** The rules' pages, from the .md files beside this one. Generated: run \`npm run generate\`. */
const pages: Readonly<Record<string, string>> = {
${entries.join('')}};

/** The page of a rule, as Markdown; undefined for a rule that does not exist. */
export function rulePage(id: string): string | undefined {
  return Object.hasOwn(pages, id) ? pages[id] : undefined;
}
`;
}

/** Every generated file by its path, from the built server. */
export async function generated() {
  const built = (file) => import(pathToFileURL(`${root}/server/out/core/${file}`).href);
  const { schema, editorKey, settingValue, defaultSettings } = await built('settings.js');
  const { rules } = await built('lint/index.js');
  const { listTargets } = await built('targets/index.js');
  const { traceSchema } = await built('patches/index.js');
  const targets = listTargets().map(({ id }) => id);
  const sorted = [...rules].sort((a, b) => (a.id < b.id ? -1 : 1));
  const plain = (text) => text.replaceAll('`', '');

  const ruleProperties = (describe) =>
    Object.fromEntries(sorted.map(({ id, severity, summary }) => [id, { type: 'string', enum: [...severities, 'off'], default: severity, ...describe(summary) }]));
  const severities = ['error', 'warning', 'information', 'hint'];

  /** JSON Schema of one setting. VS Code reads `markdownDescription`, others `description`. */
  const schemaOf = ({ key, type, description }, forEditor) => {
    const words = forEditor ? { markdownDescription: description } : { description: plain(description) };
    const start = { ...words, default: settingValue(defaultSettings, key) };
    switch (type.kind) {
      case 'text':
        return { type: 'string', ...start };
      case 'choice':
        return { type: 'string', enum: [...type.of], ...start };
      case 'list':
        return { type: 'array', items: { type: 'string', ...(type.names === 'targets' && { examples: targets }) }, ...start };
      case 'table':
        if (type.names === 'rules') return { type: 'object', ...start, properties: ruleProperties((summary) => ({ description: summary })), additionalProperties: false };
        return { type: 'object', additionalProperties: { type: forEditor ? 'string' : ['string', 'number'] }, ...start };
    }
  };

  const jsonSchema = { $schema: 'http://json-schema.org/draft-07/schema#', title: 'spectrail.toml', description: 'Settings of Spectrail for the package in this folder and the folders below it.', type: 'object', additionalProperties: false, properties: {} };
  for (const setting of schema) {
    const [first, second] = setting.key.split('.');
    if (second === undefined) jsonSchema.properties[first] = schemaOf(setting, false);
    else (jsonSchema.properties[first] ??= { type: 'object', additionalProperties: false, properties: {} }).properties[second] = schemaOf(setting, false);
  }

  const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  manifest.contributes ??= {};
  const own = Object.entries(manifest.contributes.configuration?.properties ?? {}).filter(([, value]) => value.scope === 'window' || value.scope === 'machine' || value.scope === 'application');
  manifest.contributes.configuration = {
    title: 'Spectrail',
    properties: {
      ...Object.fromEntries(schema.filter(({ inEditor }) => inEditor).map((setting) => [`spectrail.${editorKey(setting.key)}`, { scope: 'resource', ...schemaOf(setting, true) }])),
      // Settings of the extension itself (scope window, machine, application) are not the server's and stay as they are.
      ...Object.fromEntries(own),
    },
  };

  const settingSections = schema.map(({ key, description, example, inEditor }) => {
    const value = settingValue(defaultSettings, key);
    const editor = inEditor ? `\`spectrail.${editorKey(key)}\`` : 'not in the editor';
    return `## \`${key}\`\n\n${description}\n\nDefault: \`${JSON.stringify(value)}\` · in VS Code: ${editor}\n\n\`\`\`toml\n${example}\n\`\`\`\n`;
  });
  const settingsPage = `<!-- Generated from server/src/core/settings.ts: run \`npm run generate\`. -->
# Settings

Settings stand in a file \`spectrail.toml\` in the package's folder or in any folder above it; the nearest one counts. The
editor and the command line read the same file. In VS Code the same settings exist as \`spectrail.*\`; where both speak,
the file wins, so that everybody who works on a package sees the same findings.

A setting that does not exist, or a value of the wrong type, is reported with its file and line, and the other settings
hold. No setting can switch on a shell, the network or another \`git\`: a package's settings are input like the rest of it.

The JSON Schema is \`schemas/spectrail.schema.json\`; editors with TOML support take it from a first line
\`#:schema PATH-TO/spectrail.schema.json\`.

${settingSections.join('\n')}`;

  const fixWord = ({ fix }) => (fix === undefined ? '' : fix.safety);
  const sourceWords = ({ sources = [] }) => sources.map(({ tool, id, how }) => `${tool} \`${id}\`${how === 'same' ? '' : ' (inspired by)'}`).join(', ');
  const rulesPage = `<!-- Generated from server/src/core/lint/rules: run \`npm run generate\`. -->
# Lint rules

Each rule has a page that says what it reports, why, and what to do, with examples; \`spectrail lint --explain RULE\` prints it.
"Fix" says whether \`spectrail lint --fix\` (safe) or \`--fix-unsafe\` can mend it.

| rule | group | severity | fix | what it reports | known from |
| --- | --- | --- | --- | --- | --- |
${sorted.map((rule) => `| [\`${rule.id}\`](../${rulesFolder}/${rule.id}.md) | ${rule.group} | ${rule.severity} | ${fixWord(rule)} | ${rule.summary} | ${sourceWords(rule)} |`).join('\n')}
`;

  return new Map([
    [`${rulesFolder}/pages.ts`, rulePages()],
    ['schemas/spectrail.schema.json', `${JSON.stringify(jsonSchema, null, 2)}\n`],
    ['schemas/trace.schema.json', `${JSON.stringify(traceSchema, null, 2)}\n`],
    ['package.json', `${JSON.stringify(manifest, null, 2)}\n`],
    ['docs/settings.md', settingsPage],
    ['docs/rules.md', rulesPage],
  ]);
}

if (process.argv[1] === new URL(import.meta.url).pathname) {
  // The pages are compiled in, so they come first.
  writeFileSync(`${root}/${rulesFolder}/pages.ts`, rulePages());
  run(process.execPath, ['node_modules/typescript/bin/tsc', '-b', 'server/src/core']);
  for (const [file, text] of await generated()) {
    mkdirSync(dirname(`${root}/${file}`), { recursive: true });
    writeFileSync(`${root}/${file}`, text);
  }
}
