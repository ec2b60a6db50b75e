import { defineRule } from '../rule.js';

/** Reports a spec that has files to package and no %install, or sources to unpack and no %prep. */
export const missingSection = defineRule({
  id: 'missing-section',
  group: 'suspicious',
  severity: 'warning',
  summary: 'Report missing %prep and %install',
  sources: [{ tool: 'rpmlint', id: 'no-%prep-section', how: 'inspired' }, { tool: 'rpmlint', id: 'no-%install-section', how: 'inspired' }],
  messages: {
    prep: { what: 'There are archives and no %prep section.', why: 'Nothing unpacks them.', help: 'Add %prep with %autosetup.' },
    install: { what: 'There are files to package and no %install section.', why: 'The build root stays empty, so the files are not found.', help: 'Add %install, and put the files into %{buildroot} there.' },
  },
  check({ spec, report }) {
    if (!spec.accepted || spec.tags.some(({ name }) => name === 'BuildSystem')) return;
    const has = (name: string) => spec.sections.some((section) => section.name === name);
    const at = spec.tags.find(({ name }) => name === 'Name')?.nameSpan;
    if (at === undefined) return;
    const files = spec.sections.filter(({ name, text, arguments: rest }) => name === 'files' && (/(^|\s)-f\s/.test(rest) || text.split('\n').some((line) => /^\s*(?!#|%(?:if|else|endif|doc|license|ghost|dir\s*$|defattr|exclude))\S/.test(line))));
    if (!has('install') && files.length > 0) report({ at, message: 'install' });
    if (!has('prep') && !has('build') && has('install') && spec.sources.some(({ fileName }) => /\.(tar(\.\w+)?|t[gbx]z2?|zip)$/i.test(fileName))) {
      const unpacks = spec.sections.some(({ name, text }) => name === 'install' && /\b(tar|unzip|bsdtar|cpio)\b/.test(text));
      if (!unpacks) report({ at, message: 'prep' });
    }
  },
});
