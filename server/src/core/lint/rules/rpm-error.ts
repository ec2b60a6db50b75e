import type { Evaluation } from '../../spec/index.js';
import { defineRule } from '../rule.js';

/** Reports what rpm itself refuses, in rpm's words and at rpm's line. */
export const rpmError = defineRule({
  id: 'rpm-error',
  group: 'rpm',
  severity: 'error',
  summary: 'Report what rpm itself refuses',
  sources: [{ tool: 'rpmlint', id: 'specfile-error', how: 'same' }],
  messages: {
    refused: { what: '{{words}}', why: 'rpm refuses to read this spec.', help: 'Mend what rpm names; the words are its own.' },
    unknown: {
      what: "'%{{name}}' is not known for {{target}}, so what stands here cannot be read.",
      why: 'The macro comes with a package of the distribution: where that is installed, rpm may well read this spec.',
      help: 'Define the macro in spectrail.toml, or lint for a target that has it.',
    },
    unrun: {
      what: 'What stands here cannot be known without running it: {{words}}.',
      why: 'Nothing of a spec is run while it is read here.',
      help: 'Define the macro in spectrail.toml, or ignore this.',
    },
  },
  check({ spec, text, isJudgedElsewhere, report }) {
    const told = new Set<string>();
    for (const problem of spec.problems) {
      const { code, severity, message, span, related } = problem;
      if (code.startsWith('unsure/')) {
        // What only follows from a line that could not be read is told at that line.
        if (/a line before could not be read/.test(message)) continue;
        const name = unknownMacro(spec, text.slice(span.start, span.end));
        if (name === undefined) report({ at: span, message: 'unrun', severity: 'information', data: { words: message.replace(/^not sure, as /, '').replace(/\.$/, '') } });
        else if (!told.has(name)) report({ at: span, message: 'unknown', severity: 'information', data: { name, target: spec.target.label } });
        if (name !== undefined) told.add(name);
        continue;
      }
      // The line of an expression's error that only points at a place is part of the message above it.
      if (severity !== 'error' || isJudgedElsewhere(problem) || message.trim() === '^') continue;
      const name = unknownMacro(spec, `${text.slice(span.start, span.end)}\n${message}`);
      if (/not permitted in this context/.test(message)) report({ at: span, message: 'unrun', severity: 'information', data: { words: message } });
      else if (name !== undefined) report({ at: span, message: 'unknown', severity: 'information', data: { name, target: spec.target.label } });
      else report({ at: span, message: 'refused', data: { words: message }, ...(related && { related }) });
    }
  },
});

/** The first macro in a text that nobody defines, and that is no word of the spec language. */
function unknownMacro(spec: Evaluation, text: string): string | undefined {
  for (const [, name] of text.matchAll(/(?<!%)(?:%%)*%\{?[?!]*([A-Za-z_]\w{2,})/g)) {
    if (!specWords.has(name!) && spec.lookup(name!) === undefined) return name;
  }
  return undefined;
}

const specWords: ReadonlySet<string> = new Set([
  'if', 'ifarch', 'ifnarch', 'ifos', 'ifnos', 'elif', 'elifarch', 'elifos', 'else', 'endif', 'include', 'define', 'global', 'undefine', 'package', 'description', 'prep', 'generate_buildrequires', 'conf', 'build', 'install', 'check', 'clean',
  'files', 'changelog', 'pre', 'post', 'preun', 'postun', 'pretrans', 'posttrans', 'preuntrans', 'postuntrans', 'verifyscript', 'triggerin', 'triggerun', 'triggerprein', 'triggerpostun', 'filetriggerin', 'filetriggerun', 'filetriggerpostun',
  'transfiletriggerin', 'transfiletriggerun', 'transfiletriggerpostun', 'sourcelist', 'patchlist', 'sepolicy', 'policies', 'setup', 'patch', 'autosetup', 'autopatch', 'end', 'doc', 'license', 'config', 'attr', 'defattr', 'dir', 'ghost', 'exclude', 'verify', 'lang', 'caps', 'docdir', 'dev', 'artifact', 'readme', 'missingok', 'pubkey', 'dnl',
]);
