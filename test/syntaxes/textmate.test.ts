import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import oniguruma from 'vscode-oniguruma';
import textmate, { type IGrammar, type IRawGrammar } from 'vscode-textmate';
import { root } from '../support/root.js';

/*
 * Each case is a spec with caret lines: under a line, carets below what is meant and the scopes every character there must have; one with a minus
 * sign must be absent. The editor's own grammars for shell and Lua are stood in for by two that only show that they are reached and cannot leak.
 */

const innerGrammars: Readonly<Record<string, IRawGrammar>> = {
  'source.shell': rawGrammar('source.shell', [
    { begin: "'", end: "'", name: 'string.quoted.single.shell' },
    { begin: '"', end: '"', name: 'string.quoted.double.shell' },
    { match: '\\b(?:if|then|fi|cat|echo)\\b', name: 'keyword.control.shell' },
  ]),
  'source.lua': rawGrammar('source.lua', [{ match: '\\b(?:local|print)\\b', name: 'keyword.control.lua' }]),
};

function rawGrammar(scopeName: string, patterns: object[]): IRawGrammar {
  return { scopeName, patterns, repository: {} } as unknown as IRawGrammar;
}

async function loadGrammar(): Promise<IGrammar> {
  const wasm = readFileSync(createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm'));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer);
  const path = `${root}/syntaxes/rpmspec.tmLanguage.json`;
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({ createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns), createOnigString: (text) => new oniguruma.OnigString(text) }),
    loadGrammar: async (scope) => (scope === 'source.rpmspec' ? textmate.parseRawGrammar(readFileSync(path, 'utf8'), path) : innerGrammars[scope] ?? null),
  });
  const grammar = await registry.loadGrammar('source.rpmspec');
  assert(grammar, 'the grammar loads');
  return grammar;
}

interface Line {
  readonly text: string;
  readonly number: number;
  readonly expectations: { readonly start: number; readonly end: number; readonly scopes: readonly string[] }[];
}

function readCase(file: string): Line[] {
  const lines: Line[] = [];
  readFileSync(file, 'utf8').split('\n').forEach((text, index) => {
    const carets = /^( *)(\^+) (.+)$/.exec(text);
    if (carets === null) {
      lines.push({ text, number: index + 1, expectations: [] });
      return;
    }
    const line = lines.at(-1);
    assert(line, `${file}:${index + 1}: carets under no line`);
    const start = carets[1]!.length;
    const end = start + carets[2]!.length;
    assert(end <= line.text.length, `${file}:${index + 1}: carets behind the end of the line`);
    line.expectations.push({ start, end, scopes: carets[3]!.trim().split(/\s+/) });
  });
  return lines;
}

const grammar = await loadGrammar();
const folder = `${root}/test/syntaxes/cases`;

for (const name of readdirSync(folder).sort()) {
  test(`TextMate scopes: ${name}`, () => {
    const lines = readCase(`${folder}/${name}`);
    assert(lines.some((line) => line.expectations.length > 0), 'a case expects something');
    let state = textmate.INITIAL;
    for (const { text, number, expectations } of lines) {
      const { tokens, ruleStack, stoppedEarly } = grammar.tokenizeLine(text, state);
      assert.equal(stoppedEarly, false);
      state = ruleStack;
      for (const { start, end, scopes } of expectations) {
        for (const token of tokens.filter((candidate) => candidate.startIndex < end && start < candidate.endIndex)) {
          for (const scope of scopes) {
            const wanted = !scope.startsWith('-');
            const prefix = wanted ? scope : scope.slice(1);
            const has = token.scopes.some((candidate) => candidate === prefix || candidate.startsWith(`${prefix}.`));
            assert.equal(has, wanted, `${name}:${number}: ${JSON.stringify(text.slice(token.startIndex, token.endIndex))} ${wanted ? 'lacks' : 'has'} ${prefix}; it has ${token.scopes.join(' ')}`);
          }
        }
      }
    }
  });
}
