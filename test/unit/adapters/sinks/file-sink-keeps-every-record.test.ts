import { mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileSink } from '../../../../src/adapters/sinks/file-sink';
import { record } from './record';

const lines = (path: string): unknown[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
const fresh = (): string => join(mkdtempSync(join(tmpdir(), 'everstorm-sink-')), 'audit.jsonl');

describe('file sink', () => {
  it('writes one JSON line per record, in order, also for concurrent writes', async () => {
    const path = fresh();
    const sink = createFileSink({ path });
    await Promise.all([sink.write([record(0), record(1)]), sink.write([record(2)]), sink.write([])]);
    await sink.close();
    expect(lines(path)).toEqual([record(0), record(1), record(2)]);
  });

  it('goes on in an existing file', async () => {
    const path = fresh();
    for (const n of [0, 1]) {
      const sink = createFileSink({ path });
      await sink.write([record(n)]);
      await sink.close();
    }
    expect(lines(path)).toEqual([record(0), record(1)]);
  });

  it('begins a new file when somebody moved the old one away', async () => {
    const path = fresh();
    const sink = createFileSink({ path });
    await sink.write([record(0)]);
    renameSync(path, `${path}.moved`);
    await sink.write([record(1)]);
    await sink.close();
    expect([lines(`${path}.moved`), lines(path)]).toEqual([[record(0)], [record(1)]]);
  });

  it('rotates by size and keeps so many files', async () => {
    const path = fresh();
    const sink = createFileSink({ path, rotateAtBytes: 10, keep: 2 });
    for (const n of [0, 1, 2, 3]) await sink.write([record(n)]);
    await sink.close();
    expect([lines(path), lines(`${path}.1`), lines(`${path}.2`)]).toEqual([[record(3)], [record(2)], [record(1)]]);
  });

  it('throws when the file cannot be written', async () => {
    const sink = createFileSink({ path: '/nonexistent/directory/audit.jsonl' });
    await expect(sink.write([record(0)])).rejects.toMatchObject({ code: 'ENOENT' });
    await sink.close();
  });
});
