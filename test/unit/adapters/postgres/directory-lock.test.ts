import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockDirectory } from '../../../../src/adapters/postgres/directory-lock';

describe('the lock of a directory', () => {
  let directory: string;
  const file = (): string => join(directory, 'everstorm.lock');
  beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'everstorm-lock-'))));
  afterEach(() => rmSync(directory, { recursive: true }));

  it('is refused while it is held, by this process too, and free after it was given back', () => {
    const unlock = lockDirectory(directory);
    expect(() => lockDirectory(directory)).toThrow(`in use by process ${process.pid}`);
    unlock();
    lockDirectory(directory)();
    expect(readdirSync(directory)).toEqual([]);
  });

  it.each([
    ['of a dead process', { pid: 2 ** 22 + 1, startTime: '1', nonce: 'n' }],
    ['whose pid was given to another process', { pid: process.pid, startTime: '1', nonce: 'n' }],
    ['that is no lock', 'garbage'],
  ])('is taken over when it is one %s', (_case, content) => {
    writeFileSync(file(), JSON.stringify(content));
    const unlock = lockDirectory(directory);
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ pid: process.pid });
    expect(readdirSync(directory)).toEqual(['everstorm.lock']);
    unlock();
  });

  it('is not removed by a former holder after somebody took it over', () => {
    const unlock = lockDirectory(directory);
    writeFileSync(file(), JSON.stringify({ pid: 1, startTime: null, nonce: 'other' }));
    unlock();
    expect(readdirSync(directory)).toEqual(['everstorm.lock']);
  });
});
