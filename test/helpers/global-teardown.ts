import { stopTestServices } from './test-services';

// eslint-disable-next-line import-x/no-default-export -- jest asks for a default export
export default async function globalTeardown(): Promise<void> {
  await stopTestServices();
}
