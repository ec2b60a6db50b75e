import { defineRule } from '../rule.js';

/** Reports a patch that %prep applies more than once: `%autosetup` and then `%patch`. */
export const patchAppliedTwice = defineRule({
  id: 'patch-applied-twice',
  group: 'correctness',
  severity: 'error',
  summary: 'Report patches that are applied twice',
  messages: {
    twice: {
      what: 'Patch{{number}} is applied again here, after {{first}} did it.',
      why: 'A patch does not apply to a tree that has it already, so %prep fails.',
      help: "Remove this line, or give %autosetup '-N' so that it applies nothing.",
    },
  },
  check({ spec, report }) {
    const first = new Map<string, (typeof spec.applications)[number]>();
    for (const application of spec.applications) {
      const { number, reverse, by, span } = application;
      const key = `${number}${reverse ? ' reverse' : ''}`;
      const before = first.get(key);
      if (before === undefined) {
        first.set(key, application);
        // Taking a patch out again makes room for it.
        first.delete(`${number}${reverse ? '' : ' reverse'}`);
      } else if (isAutomatic(before.by) !== isAutomatic(by)) {
        // Applied by hand twice is meant, in two folders; applied by hand and by a macro for all is not.
        report({ at: span, message: 'twice', data: { number, first: `%${before.by.replace(/^%/, '')}` }, related: [{ span: before.span, message: `Patch${number} is applied here first.` }] });
      }
    }
  },
});

function isAutomatic(by: string): boolean {
  return /^%?auto(setup|patch)$/.test(by);
}
