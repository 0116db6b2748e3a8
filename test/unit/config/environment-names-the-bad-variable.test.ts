import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveFiles } from '../../../src/config/environment';
import { completeConfig, parsePlatformConfig } from '../../../src/config/platform-config';

const parse = (environment: Record<string, string>) => parsePlatformConfig(environment, '/packs');

describe('configuration', () => {
  it('names every bad variable and what was expected', () => {
    expect(() => parse({ EVERSTORM_API_PORT: 'abc', EVERSTORM_KAFKA_BROKERS: 'nohost' })).toThrow(
      /EVERSTORM_KAFKA_BROKERS.*host:port.*EVERSTORM_API_PORT|EVERSTORM_API_PORT.*EVERSTORM_KAFKA_BROKERS.*host:port/,
    );
  });
  it('says what serve lacks', () => {
    expect(() => completeConfig(parse({}))).toThrow(
      /EVERSTORM_TEMPORAL_ADDRESS.*EVERSTORM_KAFKA_BROKERS.*DATABASE_URL/,
    );
  });
  it('reads secrets from files', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'everstorm-config-')), 'url');
    writeFileSync(file, 'postgres://db/everstorm\n');
    expect(resolveFiles({ DATABASE_URL_FILE: file })['DATABASE_URL']).toBe('postgres://db/everstorm');
    expect(() => resolveFiles({ DATABASE_URL_FILE: '/nonexistent' })).toThrow(/DATABASE_URL_FILE/);
  });
});
