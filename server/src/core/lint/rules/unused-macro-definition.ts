import { defineRule } from '../rule.js';

/** Reports a macro that the spec defines and nobody uses. */
export const unusedMacroDefinition = defineRule({
  id: 'unused-macro-definition',
  group: 'style',
  severity: 'hint',
  summary: 'Report macros that are defined and never used',
  per: 'spec',
  messages: {
    unused: { what: "The macro '{{name}}' is defined and never used.", why: 'Whoever reads the spec looks for its use in vain.', help: 'Remove the definition.' },
  },
  check({ specs, text, report }) {
    const [spec] = specs;
    // A macro that is unknown here may come with a package, and its body may use anything.
    if (spec === undefined || specs.some(({ macroUses }) => macroUses.some(({ definition, conditional, value }) => definition === undefined && !conditional && value !== undefined))) return;
    for (const { definition, by, nameSpan } of spec.definitions) {
      const { name } = definition;
      if ((by !== 'define' && by !== 'global') || text.slice(nameSpan.start, nameSpan.end) !== name) continue;
      // Names that begin with an underscore, or that a distribution defines too, are read by rpm's own macros; short lists of such exist nowhere.
      if (name.startsWith('_') || isReadElsewhere.test(name) || !/^\w+$/.test(name) || !isThereOnce(text, name)) continue;
      report({ at: nameSpan, message: 'unused', data: { name } });
    }
  },
});

/** Whether a word stands in a text once, and no more. */
function isThereOnce(text: string, word: string): boolean {
  let count = 0;
  for (let at = text.indexOf(word); at >= 0 && count < 2; at = text.indexOf(word, at + word.length)) if (!isWord(text.charCodeAt(at - 1)) && !isWord(text.charCodeAt(at + word.length))) count++;
  return count === 1;
}

/** A letter, digit or underscore, as `\w` has it; not the NaN before and behind a text. */
function isWord(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57) || unit === 95;
}

/** Macros that tools around rpm read: build flags, dependency generators, language ecosystems. */
const isReadElsewhere = /^(debug_package|dist|source_date|use_source_date|clamp_|build_|optflags|undefine|packager|vendor|distribution|python|py3?_|pypi|gem|go|forge|commit|tag|scm|branch|crate|cargo|rust|font|tex|php|pear|pecl|nodejs|npm|perl|ruby|lua_|java|maven|kmod|kernel|debuginfo|find_|toolchain|cmake|meson|ghc|hackage|pkg_?name|nsapi|source_|bcond_|with_|without_|enable_|disable_|buildsubdir|autorelease|baserelease|fontname|common_desc|ldflags|sbat|efi|selinux|sha\d|sphinx|devel|upstream|global_|gpg|license|url|provider|project|repo|import_path|shortcommit|gittag|date|prerelease|snapshot|archive|distprefix)/i;
