import { defineRule } from '../rule.js';

/** Reports a spec that is not UTF-8, at its first byte that is not. */
export const nonUtf8SpecFile = defineRule({
  id: 'non-utf8-spec-file',
  group: 'correctness',
  severity: 'warning',
  summary: 'Report specs that are not UTF-8',
  per: 'spec',
  sources: [{ tool: 'rpmlint', id: 'non-utf8-spec-file', how: 'same' }],
  messages: {
    byte: { what: 'This spec is not UTF-8; the first byte that is not is 0x{{byte}}.', why: 'rpm refuses or spoils text in other encodings, and tools show it wrong.', help: 'Convert the file with iconv, naming the encoding it was written in.' },
  },
  check({ encoding, text, report }) {
    if (encoding === 'utf-8') return;
    const at = text.search(/[^\x00-\x7f]/);
    if (at >= 0) report({ at: { start: at, end: at + 1 }, message: 'byte', data: { byte: text.charCodeAt(at).toString(16) } });
  },
});
