/** What something of rpm's own is for. */
export interface ReferenceEntry {
  readonly name: string;
  /** One to three sentences, Markdown. */
  readonly text: string;
  /** Version of rpm that brought it; undefined for what was there before 4.11. */
  readonly since: string | undefined;
  /** Where rpm's own documentation speaks of it. */
  readonly source: string;
}

/** An entry as a hover shows it. */
export function describeEntry({ name, text, since, source }: ReferenceEntry): string {
  const version = since === undefined ? '' : ` Since rpm ${since}.`;
  return `**${name}**\n\n${text}${version}\n\n[rpm's documentation](${source})`;
}
