import { defineRule } from '../rule.js';

/** Reports a dependency that the same package declares twice in the same words. */
export const duplicateDependency = defineRule({
  id: 'duplicate-dependency',
  group: 'style',
  severity: 'information',
  summary: 'Report dependencies that are declared twice',
  messages: {
    twice: { what: "'{{kind}}: {{dependency}}' is declared before.", why: 'One of the two will be forgotten when the other is changed.', help: 'Remove one of them.' },
  },
  check({ spec, text, report }) {
    for (const { dependencies } of spec.packages) {
      const seen = new Map<string, number>();
      for (const { kind, name, comparison, version, qualifiers, tag } of dependencies) {
        if (tag === undefined) continue;
        const { span, generated, valueSpan } = spec.tags[tag]!;
        if (generated || /%[({]*(?:lua|expand)|%\(/.test(text.slice(valueSpan.start, valueSpan.end))) continue;
        const dependency = comparison === undefined ? name : `${name} ${comparison} ${version}`;
        const key = `${kind}(${qualifiers.join(',')}): ${dependency}`;
        const before = seen.get(key);
        if (before === undefined) seen.set(key, tag);
        // Twice in one line is what a macro made of it, mostly.
        else if (before !== tag) report({ at: span, message: 'twice', data: { kind, dependency }, related: [{ span: spec.tags[before]!.span, message: 'It is declared here first.' }] });
      }
    }
  },
});
