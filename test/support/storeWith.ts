import type { Store, StoreChange } from '#server/core/host.js';

/** A store whose writes are somebody else's: they may fail, be counted, or end the process before or after `write`. */
export function storeWith(store: Store, write: (changes: readonly StoreChange[], write: () => Promise<boolean>) => Promise<boolean>): Store {
  return {
    get: (table, keys) => store.get(table, keys),
    scan: (table, prefix, options) => store.scan(table, prefix, options),
    write: (changes, expect) => write(changes, () => store.write(changes, expect)),
    claim: (work) => store.claim(work),
    check: () => store.check(),
    compact: () => store.compact(),
    close: () => store.close(),
  };
}
