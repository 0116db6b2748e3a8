import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './paths.mjs';
import { findOnPath, progress, run, SetupError, tail } from './run.mjs';

export const KAFKA_VERSION = '4.1.0';

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>everstorm</groupId><artifactId>kafka-jars</artifactId><version>1</version>
  <dependencies><dependency>
    <groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>${KAFKA_VERSION}</version>
  </dependency></dependencies>
</project>
`;
const REMEDY = 'Or point EVERSTORM_KAFKA_BROKERS at a running Kafka.';

async function fetchJars(lib, { log, env }) {
  const maven = findOnPath('mvn', env.PATH);
  if (!maven) {
    throw new SetupError(
      `Kafka's jars are not in ${lib} and Maven, which fetches them, is not on PATH. ` +
        `Install it (Debian: apt install maven). ${REMEDY}`,
    );
  }
  const folder = join(lib, '..');
  mkdirSync(folder, { recursive: true });
  const temporary = mkdtempSync(join(folder, '.fetching-'));
  log(`kafka: fetching Apache Kafka ${KAFKA_VERSION} with Maven (once; 43 MB) …`);
  const done = progress(log, 'kafka: fetching');
  try {
    writeFileSync(join(temporary, 'pom.xml'), POM);
    const out = join(temporary, 'lib');
    const args = ['-q', '-B', 'dependency:copy-dependencies', `-DoutputDirectory=${out}`];
    const { code, output } = await run(maven, args, { cwd: temporary, env });
    if (code !== 0) throw new SetupError(`Fetching Kafka failed (mvn exit ${code}):\n${tail(output)}\n${REMEDY}`);
    if (existsSync(lib)) return; // somebody else was faster
    renameSync(out, lib);
  } finally {
    log(`kafka: fetch ended after ${done()} s`);
    rmSync(temporary, { recursive: true, force: true });
  }
}

/**
 * What is needed to start Kafka: `java` and the folder of its jars (in our cache; fetched with Maven when missing).
 * Throws SetupError with the remedy.
 * @returns {Promise<{java: string, lib: string}>}
 */
export async function ensureKafka({ log, env = process.env }) {
  const java = findOnPath('java', env.PATH);
  if (!java) {
    throw new SetupError(
      `Java is not on PATH; Kafka needs version 17 or newer (Debian: apt install openjdk-17-jre-headless). ${REMEDY}`,
    );
  }
  const lib = join(cacheFolder(env), `kafka-${KAFKA_VERSION}`, 'lib');
  if (!existsSync(lib) || !readdirSync(lib).some((name) => name.startsWith('kafka_')))
    await fetchJars(lib, { log, env });
  return { java, lib };
}
