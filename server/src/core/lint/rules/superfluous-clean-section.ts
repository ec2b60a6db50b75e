import { defineRule } from '../rule.js';

/** Reports a `%clean` section that only removes the build root, which rpm does by itself. */
export const superfluousCleanSection = defineRule({
  id: 'superfluous-clean-section',
  group: 'style',
  severity: 'information',
  summary: 'Report %clean sections that do what rpm does anyway',
  sources: [{ tool: 'rpmlint', id: 'superfluous-%clean-section', how: 'inspired' }],
  messages: {
    superfluous: { what: 'This %clean section does what rpm does by itself.', why: 'rpm has removed the build root by itself since version 4.8.', help: 'Remove the section.' },
  },
  check({ spec, report }) {
    for (const { name, headerSpan, text, generated } of spec.sections) {
      if (name !== 'clean' || generated) continue;
      const commands = text.split('\n').map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
      if (commands.every((command) => /^(?:\[[^\]]*\]\s*&&\s*)?(?:\S*\/)?rm\s+-[rf]+\s+(?:"?(?:\$\{?RPM_BUILD_ROOT\}?|%\{?buildroot\}?|\/\S*BUILDROOT\S*)"?)$/i.test(command))) report({ at: headerSpan, message: 'superfluous' });
    }
  },
  fix: {
    safety: 'safe',
    title: 'Remove the section',
    edits({ at }, { spec, text }) {
      const section = spec.sections.find(({ headerSpan }) => headerSpan.start === at.start);
      // Conditionals inside would be torn apart, and comments may belong to what follows.
      return section === undefined || /^\s*(%(if|elif|else|endif)|#)/m.test(text.slice(section.span.start, section.span.end)) ? undefined : [{ span: section.span, text: '' }];
    },
  },
});
