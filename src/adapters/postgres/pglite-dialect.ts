import type { PGlite } from '@electric-sql/pglite';
import { CompiledQuery, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from 'kysely';
import type { DatabaseConnection, Dialect, Driver, QueryResult, TransactionSettings } from 'kysely';

/** Runs one thing after the other; PGlite has a single session, and a transaction of one caller must not take in another's queries. */
export class Turns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when it is the caller's turn, with the function that ends it. */
  async take(): Promise<() => void> {
    const before = this.#last;
    let end: () => void = () => undefined;
    this.#last = new Promise((resolve) => (end = resolve));
    await before;
    return end;
  }
}

/** Kysely on an open PGlite: Postgres' SQL, one connection. Closing the PGlite is left to whoever opened it. */
export function pgliteDialect(pglite: PGlite, turns: Turns): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => pgliteDriver(pglite, turns),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

function pgliteDriver(pglite: PGlite, turns: Turns): Driver {
  const ends = new WeakMap<DatabaseConnection, () => void>();
  const run = (text: string) => (connection: DatabaseConnection) => execute(connection, text);
  return {
    init: () => Promise.resolve(),
    async acquireConnection() {
      const end = await turns.take();
      const connection = pgliteConnection(pglite);
      ends.set(connection, end);
      return connection;
    },
    beginTransaction: (connection, settings) => execute(connection, beginText(settings)),
    commitTransaction: run('commit'),
    rollbackTransaction: run('rollback'),
    releaseConnection(connection) {
      ends.get(connection)?.();
      return Promise.resolve();
    },
    destroy: () => Promise.resolve(),
  };
}

async function execute(connection: DatabaseConnection, text: string): Promise<void> {
  await connection.executeQuery(CompiledQuery.raw(text));
}

const beginText = ({ isolationLevel }: TransactionSettings): string =>
  isolationLevel ? `begin isolation level ${isolationLevel}` : 'begin';

function pgliteConnection(pglite: PGlite): DatabaseConnection {
  return {
    async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
      const { rows, affectedRows } = await pglite.query<R>(sql, [...parameters]);
      return { rows, ...(affectedRows !== undefined && { numAffectedRows: BigInt(affectedRows) }) };
    },
    streamQuery() {
      throw new Error('PGlite does not stream');
    },
  };
}
