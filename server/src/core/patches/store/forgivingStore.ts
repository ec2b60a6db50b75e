import { HostError, type Store } from '../../host.js';
import { MemoryStore } from './memoryStore.js';

/**
 * A store that goes on without its file where that cannot be had (locked, full, not writable): what is learned is then known
 * as long as the program runs. `warn` is told once, with the reason.
 */
export function forgivingStore(open: () => Promise<Store>, warn: (reason: string) => void): Store {
  let current: Promise<Store> | undefined;
  let isForgetting = false;
  const use = async <T>(work: (store: Store) => Promise<T>): Promise<T> => {
    try {
      return await work(await (current ??= open()));
    } catch (error) {
      if (!(error instanceof HostError) || isForgetting) throw error;
      isForgetting = true;
      warn(`${error.message}. What is learned now is not kept.`);
      current = Promise.resolve(new MemoryStore());
      return work(await current);
    }
  };
  return {
    get: (table, keys) => use((store) => store.get(table, keys)),
    scan: (table, prefix, options) => use((store) => store.scan(table, prefix, options)),
    write: (changes, expect) => use((store) => store.write(changes, expect)),
    claim: (work) => use((store) => store.claim(work)),
    check: () => use((store) => store.check()),
    compact: () => use((store) => store.compact()),
    // The file belongs to whoever opened it.
    close: async () => {},
  };
}
