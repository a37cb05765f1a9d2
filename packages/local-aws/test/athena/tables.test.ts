import { CreatePartitionCommand, type TableInput } from '@aws-sdk/client-glue';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ManualClock } from '@tweet-pipes/kit/clock';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { parseProjection } from '../../src/athena/catalog/projection.ts';
import { bucket, jsonTable, startAthena } from './fixture.ts';

let aws: Awaited<ReturnType<typeof startAthena>>;
beforeAll(async () => {
  aws = await startAthena();
});
afterAll(() => aws.stop());

const stored = (
  name: string,
  SerdeInfo: NonNullable<TableInput['StorageDescriptor']>['SerdeInfo'],
  more = {},
): TableInput => ({
  ...jsonTable(name, { id: 'int', note: 'string' }, more),
  StorageDescriptor: {
    Location: `s3://${bucket}/${name}`,
    Columns: [
      { Name: 'id', Type: 'int' },
      { Name: 'note', Type: 'string' },
    ],
    SerdeInfo,
  },
});

describe('formats', () => {
  it('of text: delimited, where a value that does not fit is NULL', async () => {
    const SerializationLibrary = 'org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe';
    const Parameters = { 'skip.header.line.count': '1' };
    await aws.createTable(stored('lazy', { SerializationLibrary, Parameters: { 'field.delim': ',' } }, { Parameters }));
    await aws.put('lazy/a.csv', 'id,note\n1,"a"\nx,b\n3,\\N\n');
    expect(await aws.query('SELECT id, note FROM lazy')).toEqual([
      ['1', '"a"'],
      [null, 'b'],
      ['3', null],
    ]);
  });

  it('of text: quoted', async () => {
    await aws.createTable(stored('quoted', { SerializationLibrary: 'org.apache.hadoop.hive.serde2.OpenCSVSerde' }));
    await aws.put('quoted/a.csv', '"1","a, ""b"""\n2,c\n');
    expect(await aws.query('SELECT id, note FROM quoted ORDER BY id')).toEqual([
      ['1', 'a, "b"'],
      ['2', 'c'],
    ]);
  });

  it('of JSON: keys in any case, unless the table says otherwise', async () => {
    // https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
    const columns = { userid: 'int', note: 'struct<by:string,at:array<struct<day:int>>>', tags: 'map<string,int>' };
    await aws.createTable(jsonTable('cased', columns));
    const table = jsonTable('exact', columns);
    const SerdeInfo = { ...table.StorageDescriptor?.SerdeInfo, Parameters: { 'case.insensitive': 'FALSE' } };
    const Location = `s3://${bucket}/cased/`;
    await aws.createTable({ ...table, StorageDescriptor: { ...table.StorageDescriptor, SerdeInfo, Location } });
    await aws.putRows('cased/a.json.gz', [
      { userId: 1, Note: { By: 'a "By": b', at: [{ Day: 7 }] }, tags: { Red: 1, red: 2 } },
    ]);
    await aws.putRows('cased/b.json', [{ userid: 2, note: { by: 'c' } }]);
    const sql = (name: string) =>
      `SELECT userid, note.by, note.at[1].day, tags['Red'], "$path" FROM ${name} ORDER BY userid`;
    expect(await aws.query(sql('cased'))).toEqual([
      ['1', 'a "By": b', '7', '1', `s3://${bucket}/cased/a.json.gz`],
      ['2', 'c', null, null, `s3://${bucket}/cased/b.json`],
    ]);
    expect(await aws.query('SELECT userid, note.by FROM exact ORDER BY userid')).toEqual([
      ['2', 'c'],
      [null, null],
    ]);
  });

  it('of Parquet: columns by name, one that a file lacks is NULL, and one that the table lacks is left out', async () => {
    await aws.createTable(
      stored('columnar', { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' }),
    );
    const put = (key: string, columnData: Parameters<typeof parquetWriteBuffer>[0]['columnData']) =>
      aws.put(`columnar/${key}`, new Uint8Array(parquetWriteBuffer({ columnData })));
    const ID = { name: 'ID', data: [1, null], type: 'INT32' as const };
    await put('a.parquet', [{ name: 'more', data: ['x', 'y'], type: 'STRING' }, ID]);
    await put('b.parquet', [
      { name: 'note', data: ['é'], type: 'STRING' },
      { name: 'id', data: [3], type: 'INT32' },
    ]);
    expect(await aws.query('SELECT *, "$path" FROM columnar ORDER BY id')).toEqual([
      ['1', null, `s3://${bucket}/columnar/a.parquet`],
      ['3', 'é', `s3://${bucket}/columnar/b.parquet`],
      [null, null, `s3://${bucket}/columnar/a.parquet`],
    ]);
  });

  it('that are not supported are named', async () => {
    await aws.createTable(stored('orc', { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.orc.OrcSerde' }));
    expect(await aws.query('SELECT * FROM orc')).toBe(
      'NOT_SUPPORTED: the SerDe org.apache.hadoop.hive.ql.io.orc.OrcSerde is not supported by the local Athena',
    );
  });
});

describe('bad input', () => {
  it.each([
    ['{"id": 1}\n{"id": \n', /^HIVE_BAD_DATA: Error reading s3:\/\/lake\/bad\/0.json: .*[Mm]alformed JSON/],
    ['{"id": "x"}\n', /^HIVE_BAD_DATA: Error reading s3:\/\/lake\/bad\/1.json: /],
  ])('%j', async (content, reason) => {
    const index = reason.source.includes('0.json') ? 0 : 1;
    const table = jsonTable(`bad${index}`, { id: 'int' });
    await aws.createTable({
      ...table,
      StorageDescriptor: { ...table.StorageDescriptor, Location: `s3://${bucket}/bad/${index}.d/` },
    });
    await aws.put(`bad/${index}.d/${index}.json`, content);
    expect(String(await aws.query(`SELECT * FROM bad${index}`)).replace(`${index}.d/`, '')).toMatch(reason);
  });

  it('half of a surrogate pair is no malformed line', async () => {
    await aws.createTable(jsonTable('cut', { id: 'int', text: 'string' }));
    await aws.putRows('cut/a.json.gz', [{ id: 1, text: 'whole \u{1F600}' }]);
    await aws.put(
      'cut/b.json',
      String.raw`{"id": 2, "text": "cut \ud83d"}${'\n'}{"id": 3, "text": "\\ud83d \ud83d\ude00"}`,
    );
    expect(await aws.query(`SELECT id, text, "$path" FROM cut ORDER BY id`)).toEqual([
      ['1', 'whole \u{1F600}', `s3://${bucket}/cut/a.json.gz`],
      ['2', 'cut \ufffd', `s3://${bucket}/cut/b.json`],
      ['3', '\\ud83d \u{1F600}', `s3://${bucket}/cut/b.json`],
    ]);
  });

  it('malformed lines are rows of NULL where the table says so', async () => {
    const table = jsonTable('lenient', { id: 'int' });
    const SerdeInfo = { ...table.StorageDescriptor?.SerdeInfo, Parameters: { 'ignore.malformed.json': 'TRUE' } };
    await aws.createTable({ ...table, StorageDescriptor: { ...table.StorageDescriptor, SerdeInfo } });
    await aws.put('lenient/a.json', '{"id": 1}\n{"id"\n{"id": 3}\n');
    expect(await aws.query('SELECT id FROM lenient ORDER BY id')).toEqual([['1'], ['3'], [null]]);
  });

  it('an empty prefix has no rows', async () => {
    await aws.createTable(jsonTable('empty', { id: 'int' }));
    expect(await aws.query('SELECT id, count(*) FROM empty GROUP BY id')).toEqual([]);
  });

  it('a table without a location, and one in a bucket that is missing', async () => {
    await aws.createTable({
      ...jsonTable('nowhere', { id: 'int' }),
      StorageDescriptor: { SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' } },
    });
    expect(await aws.query('SELECT * FROM nowhere')).toBe(
      'HIVE_METASTORE_ERROR: Table db.nowhere has no location in S3 (none)',
    );
    const gone = jsonTable('gone', { id: 'int' });
    await aws.createTable({
      ...gone,
      StorageDescriptor: { ...gone.StorageDescriptor, Location: 's3://gone-bucket/x/' },
    });
    expect(await aws.query('SELECT * FROM gone')).toContain('Error Code: NoSuchBucket; Bucket: gone-bucket');
  });
});

describe('partitions of the catalog', () => {
  it('give their values, and only those that may fit are read', async () => {
    await aws.createTable(jsonTable('parted', { id: 'int' }, { PartitionKeys: [{ Name: 'day', Type: 'date' }] }));
    const { glue } = await aws.lake();
    for (const day of ['2026-01-01', '2026-01-02']) {
      const Location = `s3://${bucket}/parted/${day}/`;
      const PartitionInput = { Values: [day], StorageDescriptor: { Location } };
      await glue.send(new CreatePartitionCommand({ DatabaseName: 'db', TableName: 'parted', PartitionInput }));
    }
    await aws.putRows('parted/2026-01-01/a.json', [{ id: 1 }]);
    await aws.put('parted/2026-01-02/a.json', 'malformed');
    expect(await aws.query(`SELECT * FROM parted WHERE day < DATE '2026-01-02'`)).toEqual([['1', '2026-01-01']]);
    expect(await aws.query('SELECT * FROM parted')).toContain('HIVE_BAD_DATA');
  });
});

describe('partition projection', () => {
  const nowMs = Date.parse('2026-11-20T10:30:00Z');
  const project = (type: string, properties: Record<string, string>, template = `s3://${bucket}/t/\${k}/`) =>
    parseProjection(
      {
        name: 'db.t',
        location: `s3://${bucket}/t/`,
        keys: [{ name: 'k', type: 'string' }],
        parameters: {
          'projection.enabled': 'true',
          'projection.k.type': type,
          'storage.location.template': template,
          ...Object.fromEntries(Object.entries(properties).map(([name, value]) => [`projection.k.${name}`, value])),
        },
      },
      [[{ column: 'k', operator: '=', values: ['x'] }]],
      nowMs,
    );
  const hours = { format: 'yyyy/MM/dd/HH', range: '2026/11/19/00,NOW', interval: '1', 'interval.unit': 'HOURS' };

  it.each([
    ['date', hours, 't/2026/11/20/10/a.gz', '2026/11/20/10'],
    ['date', hours, 't/2026/11/20/11/a.gz', undefined],
    ['date', hours, 't/2026/11/18/23/a.gz', undefined],
    ['date', hours, 't/2026/11/31/00/a.gz', undefined],
    ['date', { format: 'yyyy-MM-dd', range: 'NOW-3DAYS,NOW' }, 't/2026-11-18/a', '2026-11-18'],
    ['date', { format: 'yyyy-MM-dd', range: 'NOW-1DAYS,NOW' }, 't/2026-11-18/a', undefined],
    ['integer', { range: '0,23', digits: '2' }, 't/07/a', '07'],
    ['integer', { range: '0,23', digits: '2' }, 't/7/a', undefined],
    ['integer', { range: '0,23', interval: '2' }, 't/7/a', undefined],
    ['integer', { range: '0,23' }, 't/24/a', undefined],
    ['enum', { values: 'a,b' }, 't/b/deeper/a', 'b'],
    ['enum', { values: 'a,b' }, 't/c/a', undefined],
    ['injected', {}, 't/x/a', 'x'],
    ['injected', {}, 't/y/a', undefined],
  ])('%s %j of %s', (type, properties, key, value) => {
    expect(project(type, properties)?.partitionOf(key)).toEqual(value === undefined ? undefined : [value]);
  });

  it.each([
    ['date', { ...hours, 'interval.unit': 'HOUR' }, 'projection.k.interval.unit is HOUR, which is no unit of time'],
    [
      'date',
      { format: 'yyyy/MM/dd/HH', range: hours.range },
      'projection.k.interval and projection.k.interval.unit are required',
    ],
    ['date', { range: hours.range }, 'the property projection.k.format is missing'],
    [
      'date',
      { ...hours, range: '2026-11-19,NOW' },
      'the property projection.k.range must be two dates in the format yyyy/MM/dd/HH',
    ],
    ['integer', { range: '1' }, 'the property projection.k.range must be two whole numbers'],
    ['enum', {}, 'the property projection.k.values is missing'],
    ['list', {}, 'projection.k.type is list, which is none of enum, integer, date, injected'],
  ])('%s %j is wrong', (type, properties, message) => {
    expect(() => project(type, properties)).toThrow(`HIVE_METASTORE_ERROR: Table db.t: ${message}`);
  });

  it.each([
    [`s3://${bucket}/t/`, 'storage.location.template does not name ${k}'],
    [`s3://${bucket}/t/\${k}`, 'must end in /'],
    [`s3://${bucket}/t/\${k}/\${j}/`, 'storage.location.template names ${j}, which is no partition key'],
  ])('the template %s is wrong', (template, message) => {
    expect(() => project('enum', { values: 'a' }, template)).toThrow(message);
  });

  it('of a table: a wrong property fails the query, an object outside has no rows', async () => {
    const key = [{ Name: 'datehour', Type: 'string' }];
    const parameters = (range: string) => ({
      'projection.enabled': 'true',
      'projection.datehour.type': 'date',
      'projection.datehour.format': 'yyyy/MM/dd/HH',
      'projection.datehour.range': range,
      'projection.datehour.interval': '1',
      'projection.datehour.interval.unit': 'HOURS',
      'storage.location.template': `s3://${bucket}/hourly/\${datehour}/`,
    });
    await aws.createTable(
      jsonTable('hourly', { id: 'int' }, { PartitionKeys: key, Parameters: parameters('2026/01/01/00,2026/01/01/01') }),
    );
    await aws.createTable(
      jsonTable('wrong', { id: 'int' }, { PartitionKeys: key, Parameters: parameters('2026-01-01,NOW') }),
    );
    for (const [hour, id] of [
      ['00', 1],
      ['01', 2],
      ['02', 3],
    ])
      await aws.putRows(`hourly/2026/01/01/${hour}/a.json`, [{ id }]);
    expect(await aws.query('SELECT id, datehour FROM hourly ORDER BY id')).toEqual([
      ['1', '2026/01/01/00'],
      ['2', '2026/01/01/01'],
    ]);
    const id = await aws.start(`SELECT id FROM hourly WHERE datehour >= '2026/01/01/01'`);
    expect((await aws.end(id)).Statistics?.DataScannedInBytes).toBe('{"id":2}\n'.length);
    expect(await aws.rowsOf(id)).toEqual([['id'], ['2']]);
    expect(await aws.query('SELECT id FROM wrong')).toMatch(/^HIVE_METASTORE_ERROR: Table db.wrong: /);
  });
});

describe('views', () => {
  const view = (name: string, originalSql: string, columns: { name: string; type: string }[]): TableInput => ({
    Name: name,
    TableType: 'VIRTUAL_VIEW',
    ViewOriginalText: `/* Presto View: ${Buffer.from(JSON.stringify({ originalSql, catalog: 'awsdatacatalog', schema: 'db', columns })).toString('base64')} */`,
    ViewExpandedText: '/* Presto View */',
    StorageDescriptor: { Columns: columns.map(({ name: Name, type: Type }) => ({ Name, Type })), Location: '' },
  });

  it('stand for their query, also one of another view', async () => {
    await aws.createTable(jsonTable('births', { id: 'int', born: 'date' }));
    await aws.putRows('births/a.json', [
      { id: 1, born: '2026-01-05' },
      { id: 2, born: '2026-03-01' },
    ]);
    const id = { name: 'id', type: 'int' };
    await aws.createTable(
      view('ages', `SELECT id, DATE '2026-03-02' - born AS age FROM births`, [
        id,
        { name: 'age', type: 'interval day to second' },
      ]),
    );
    await aws.createTable(view('young', `SELECT id FROM ages WHERE age < INTERVAL '2' DAY`, [id]));
    expect(await aws.query('SELECT * FROM ages ORDER BY id')).toEqual([
      ['1', '56 00:00:00.000'],
      ['2', '1 00:00:00.000'],
    ]);
    expect(await aws.query('SELECT y.id, births.id FROM young y JOIN births USING (id)')).toEqual([['2', '2']]);
  });

  it('over one table stand beside each other, and each place where the table stands is scanned', async () => {
    await aws.createTable(jsonTable('events', { id: 'int', kind: 'string' }));
    const rows = Array.from({ length: 2500 }, (_, id) => ({ id, kind: `k${id % 5}` }));
    for (const part of [0, 1, 2]) await aws.putRows(`events/${part}.json`, rows.slice(part * 900, (part + 1) * 900));
    const bytes = rows.reduce((sum, row) => sum + JSON.stringify(row).length + 1, 0);
    const id = { name: 'id', type: 'int' };
    for (const kind of [0, 1, 2]) {
      const latest = `SELECT max(id) AS id FROM events WHERE kind = 'k${kind}' GROUP BY id`;
      const others = `SELECT id FROM events WHERE kind <> 'k${kind}'`;
      await aws.createTable(view(`of${kind}`, `${latest} EXCEPT ${others}`, [id]));
    }
    const scanned = async (sql: string) => {
      const execution = await aws.end(await aws.start(sql));
      return [execution.Status?.State, (execution.Statistics?.DataScannedInBytes ?? 0) / bytes];
    };
    const union = ['of0', 'of1', 'of2', 'of0', 'of1', 'of2']
      .map((name) => `SELECT id FROM ${name}`)
      .join(' UNION ALL ');
    expect(await scanned(`SELECT count(*) FROM (${union})`)).toEqual(['SUCCEEDED', 12]);
    expect(await scanned('SELECT count(*) FROM events a JOIN events b USING (id)')).toEqual(['SUCCEEDED', 2]);
    expect(await aws.query(`SELECT count(*), sum(id) FROM (${union})`)).toEqual([['3000', String(2 * 1_872_750)]]);
  });

  it('and a query read their own partitions of one table', async () => {
    const key = [{ Name: 'day', Type: 'string' }];
    await aws.createTable(jsonTable('daily', { id: 'int' }, { PartitionKeys: key }));
    const { glue } = await aws.lake();
    for (const day of ['a', 'b', 'c']) {
      const PartitionInput = { Values: [day], StorageDescriptor: { Location: `s3://${bucket}/daily/${day}/` } };
      await glue.send(new CreatePartitionCommand({ DatabaseName: 'db', TableName: 'daily', PartitionInput }));
      await aws.putRows(`daily/${day}/x.json`, [{ id: 1 }]);
    }
    const days = [{ name: 'day', type: 'string' }];
    for (const day of ['b', 'c']) {
      await aws.createTable(view(`day_${day}`, `SELECT day FROM daily WHERE day = '${day}'`, days));
    }
    const sql = `SELECT day FROM daily WHERE day = 'a' UNION ALL SELECT * FROM day_b UNION ALL SELECT * FROM day_c`;
    expect(await aws.query(`${sql} ORDER BY 1`)).toEqual([['a'], ['b'], ['c']]);
  });

  it('without their text, and of themselves, are refused', async () => {
    await aws.createTable({ ...view('textless', '', []), ViewOriginalText: 'SELECT 1' });
    expect(await aws.query('SELECT * FROM textless')).toMatch(
      /^INVALID_VIEW: View 'db.textless' has no ViewOriginalText/,
    );
    await aws.createTable(view('loop', 'SELECT * FROM loop', [{ name: 'x', type: 'int' }]));
    expect(await aws.query('SELECT * FROM loop')).not.toEqual(expect.any(Array));
  });
});

describe('the process of the engine', () => {
  it('ends when nobody asks, and starts anew', async () => {
    const clock = new ManualClock(Date.parse('2026-01-01T00:00:00Z'));
    const idle = await startAthena({ clock });
    try {
      expect(await idle.query('SELECT 1')).toEqual([['1']]);
      await clock.advance(30_000);
      expect(await idle.query('SELECT 2')).toEqual([['2']]);
    } finally {
      await idle.stop();
    }
  });
});
