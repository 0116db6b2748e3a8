import { createSupervisor } from '../../../activities/supervisor/client';

/** A worker reduced to its supervisor: runs the given line of bash until it is killed. argv: supervisor script, lease in ms, line. */
const [script = '', leaseMs = '', line = ''] = process.argv.slice(2);
const supervisor = createSupervisor({ script, leaseMs: Number(leaseMs) });
supervisor
  .run(
    { file: '/bin/bash', args: ['-c', line], env: { PATH: '/usr/bin:/bin' }, timeoutMs: 120_000, outputLimit: 1_000 },
    new AbortController().signal,
  )
  .then(({ ending }) => console.log(`ending:${ending}`))
  .catch((error: unknown) => console.error(error));
