import { runCases, UsageError } from './run';

/** `npm run conformance`: exit code 1 when a case failed, 2 for a command that makes no sense. */
try {
  const { failed } = runCases(process.argv.slice(2), (line) => console.log(line));
  process.exitCode = failed > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
