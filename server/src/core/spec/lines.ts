/** What rpm recognises at the start of a line: conditionals, %include, section headers (parseSpec.c). */
import { isAlpha, isBlank, isSpace } from './characters.js';

export type Directive = 'if' | 'ifarch' | 'ifnarch' | 'ifos' | 'ifnos' | 'elif' | 'elifarch' | 'elifos' | 'else' | 'endif' | 'include';

export interface LineType {
  readonly directive: Directive;
  /** With the percent sign. */
  readonly text: string;
  readonly takesArguments: boolean;
  /** Directives of the same conditional that may not stand before it. `endif` stands for there being no `%if`. */
  readonly wrongBefore: readonly Directive[];
  /** First rpm version that knows it. */
  readonly since?: string;
}

const lineTypes: readonly LineType[] = [
  { directive: 'endif', text: '%endif', takesArguments: false, wrongBefore: ['endif'] },
  { directive: 'else', text: '%else', takesArguments: false, wrongBefore: ['endif', 'else'] },
  { directive: 'if', text: '%if', takesArguments: true, wrongBefore: [] },
  { directive: 'ifarch', text: '%ifarch', takesArguments: true, wrongBefore: [] },
  { directive: 'ifnarch', text: '%ifnarch', takesArguments: true, wrongBefore: [] },
  { directive: 'ifos', text: '%ifos', takesArguments: true, wrongBefore: [] },
  { directive: 'ifnos', text: '%ifnos', takesArguments: true, wrongBefore: [] },
  { directive: 'include', text: '%include', takesArguments: true, wrongBefore: [] },
  { directive: 'elifarch', text: '%elifarch', takesArguments: true, wrongBefore: ['endif', 'else'], since: '4.15' },
  { directive: 'elifos', text: '%elifos', takesArguments: true, wrongBefore: ['endif', 'else'], since: '4.15' },
  { directive: 'elif', text: '%elif', takesArguments: true, wrongBefore: ['endif', 'else'], since: '4.15' },
];

/** The directive that begins at `at` (behind leading blanks), or undefined. */
export function lineTypeAt(text: string, at: number): LineType | undefined {
  if (text.charCodeAt(at) !== 37) return undefined;
  const second = text.charCodeAt(at + 1);
  // Only `e` and `i` begin a directive.
  if (second !== 101 && second !== 105) return undefined;
  for (const type of lineTypes) {
    if (!text.startsWith(type.text, at)) continue;
    const next = at + type.text.length < text.length ? text.charCodeAt(at + type.text.length) : 0;
    // An argument must be set off by a blank: `%if(1)` is none, and neither is `%if` with only a line break behind it.
    if (type.takesArguments ? isBlank(next) || next === 0 : !isAlpha(next)) return type;
  }
  return undefined;
}

export function isIf(directive: Directive): boolean {
  return directive === 'if' || directive === 'ifarch' || directive === 'ifnarch' || directive === 'ifos' || directive === 'ifnos';
}

export function isElif(directive: Directive): boolean {
  return directive === 'elif' || directive === 'elifarch' || directive === 'elifos';
}

/** Section names rpm knows, without the percent sign, and the version that brought those that were not always there. */
const sections: Readonly<Record<string, string>> = {
  package: '', prep: '', generate_buildrequires: '4.15', conf: '4.18', build: '', install: '', check: '', clean: '', preun: '', postun: '', pretrans: '', posttrans: '',
  preuntrans: '4.19', postuntrans: '4.19', pre: '', post: '', files: '', changelog: '', description: '', triggerpostun: '', triggerprein: '', triggerun: '', triggerin: '',
  trigger: '', verifyscript: '', sepolicy: '', filetriggerin: '', filetrigger: '', filetriggerun: '', filetriggerpostun: '', transfiletriggerin: '', transfiletrigger: '',
  transfiletriggerun: '', transfiletriggerpostun: '', end: '', patchlist: '4.15', sourcelist: '4.15',
};

export const sectionNames: readonly string[] = Object.keys(sections);

/** The section that a line opens: its name in small letters, or undefined. `isKnown` decides by version. */
export function sectionOf(line: string, isKnown: (since: string) => boolean): string | undefined {
  if (line.charCodeAt(0) !== 37) return undefined;
  let end = 1;
  while (end < line.length && !isSpace(line.charCodeAt(end))) end++;
  // The longest name has 22 characters; long words are not worth a conversion.
  if (end > 24) return undefined;
  const name = line.slice(1, end).toLowerCase();
  if (!Object.hasOwn(sections, name)) return undefined;
  const since = sections[name]!;
  return since === '' || isKnown(since) ? name : undefined;
}

const directives: ReadonlySet<string> = new Set(lineTypes.map(({ directive }) => directive));

export function isDirective(name: string): boolean {
  return directives.has(name);
}

/** Whether a section has this name, whatever the size of its letters. */
export function isSectionName(name: string): boolean {
  return Object.hasOwn(sections, name.toLowerCase());
}
