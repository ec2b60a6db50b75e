import { renameSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { type Claim, HostError, type Log, type Store, type StoreChange, type StoreEntry, silentLog } from '../core/host.js';
import { makeFolder } from './makeFolder.js';

/** Raised when tables change; an older store is emptied (it holds only what can be learned again), a newer one refused. */
const SCHEMA = 1;

/** How long another process may hold the store, milliseconds, before the user is told. */
const PATIENCE = 10_000;

export interface SqliteStoreOptions {
  /** Absolute path of the file; its folder is made. */
  readonly path: string;
  readonly log?: Log;
  /** Milliseconds that another process may hold the store. */
  readonly patience?: number;
}

/** The part of libsql's synchronous interface that is used. */
interface Database {
  prepare(sql: string): { run(...values: unknown[]): { changes: number }; get(...values: unknown[]): unknown; all(...values: unknown[]): unknown[] };
  exec(sql: string): void;
  close(): void;
}

/**
 * Opens the store: one SQLite file in WAL mode, which several processes may read and write. Nothing else opens the file.
 * A file that is damaged is renamed and a new one begun, whether it shows on opening or later.
 */
export async function openSqliteStore({ path, log = silentLog, patience = PATIENCE }: SqliteStoreOptions): Promise<Store> {
  const store = new SqliteStore(path, log, patience);
  await store.open();
  return store;
}

class SqliteStore implements Store {
  readonly #path: string;
  readonly #log: Log;
  readonly #patience: number;
  #database: Database | undefined;
  /** Which file is open: after another process has set a damaged one aside, the path names a newer file. */
  #inode: number | undefined;

  constructor(path: string, log: Log, patience: number) {
    this.#path = path;
    this.#log = log;
    this.#patience = patience;
  }

  async open(): Promise<void> {
    await this.#guard((database) => void database.prepare('SELECT count(*) FROM (SELECT 1 FROM entry LIMIT 1)').get());
  }

  get(table: string, keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]> {
    return this.#guard((database) => {
      // One read: all answers are of one moment, and a statement for each would cost as much again as finding the entries.
      const rows = database.prepare('SELECT wanted.key AS place, entry.value AS value FROM json_each(?) AS wanted CROSS JOIN entry ON entry.section = ? AND entry.key = wanted.value').all(JSON.stringify(keys), table) as { place: number; value: ArrayBuffer }[];
      const values = new Array<Uint8Array | undefined>(keys.length).fill(undefined);
      for (const { place, value } of rows) values[place] = bytesOf(value);
      return values;
    });
  }

  scan(table: string, prefix: string, { after, limit = 1 << 30 }: { readonly after?: string; readonly limit?: number } = {}): Promise<readonly StoreEntry[]> {
    return this.#guard((database) => {
      const from = after !== undefined && after >= prefix ? after : prefix;
      const rows = database.prepare(`SELECT key, value FROM entry WHERE section = ? AND key ${from === after ? '>' : '>='} ? AND substr(key, 1, ?) = ? ORDER BY key LIMIT ?`).all(table, from, [...prefix].length, prefix, limit);
      return (rows as { key: string; value: Uint8Array }[]).map(({ key, value }) => ({ key, value: bytesOf(value)! }));
    });
  }

  write(changes: readonly StoreChange[], expect: readonly StoreChange[] = []): Promise<boolean> {
    return this.#guard((database) =>
      inTransaction(database, 'IMMEDIATE', () => {
        const read = database.prepare('SELECT value FROM entry WHERE section = ? AND key = ?');
        for (const { table, key, value } of expect) {
          const found = bytesOf((read.get(table, key) as { value: Uint8Array } | undefined)?.value);
          if (!sameBytes(found, value)) return false;
        }
        const put = database.prepare('INSERT INTO entry (section, key, value) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value');
        const remove = database.prepare('DELETE FROM entry WHERE section = ? AND key = ?');
        for (const { table, key, value } of changes) {
          if (value === undefined) remove.run(table, key);
          else put.run(table, key, Buffer.from(value.buffer, value.byteOffset, value.byteLength));
        }
        return true;
      }),
    );
  }

  /**
   * A lock of the operating system on an empty database beside the store, so that it ends with the process whatever ends
   * that.
   */
  async claim(work: string): Promise<Claim | undefined> {
    const path = `${this.#path}-${work.replace(/[^A-Za-z0-9-]/g, '')}.lock`;
    let database: Database;
    try {
      makeFolder(dirname(path));
      database = new (loadDriver())(path);
    } catch (error) {
      throw unusable(this.#path, error);
    }
    try {
      database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      if (isBusy(error)) return undefined;
      throw unusable(this.#path, error);
    }
    return { release: async () => database.close() };
  }

  check(): Promise<readonly string[]> {
    return this.#guard((database) => {
      const rows = database.prepare('PRAGMA integrity_check(10)').all() as { integrity_check: string }[];
      return rows.map((row) => row.integrity_check).filter((sentence) => sentence !== 'ok');
    });
  }

  compact(): Promise<void> {
    return this.#guard((database) => database.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)'));
  }

  async close(): Promise<void> {
    this.#database?.close();
    this.#database = undefined;
  }

  /** Runs work on the open file; waits while another process writes; begins anew, once, where the file is damaged. */
  async #guard<T>(work: (database: Database) => T): Promise<T> {
    const deadline = Date.now() + this.#patience;
    let rebuilt = false;
    for (let pause = 5; ; pause = Math.min(pause * 2, 200)) {
      try {
        this.#database ??= this.#openFile();
        return work(this.#database);
      } catch (error) {
        if (error instanceof HostError) throw error;
        const { code, message } = wordsOf(error);
        if (isBusy(error)) {
          if (Date.now() > deadline) throw new HostError('store-locked', `another program holds the store ${this.#path}; wait for it, end it, or set SPECTRAIL_CACHE to another folder`, { cause: error });
          await new Promise((done) => setTimeout(done, pause));
          continue;
        }
        if ((/CORRUPT|NOTADB/.test(code) || /malformed|not a database|no such (table|column)/i.test(message)) && !rebuilt) {
          rebuilt = true;
          this.#setAside(message);
          continue;
        }
        throw unusable(this.#path, error);
      }
    }
  }

  #openFile(): Database {
    const Driver = loadDriver();
    makeFolder(dirname(this.#path));
    const database = new Driver(this.#path);
    try {
      database.exec('PRAGMA busy_timeout = 100; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA cache_size = -32768');
      const version = (database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version;
      if (version > SCHEMA) throw new HostError('store-newer', `the store ${this.#path} was written by a newer Spectrail (form ${version}, this one knows ${SCHEMA}); update, or set SPECTRAIL_CACHE to another folder`);
      if (version < SCHEMA) {
        inTransaction(database, 'IMMEDIATE', () => {
          // Another process may have come first, while this one waited for the lock.
          if ((database.prepare('PRAGMA user_version').get() as { user_version: number }).user_version === SCHEMA) return;
          database.exec(`DROP TABLE IF EXISTS entry; CREATE TABLE entry (section TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, PRIMARY KEY (section, key)) WITHOUT ROWID; PRAGMA user_version = ${SCHEMA}`);
        });
      }
      this.#inode = statSync(this.#path).ino;
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  /** Renames the damaged file, unless another process already has and a newer one stands in its place. */
  #setAside(why: string): void {
    this.#database?.close();
    this.#database = undefined;
    try {
      if (this.#inode !== undefined && statSync(this.#path).ino !== this.#inode) return;
      const aside = `${this.#path}.damaged-${new Date().toISOString().replace(/[:.]/g, '')}`;
      for (const suffix of ['', '-wal', '-shm']) {
        try {
          renameSync(this.#path + suffix, aside + suffix);
        } catch {}
      }
      this.#log.warn(`the store ${this.#path} is damaged (${why}); it was set aside as ${aside} and a new one begun`);
    } catch {}
  }
}

function loadDriver(): new (path: string, options?: object) => Database {
  try {
    // Required late: whoever never opens the store needs no native code.
    return createRequire(import.meta.url)('libsql') as new (path: string, options?: object) => Database;
  } catch (error) {
    throw new HostError('store-unwritable', `the store cannot be used: this platform has no libsql (${error instanceof Error ? error.message.split('\n')[0] : String(error)}); what is learned is not kept`, { cause: error });
  }
}

function wordsOf(error: unknown): { readonly code: string; readonly message: string } {
  return { code: (error as { code?: string }).code ?? '', message: error instanceof Error ? error.message : String(error) };
}

function isBusy(error: unknown): boolean {
  const { code, message } = wordsOf(error);
  return /BUSY|LOCKED/.test(code) || /database (table )?is locked|is busy/i.test(message);
}

function unusable(path: string, error: unknown): HostError {
  if (error instanceof HostError) return error;
  return new HostError('store-unwritable', `the store ${path} cannot be used (${wordsOf(error).message}); free space, mend its permissions, or set SPECTRAIL_CACHE to another folder`, { cause: error });
}

function inTransaction<T>(database: Database, mode: 'DEFERRED' | 'IMMEDIATE', work: () => T): T {
  database.exec(`BEGIN ${mode}`);
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    try {
      database.exec('ROLLBACK');
    } catch {}
    throw error;
  }
}

/** libsql gives a Buffer from get(), an ArrayBuffer from all(); core knows plain byte arrays only. */
function bytesOf(value: Uint8Array | ArrayBuffer | undefined | null): Uint8Array | undefined {
  if (value === undefined || value === null) return undefined;
  return value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : Buffer.compare(a, b) === 0;
}
