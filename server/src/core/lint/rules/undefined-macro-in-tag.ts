import { nearest } from '../../text/index.js';
import { defineRule } from '../rule.js';

/** Reports a macro in a tag that nobody defines, where the spec itself shows that this is a mistake. */
export const undefinedMacroInTag = defineRule({
  id: 'undefined-macro-in-tag',
  group: 'correctness',
  severity: 'error',
  summary: 'Report macros in tags that are not defined',
  sources: [{ tool: 'rpmlint', id: 'unexpanded-macro', how: 'inspired' }],
  judges: ['rpm-warning/unexpanded-macro'],
  messages: {
    later: {
      what: "'{{name}}' is only defined further down.",
      why: 'rpm reads from top to bottom: here the macro stands unexpanded in the tag.',
      help: 'Move the definition above its first use.',
    },
    misspelt: {
      what: "'{{name}}' is not defined; did you mean '{{guess}}'?",
      why: 'rpm leaves an unknown macro as it stands, percent sign and all.',
      help: 'Mend the name.',
    },
    hidden: {
      what: "'{{name}}' is only defined in a branch that is not read here.",
      why: 'rpm leaves an unknown macro as it stands, percent sign and all.',
      help: "Define it for this target as well, or write '%{?{{name}}}'.",
    },
    unknown: {
      what: "'{{name}}' is not defined in this spec or for this target.",
      why: 'Where no package of the build brings the macro, rpm leaves it as it stands, percent sign and all.',
      help: "Define it, or write '%{?{{name}}}' where it may be absent.",
    },
  },
  check({ spec, text, lines, written, report }) {
    const incomplete = spec.tags.filter((tag) => tag.incomplete && !tag.generated);
    if (incomplete.length === 0) return;
    const definitions = spec.definitions.filter(({ by }) => by !== 'undefine');
    const unknown = new Set<string>();
    const names = new Set(definitions.map(({ definition }) => definition.name));
    // Nearly every use has a definition: the few others are picked out once, not for every tag.
    const undefinedUses = spec.macroUses.filter(({ name, definition, conditional }) => definition === undefined && !conditional && !isPositional(name));
    const guesses = guessesAmong(names);
    const guessFor = (name: string): string | undefined => {
      if (!guesses.has(name)) {
        // Names that differ by a number alone are siblings, and no slip of the pen.
        const others = [...names].filter((other) => other.replace(/\d+/g, '') !== name.replace(/\d+/g, ''));
        guesses.set(name, name.length > 4 ? nearest(name, others, 1) : undefined);
      }
      return guesses.get(name);
    };
    const hiddenAt = new Map<string, number>();
    const hiddenIndex = (name: string): number => {
      let index = hiddenAt.get(name);
      if (index === undefined) hiddenAt.set(name, (index = definitionOf(name, text)));
      return index;
    };
    for (const tag of incomplete) {
      for (const { name, span } of undefinedUses) {
        if (span.start < tag.valueSpan.start || span.end > tag.valueSpan.end) continue;
        const later = definitions.find((event) => event.definition.name === name && event.span.start > span.start);
        if (later !== undefined) {
          report({ at: span, message: 'later', data: { name }, related: [{ span: later.nameSpan, message: 'It is defined here.' }] });
          continue;
        }
        const hidden = hiddenIndex(name);
        if (hidden >= 0 && written.at(hidden, lines).isSkipped) {
          report({ at: span, message: 'hidden', severity: 'warning', data: { name } });
          continue;
        }
        // A macro that is unknown itself, and stops the reading, may define what it likes.
        const guess = spec.accepted ? guessFor(name) : undefined;
        if (guess !== undefined) report({ at: span, message: 'misspelt', data: { name, guess } });
        else if (unknown.has(name)) continue;
        // Macro packages that only exist where the package is built define many a macro that is unknown here.
        else {
          // One use tells; the others are as unknown.
          unknown.add(name);
          report({ at: span, message: 'unknown', severity: 'hint', data: { name } });
        }
      }
    }
  },
});

/** What was guessed last, by the names there were to guess from: they seldom change while a person types elsewhere. */
let lastGuesses: { readonly names: string; readonly guesses: Map<string, string | undefined> } | undefined;

function guessesAmong(names: ReadonlySet<string>): Map<string, string | undefined> {
  const key = [...names].join(' ');
  if (lastGuesses?.names !== key) lastGuesses = { names: key, guesses: new Map() };
  return lastGuesses.guesses;
}

/** Where a text first says %define or %global of a name; -1 where it nowhere does. Much quicker than a pattern, since most names are rare. */
function definitionOf(name: string, text: string): number {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    if (/^\w/.test(text.slice(at + name.length, at + name.length + 1))) continue;
    let end = at;
    while (end > 0 && /\s/.test(text[end - 1]!)) end--;
    if (end < at && (text.endsWith('%define', end) || text.endsWith('%global', end))) return end - '%define'.length;
  }
  return -1;
}

function isPositional(name: string): boolean {
  return !/^[A-Za-z_]/.test(name);
}
