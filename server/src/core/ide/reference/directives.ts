import type { ReferenceEntry } from './entry.js';

export interface DirectiveEntry extends ReferenceEntry {
  /** What may follow the name. */
  readonly usage: string;
}

const spec = 'https://rpm.org/docs/latest/manual/spec.html';
const macros = 'https://rpm.org/docs/latest/manual/macros.html';
const conditionals = 'https://rpm.org/docs/latest/manual/conditionalbuilds.html';
const setup = 'https://rpm.org/docs/latest/manual/autosetup.html';

/** Lines that choose what is read, in our own words. */
export const conditionalReference: readonly DirectiveEntry[] = [
  entry('%if', 'EXPRESSION', 'What follows, up to `%elif`, `%else` or `%endif`, is read where the expression is true: a number other than 0, or a text that is not empty.'),
  entry('%elif', 'EXPRESSION', 'Read where the conditions before it were false and this one is true.', { since: '4.15' }),
  entry('%else', '', 'Read where the conditions before it were false.'),
  entry('%endif', '', 'Ends the innermost open `%if`.'),
  entry('%ifarch', 'ARCH...', 'What follows is read where the package is built for one of these architectures.'),
  entry('%ifnarch', 'ARCH...', 'What follows is read where the package is built for none of these architectures.'),
  entry('%elifarch', 'ARCH...', 'As `%elif`, for architectures.', { since: '4.15' }),
  entry('%ifos', 'OS...', 'What follows is read where the package is built for one of these operating systems.'),
  entry('%ifnos', 'OS...', 'What follows is read where the package is built for none of these operating systems.'),
  entry('%elifos', 'OS...', 'As `%elif`, for operating systems.', { since: '4.15' }),
  entry('%include', 'FILE', 'Reads another file as if its lines stood here.'),
];

/** Built-in macros, in our own words. */
export const builtinReference: readonly DirectiveEntry[] = [
  entry('%define', 'NAME[(OPTIONS)] BODY', 'Defines a macro. The body is expanded each time the macro is used. Inside the body of another macro the definition ends with that macro.', { source: macros }),
  entry('%global', 'NAME[(OPTIONS)] BODY', 'Defines a macro whose body is expanded now, once, and that is known from here to the end.', { source: macros }),
  entry('%undefine', 'NAME', 'Takes the last definition of a macro away; the one before it holds again.', { source: macros }),
  entry('%dnl', 'TEXT', 'A comment to the end of the line, of which nothing is expanded.', { source: macros, since: '4.15' }),
  entry('%expand', '', '`%{expand:TEXT}` expands the text, and its result once more.', { source: macros }),
  entry('%expr', '', '`%{expr:EXPRESSION}` and `%[EXPRESSION]` give the value of an expression.', { source: macros, since: '4.16' }),
  entry('%lua', '', '`%{lua:CODE}` runs Lua and gives what it prints.', { source: 'https://rpm.org/docs/latest/manual/lua.html' }),
  entry('%shrink', '', '`%{shrink:TEXT}` puts one space where there was any white space.', { source: macros, since: '4.14' }),
  entry('%quote', '', '`%{quote:TEXT}` keeps a text with spaces one argument.', { source: macros, since: '4.14' }),
  entry('%gsub', '', '`%{gsub:TEXT PATTERN REPLACEMENT}` replaces as Lua\'s `string.gsub` does.', { source: macros, since: '4.19' }),
  entry('%sub', '', '`%{sub:TEXT FROM TO}` cuts a piece out, as Lua\'s `string.sub` does.', { source: macros, since: '4.19' }),
  entry('%len', '', '`%{len:TEXT}` gives the length of a text.', { source: macros, since: '4.19' }),
  entry('%upper', '', '`%{upper:TEXT}` gives the text in upper case.', { source: macros, since: '4.19' }),
  entry('%lower', '', '`%{lower:TEXT}` gives the text in lower case.', { source: macros, since: '4.19' }),
  entry('%rep', '', '`%{rep:TEXT COUNT}` repeats a text.', { source: macros, since: '4.19' }),
  entry('%reverse', '', '`%{reverse:TEXT}` turns a text round.', { source: macros, since: '4.19' }),
  entry('%basename', '', '`%{basename:PATH}` gives the last part of a path.', { source: macros }),
  entry('%dirname', '', '`%{dirname:PATH}` gives a path without its last part.', { source: macros }),
  entry('%suffix', '', '`%{suffix:PATH}` gives what stands behind the last dot.', { source: macros }),
  entry('%url2path', '', '`%{url2path:URL}` gives the path in a URL.', { source: macros, alias: ['u2p'] }),
  entry('%exists', '', '`%{exists:PATH}` is 1 where the file is there, else 0.', { source: macros, since: '4.18' }),
  entry('%getenv', '', '`%{getenv:NAME}` gives a variable of the environment.', { source: macros, since: '4.7' }),
  entry('%getncpus', '', 'The number of processors to build with.', { source: macros, since: '4.15' }),
  entry('%getconfdir', '', 'The folder of rpm\'s own configuration.', { source: macros, since: '4.7' }),
  entry('%shescape', '', '`%{shescape:TEXT}` quotes a text for the shell.', { source: macros, since: '4.18' }),
  entry('%span', '', '`%{span:TEXT}` keeps a body that goes over several lines together.', { source: macros, since: '4.20' }),
  entry('%xdg', '', '`%{xdg:KIND}` gives a folder as the XDG specification has it.', { source: macros, since: '4.20' }),
  entry('%load', '', '`%{load:FILE}` reads macro definitions from a file.', { source: macros, since: '4.12' }),
  entry('%macrobody', '', '`%{macrobody:NAME}` gives the body of a macro, unexpanded.', { source: macros, since: '4.16' }),
  entry('%echo', '', '`%{echo:TEXT}` prints a text when the spec is read.', { source: macros }),
  entry('%warn', '', '`%{warn:TEXT}` prints a warning when the spec is read.', { source: macros }),
  entry('%error', '', '`%{error:TEXT}` prints an error and ends the reading of the spec.', { source: macros }),
  entry('%trace', '', 'Prints every expansion from here on.', { source: macros }),
  entry('%dump', '', 'Prints all macros.', { source: macros }),
  entry('%verbose', '', 'Whether rpm was called with `-v`.', { source: macros }),
  entry('%uncompress', '', '`%{uncompress:FILE}` gives the command that unpacks a file by what is in it.', { source: macros }),
  entry('%with', '', '`%{with NAME}` is 1 where the build conditional is on, else 0.', { source: conditionals }),
  entry('%without', '', '`%{without NAME}` is 1 where the build conditional is off, else 0.', { source: conditionals }),
  entry('%bcond', 'NAME DEFAULT', 'Declares a build conditional and whether it is on when nobody says otherwise.', { source: conditionals, since: '4.17' }),
  entry('%bcond_with', 'NAME', 'Declares a build conditional that is off unless `--with NAME` is given.', { source: conditionals }),
  entry('%bcond_without', 'NAME', 'Declares a build conditional that is on unless `--without NAME` is given.', { source: conditionals }),
  entry('%setup', '[-q] [-n FOLDER] [-T] [-D] [-c] [-a N] [-b N]', 'Unpacks the sources and enters their folder.', { source: setup }),
  entry('%autosetup', '[-v] [-N] [-n FOLDER] [-S TOOL] [-p N] [-T] [-D] [-c] [-a N] [-b N]', 'Unpacks the sources and applies all patches in the order of their numbers.', { source: setup, since: '4.11' }),
  entry('%autopatch', '[-v] [-q] [-p N] [-m MIN] [-M MAX] [N...]', 'Applies all patches, or those in a range of numbers.', { source: setup, since: '4.11' }),
  entry('%patch', '-P N [-p N] [-R] [-b SUFFIX] [-F FUZZ] [-E] [-Z]', 'Applies one patch. The form `%patchN` is an error since rpm 4.20.', { source: setup }),
];

