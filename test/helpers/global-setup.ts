import { startTestServices } from './test-services';

/** One Temporal, one Kafka and (where it is installed) one Postgres for the whole jest run. */
// eslint-disable-next-line import-x/no-default-export -- jest asks for a default export
export default async function globalSetup(): Promise<void> {
  Object.assign(process.env, await startTestServices());
}
