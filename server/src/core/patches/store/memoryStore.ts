import type { Claim, Store, StoreChange, StoreEntry } from '../../host.js';

/** A store that forgets: for tests, and for a machine whose cache folder cannot be written. */
export class MemoryStore implements Store {
  readonly #tables = new Map<string, Map<string, Uint8Array>>();
  readonly #claims = new Set<string>();

  async get(table: string, keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    const entries = this.#tables.get(table);
    return keys.map((key) => entries?.get(key));
  }

  async scan(table: string, prefix: string, { after, limit = Infinity }: { readonly after?: string; readonly limit?: number } = {}): Promise<readonly StoreEntry[]> {
    const keys = [...(this.#tables.get(table)?.keys() ?? [])].filter((key) => key.startsWith(prefix) && (after === undefined || key > after)).sort();
    return keys.slice(0, limit).map((key) => ({ key, value: this.#tables.get(table)!.get(key)! }));
  }

  async write(changes: readonly StoreChange[], expect: readonly StoreChange[] = []): Promise<boolean> {
    for (const { table, key, value } of expect) {
      const found = this.#tables.get(table)?.get(key);
      if (found === undefined || value === undefined ? found !== value : found.length !== value.length || found.some((byte, i) => byte !== value[i])) return false;
    }
    for (const { table, key, value } of changes) {
      let entries = this.#tables.get(table);
      if (entries === undefined) this.#tables.set(table, (entries = new Map()));
      if (value === undefined) entries.delete(key);
      else entries.set(key, value.slice());
    }
    return true;
  }

  async claim(work: string): Promise<Claim | undefined> {
    if (this.#claims.has(work)) return undefined;
    this.#claims.add(work);
    return { release: async () => void this.#claims.delete(work) };
  }

  async check(): Promise<readonly string[]> {
    return [];
  }

  async compact(): Promise<void> {}

  async close(): Promise<void> {}
}
