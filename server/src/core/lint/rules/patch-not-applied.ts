import { type RuleContext, defineRule } from '../rule.js';

/** Reports a patch that the spec declares and no `%patch`, `%autosetup` or `%autopatch` applies. */
export const patchNotApplied = defineRule({
  id: 'patch-not-applied',
  group: 'correctness',
  severity: 'warning',
  summary: 'Report patches that are declared but never applied',
  sources: [{ tool: 'rpmlint', id: 'patch-not-applied', how: 'inspired' }],
  messages: {
    unapplied: {
      what: 'Patch{{number}} is declared but never applied.',
      why: 'rpmbuild packs the file into the source package and builds without it.',
      help: 'Apply it in %prep, or remove the tag.',
    },
  },
  check(context) {
    const { spec } = context;
    // Nobody knows what a %prep does that was not read.
    if (!spec.accepted && !spec.sections.some(({ name }, index) => name === 'prep' && index < spec.sections.length - 1)) return;
    const applied = new Set(spec.applications.map(({ number }) => number));
    const open = spec.patches.filter(({ number }) => !applied.has(number));
    if (open.length === 0) return;
    const mentioned = mentionedPatches(context);
    for (const { number, nameSpan } of open) if (!mentioned(number)) context.report({ at: nameSpan, message: 'unapplied', data: { number } });
  },
});

/**
 * Tells patches that the spec uses in a way that is no application for this target but is no oversight either: in a
 * branch that is false for this target, or handed to a program of its own (`%{PATCH3}`, `%{patches}`).
 */
function mentionedPatches({ spec, written }: RuleContext): (number: number) => boolean {
  const hidden = written.lines.filter(({ isSkipped, isComment }) => isSkipped && !isComment).map(({ text }) => text);
  const scripts = written.lines.filter(({ section, isComment, isHeader }) => section !== 'preamble' && section !== 'package' && section !== 'changelog' && section !== 'description' && !isComment && !isHeader).map(({ text }) => text);
  // %forgeautosetup, %goprep and their like come with macro packages that may not be known here.
  const unknownSetup = written.lines.some(({ section, text, isComment, isSkipped }) => {
    const name = section === 'prep' && !isComment && !isSkipped ? /^\s*%\{?(\w*(?:setup|prep|patch)\w*)/.exec(text)?.[1] : undefined;
    return name !== undefined && !/^(prep|setup|autosetup|autopatch|patch\d*)$/.test(name) && spec.lookup(name) === undefined;
  });
  const all =
    unknownSetup ||
    hidden.some((text) => /%\{?auto(setup|patch)\b/.test(text)) ||
    scripts.some((text) => /%\{?patches\b|rpm\.(?:patches)|\bRPM_SOURCE_DIR|%\{?_sourcedir/.test(text)) ||
    spec.macroUses.some(({ name }) => name === 'patches');
  return (number) => {
    if (all) return true;
    const used = new RegExp(String.raw`%\{?\??(?:PATCH${number}|P:${number})\b`);
    const applied = new RegExp(String.raw`%\{?patch0*${number}\b|%\{?patch\b.*(?:-P\s*|\s)0*${number}\b`);
    // Also within a macro that asks for a build condition: %{?with_x:%patch -P 3}.
    return scripts.some((text) => used.test(text) || applied.test(text)) || hidden.some((text) => applied.test(text));
  };
}
