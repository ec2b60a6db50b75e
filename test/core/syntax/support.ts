import { SpecParser, type SpecTree } from '#server/core/syntax/index.js';
import { readParserBytes } from '#server/node/index.js';

export const parser = await SpecParser.create(await readParserBytes());

/** Parses, reads what is wanted, releases. */
export function withTree<T>(text: string, read: (tree: SpecTree) => T): T {
  const tree = parser.parse(text);
  try {
    return read(tree);
  } finally {
    tree.release();
  }
}