/** What may stand before a file in `%files`, in our own words. */
export const filesReference: readonly DirectiveEntry[] = [
  entry('%attr', '(MODE, USER, GROUP)', 'Mode and owner of the file; `-` keeps what it has.'),
  entry('%defattr', '(MODE, USER, GROUP, DIRMODE)', 'As `%attr`, for all lines that follow.'),
  entry('%caps', '(CAPABILITIES)', 'Capabilities of the file, as `cap_net_raw=p`.'),
  entry('%config', '[(noreplace)] [(missingok)]', 'A configuration file: local changes are kept as `.rpmsave`, or, with `noreplace`, stay in place beside a `.rpmnew`.'),
  entry('%dir', '', 'The folder itself, not what is in it.'),
  entry('%doc', '', 'Documentation. A relative path is taken from the source tree and put into the package\'s folder for documentation.'),
  entry('%license', '', 'The text of a licence; installed even where documentation is not.', { since: '4.11' }),
  entry('%readme', '', 'A readme file.'),
  entry('%ghost', '', 'A file that belongs to the package but is not in it: made later, for example a log.'),
  entry('%artifact', '', 'A file that nobody asks for by itself, such as a build id link; can be left out on installation.', { since: '4.14' }),
  entry('%missingok', '', 'A file that may be missing when the package is verified.', { since: '4.14' }),
  entry('%exclude', '', 'Not in this package, although another line of the section names it.'),
  entry('%lang', '(LANGUAGE)', 'For one language; left out where that language is not wanted.'),
  entry('%verify', '([not] ATTRIBUTE...)', 'What `rpm -V` looks at: `%verify(not md5 size mtime)`.'),
  entry('%docdir', '', 'A folder all of whose files are documentation.'),
  entry('%pubkey', '', 'A public key, kept in the header.'),
];

const byName = new Map([...conditionalReference, ...builtinReference].map((one) => [one.name.slice(1), one]));
const filesByName = new Map(filesReference.map((one) => [one.name.slice(1), one]));

/** The entry for a conditional, another directive or a built-in macro, by its name without the percent sign. */
export function findDirective(name: string): DirectiveEntry | undefined {
  return byName.get(name) ?? (name === 'u2p' ? byName.get('url2path') : undefined);
}

/** The entry for a directive of `%files`, by its name without the percent sign. */
export function findFilesDirective(name: string): DirectiveEntry | undefined {
  return filesByName.get(name);
}

function entry(name: string, usage: string, text: string, { since, source = spec }: { since?: string; source?: string; alias?: readonly string[] } = {}): DirectiveEntry {
  return { name, usage, text, since, source };
}
