/**
 * Texts for tests, as one string. `<|>` marks a place (a cursor); a line `==> name <==` begins a file of that name, and
 * what comes before the first such line is the file `package.spec`. Markers are taken out before anything reads the text.
 */

export interface FixtureFile {
  readonly name: string;
  readonly text: string;
  /** Offsets of the markers, in order. */
  readonly markers: readonly number[];
}

export interface Fixture {
  readonly files: readonly FixtureFile[];
  /** The first file whose name ends in `.spec`, else the first. */
  readonly main: FixtureFile;
}

const marker = '<|>';

/** Reads a fixture; throws where a file comes twice, since the test then does not say what it seems to say. */
export function parseFixture(source: string): Fixture {
  const files: FixtureFile[] = [];
  let name = 'package.spec';
  let lines: string[] = [];
  const close = (isLast: boolean): void => {
    const text = lines.join('\n');
    // Blank lines before the first header are no file; a fixture without any header is one, even when empty.
    if (!isLast && files.length === 0 && name === 'package.spec' && text.trim() === '') return;
    if (files.some((file) => file.name === name)) throw new Error(`the fixture has two files named ${name}`);
    files.push(takeMarkers(name, text));
  };
  for (const line of source.split('\n')) {
    const header = /^==> (\S+) <==$/.exec(line);
    if (header === null) {
      lines.push(line);
      continue;
    }
    // The line break before a header belongs to the header's predecessor.
    if (lines.length > 0) lines.push('');
    close(false);
    name = header[1]!;
    lines = [];
  }
  close(true);
  return { files, main: files.find((file) => file.name.endsWith('.spec')) ?? files[0]! };
}

/** A fixture's main file and its only marker; throws where there is none or more than one. */
export function parseCursor(source: string): { readonly fixture: Fixture; readonly text: string; readonly offset: number } {
  const fixture = parseFixture(source);
  const { text, markers } = fixture.main;
  if (markers.length !== 1) throw new Error(`the fixture needs one ${marker} in ${fixture.main.name}, and has ${markers.length}`);
  return { fixture, text, offset: markers[0]! };
}

function takeMarkers(name: string, marked: string): FixtureFile {
  const markers: number[] = [];
  let text = '';
  for (const [i, piece] of marked.split(marker).entries()) {
    if (i > 0) markers.push(text.length);
    text += piece;
  }
  return { name, text, markers };
}
