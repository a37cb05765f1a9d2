import { expect, it } from '@jest/globals';
import { Databases } from '../../src/athena/engine/databases.ts';

const databases = new Databases({ memoryBytes: 30_000_000, threads: 1, folders: [] });

/** What the first column of a query says. */
const ask = (sql: string) =>
  databases.use(async (connection) => (await connection.runAndReadAll(sql)).getRows().map(([value]) => value));
/** What a database holds beside what is built in. */
const made = () =>
  ask('SELECT table_name FROM duckdb_tables() UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal');

it('gives each query an empty database, also after one that failed', async () => {
  const fails = databases.use(async (connection) => {
    await connection.run('CREATE SCHEMA db; CREATE TABLE db.t AS SELECT 1; CREATE VIEW db.v AS FROM db.t');
    await connection.run('CREATE MACRO one() AS 1');
    await connection.run('SELECT * FROM missing');
  });
  await expect(fails).rejects.toThrow('Table with name missing does not exist');

  expect(await made()).toEqual([]);
  await expect(ask('SELECT one()')).rejects.toThrow('Scalar Function with name one does not exist');
});

it('gives an empty database after a result that was not read to its end', async () => {
  await databases.use(async (connection) => {
    await connection.run('CREATE TABLE numbers AS SELECT * FROM range(1000000)');
    await (await connection.stream('SELECT * FROM numbers')).fetchChunk();
  });

  expect(await made()).toEqual([]);
});

it('works on after an interruption', async () => {
  const interrupted = databases.use(async (connection) => {
    // An interruption before the query runs has no effect.
    const again = setInterval(() => connection.interrupt(), 5);
    const numbers = 'range(100000) AS a(x), range(100000000) AS b(y)';
    await connection.run(`SELECT count(*) FROM ${numbers} WHERE x * y % 7 = 8`).finally(() => clearInterval(again));
  });
  await expect(interrupted).rejects.toThrow('Interrupted');

  expect(await ask('SELECT 1')).toEqual([1]);
});

it('gives two queries at a time a database each', async () => {
  const both = Promise.withResolvers<void>();
  let count = 0;
  const use = () =>
    databases.use(async (connection) => {
      await connection.run('CREATE TABLE t AS SELECT 1');
      count += 1;
      if (count === 2) both.resolve();
      await both.promise;
      return (await connection.runAndReadAll('SELECT count(*) FROM t')).getRows();
    });

  expect(await Promise.all([use(), use()])).toEqual([[[1n]], [[1n]]]);
});

it('gives each query all of the memory', async () => {
  const most = 'CREATE TABLE numbers AS SELECT random() FROM range(2000000)';
  for (let query = 0; query < 4; query += 1) await databases.use((connection) => connection.run(most));
  await expect(databases.use((connection) => connection.run(most.replace('2000000', '6000000')))).rejects.toThrow(
    'Out of Memory',
  );

  await databases.use((connection) => connection.run(most));
});

it('reads no file but those of its folders, in every query', async () => {
  for (let query = 0; query < 2; query += 1) {
    await expect(ask("SELECT * FROM read_text('/etc/hosts')")).rejects.toThrow('Permission Error');
    await expect(ask('SET enable_external_access = true')).rejects.toThrow('configuration has been locked');
  }
});
