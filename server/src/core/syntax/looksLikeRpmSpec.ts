/** How far a text is looked at: what it is shows early. */
const linesToRead = 200;
/** A text this short may just have been begun. */
const begunLines = 5;

const rpmLine =
  /^\s*(?:%(?:define|global|bcond\w*|if|ifarch|ifnarch|ifos|ifnos|include|package|description|prep|conf|build|install|check|clean|files|changelog|pre|post|preun|postun|sourcelist|patchlist|undefine|dnl|autosetup|generate_buildrequires)(?![\w=])|%\{|(?:Name|Version|Release|Summary|License|Epoch|Group|Url|URL|Source\d*|Patch\d*|BuildRequires|Requires|Provides|Obsoletes|Conflicts|BuildArch|BuildRoot|ExclusiveArch|ExcludeArch|Vendor|Packager|Prefix)(?:\([^)]*\))?\s*:)/;

// The Open Build Service writes comments like #!BuildIgnore, so that only a path behind #! tells a script.
const foreignLine =
  /^\s*(?:#!\s*\/|#\s*-\*-\s*(?:mode:\s*)?python|#\s*frozen_string_literal|\/\/|\/\*|<[?!\w]|@\w+\(|['"]use strict|import\s|from\s+[\w.]+\s+import\s|export\s|require(?:_relative)?\b|const\s|let\s|var\s|def\s|class\s|module\s|function\b|package\s+\w|using\s|RSpec\b|Gem::|describe\b|context\s+['"]|it\s+['"(]|suite\(|test\(|expect\(|[A-Za-z_]\w*\s*=\s*(?:Analysis|PYZ|EXE|COLLECT|BUNDLE|MERGE|TOC|Tree|None|True|False|\[|\{|\()|[A-Za-z_]\w*\s*\+?=\s*(?:[A-Za-z_][\w.]*\(|['"]))/;

/**
 * Whether a file called `*.spec` is an RPM spec, by its text alone: PyInstaller's are Python, test suites in Ruby and
 * JavaScript use the name too. An empty text and one that was just begun count as RPM's.
 */
export function looksLikeRpmSpec(text: string): boolean {
  let plain = 0;
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let line = 0; line < linesToRead && start < text.length; line++) {
    const found = text.indexOf('\n', start);
    const end = found < 0 ? text.length : found;
    // Nothing that matters stands behind a line's first few hundred characters.
    const content = text.slice(start, Math.min(end, start + 300));
    start = end + 1;
    if (rpmLine.test(content)) return true;
    if (foreignLine.test(content)) return false;
    if (!/^\s*(?:#|$)/.test(content)) plain++;
  }
  return plain <= begunLines;
}
