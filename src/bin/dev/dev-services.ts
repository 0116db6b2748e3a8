import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PartialPlatformConfig } from '../../config/platform-config';
import { isOurs, serviceNotes, stopProcess } from './service-state';
import type { ServiceNote } from './service-state';
import { loadServicesLibrary } from './scripts-library';
import type { ServicesLibrary, StartedService } from './scripts-library';

const USUAL = { temporal: 7233, temporalUi: 8233, kafka: 9092, kafkaController: 9093 };

/** Temporal and Kafka for `dev`: those the environment names, else our own (docs/adr/0002). */
export interface DevServices {
  temporalAddress: string;
  /** Null when a foreign Temporal is used and EVERSTORM_TEMPORAL_UI_URL does not say. */
  temporalUiUrl: string | null;
  kafkaBrokers: string[];
  /** Stops what we started or took over; foreign services are left alone. */
  stop(): Promise<void>;
}

interface Context {
  library: ServicesLibrary;
  home: string;
  codecEndpoint: string;
  say: (line: string) => void;
}
interface Own {
  note: ServiceNote;
  stop(): Promise<void>;
}

export async function startDevServices(
  config: PartialPlatformConfig,
  codecEndpoint: string,
  say: (line: string) => void,
): Promise<DevServices> {
  mkdirSync(join(config.home, 'logs'), { recursive: true });
  const notes = serviceNotes(join(config.home, 'services.json'));
  const context: Context = { library: await loadServicesLibrary(), home: config.home, codecEndpoint, say };
  const old = notes.read();
  const own: Own[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(own.map((service) => service.stop()));
    notes.remove();
  };
  try {
    let temporalAddress = config.temporal.address;
    let temporalUiUrl = config.temporal.uiUrl;
    if (temporalAddress === null) {
      const temporal = await ownService(context, old.temporal, temporalRecipe);
      own.push(temporal);
      notes.write({ ...notes.read(), temporal: temporal.note });
      temporalAddress = `127.0.0.1:${temporal.note.port}`;
      temporalUiUrl ??= `http://127.0.0.1:${temporal.note.uiPort}`;
    }
    let kafkaBrokers = config.kafka.brokers;
    if (kafkaBrokers === null) {
      const kafka = await ownService(context, old.kafka, kafkaRecipe);
      own.push(kafka);
      notes.write({ ...notes.read(), kafka: kafka.note });
      kafkaBrokers = [`127.0.0.1:${kafka.note.port}`];
    }
    return { temporalAddress, temporalUiUrl, kafkaBrokers, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Recipe {
  name: string;
  healthy(context: Context, note: ServiceNote): Promise<boolean>;
  start(context: Context): Promise<{ note: ServiceNote; service: StartedService }>;
}

/** Takes over the one an earlier, killed `dev` left behind, or starts a new one. */
async function ownService(context: Context, noted: ServiceNote | undefined, recipe: Recipe): Promise<Own> {
  const { home, say } = context;
  if (noted && isOurs(noted.pid, home)) {
    if (await recipe.healthy(context, noted)) {
      say(`${recipe.name}: taking over the one an earlier run left behind (pid ${noted.pid}, port ${noted.port})`);
      return { note: noted, stop: () => stopProcess(noted.pid, home) };
    }
    await stopProcess(noted.pid, home);
  }
  const { note, service } = await recipe.start(context);
  say(`${recipe.name}: started (pid ${note.pid}, port ${note.port})`);
  return { note, stop: () => service.stop() };
}

/** The usual port when it is free, else any free one: whoever has the usual one is left alone. */
async function choosePort({ library, say }: Context, what: string, usual: number): Promise<number> {
  if (!(await library.portTaken({ port: usual }))) return usual;
  const [free] = await library.findFreePorts(1);
  say(`${what}: port ${usual} is in use by another program, using ${free}`);
  return free as number;
}

const temporalRecipe: Recipe = {
  name: 'Temporal',
  healthy: ({ library }, note) => library.temporalHealthy({ port: note.port }),
  start: async (context) => {
    const port = await choosePort(context, 'Temporal', USUAL.temporal);
    const uiPort = await choosePort(context, 'Temporal Web UI', USUAL.temporalUi);
    const service = await context.library.startTemporal({
      port,
      uiPort,
      dbFile: join(context.home, 'temporal', 'temporal.db'),
      logFile: join(context.home, 'logs', 'temporal.log'),
      codecEndpoint: context.codecEndpoint,
      detached: true,
      log: context.say,
    });
    return { note: { pid: service.pid, port, uiPort }, service };
  },
};

const kafkaRecipe: Recipe = {
  name: 'Kafka',
  healthy: ({ library }, note) => library.kafkaHealthy({ port: note.port }),
  start: async (context) => {
    const port = await choosePort(context, 'Kafka', USUAL.kafka);
    const controllerPort = await choosePort(context, 'Kafka controller', USUAL.kafkaController);
    const service = await context.library.startKafka({
      port,
      controllerPort,
      dataDir: join(context.home, 'kafka'),
      logFile: join(context.home, 'logs', 'kafka.log'),
      detached: true,
      log: context.say,
    });
    return { note: { pid: service.pid, port }, service };
  },
};
