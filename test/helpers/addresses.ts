/** Addresses of the real servers that the integration tests share; set by global-setup.ts. */
function required(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: run the integration tests through \`npm test\` or \`npm run integration\``);
  return value;
}

export const temporalAddress = (): string => required('EVERSTORM_TEST_TEMPORAL');
export const kafkaBroker = (): string => required('EVERSTORM_TEST_KAFKA');
