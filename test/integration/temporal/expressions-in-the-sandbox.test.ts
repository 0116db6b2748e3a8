import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Outcome } from '../../conformance/adapters/adapter';
import { expressionJudge } from '../../conformance/adapters/expressions';
import { temporalAddress } from '../../helpers/addresses';
import { describeWithShared, sharedLines, sharedPath } from '../../helpers/shared';
import { workflowBundle } from '../../helpers/workflow-bundle';
import type { judgeExpressions } from './expression-workflow';

const FOLDER = 'fixtures/expressions';
const AT_ONCE = 300;
const failureConverterPath = join(__dirname, '../../../src/adapters/temporal/failure-converter.ts');

describeWithShared(FOLDER)('expressions in a Temporal workflow', () => {
  const taskQueue = `expressions-${randomUUID()}`;
  let connection: NativeConnection;
  let raw: Connection;
  let worker: Worker;
  let running: Promise<void>;
  let codePath: string;

  beforeAll(async () => {
    codePath = await workflowBundle(join(__dirname, 'expression-workflow.ts'));
    connection = await NativeConnection.connect({ address: temporalAddress() });
    raw = await Connection.connect({ address: temporalAddress() });
    worker = await Worker.create({ connection, taskQueue, workflowBundle: { codePath } });
    running = worker.run();
  }, 120_000);
  afterAll(async () => {
    worker.shutdown();
    await running;
    await connection.close();
    await raw.close();
  });

  test('mean the same as outside, and the same again on replay', async () => {
    const context = readFileSync(sharedPath(`${FOLDER}/context.json`), 'utf8');
    const lines = ['jinja', 'orquesta'].flatMap((name) => sharedLines(`${FOLDER}/${name}.jsonl`));
    const client = new Client({ connection: raw, dataConverter: { failureConverterPath } });
    const outcomes: Outcome[] = [];
    for (let from = 0; from < lines.length; from += AT_ONCE) {
      const handle = await client.workflow.start<typeof judgeExpressions>('judgeExpressions', {
        workflowId: `expressions-${from}-${randomUUID()}`,
        taskQueue,
        args: [context, lines.slice(from, from + AT_ONCE)],
        workflowExecutionTimeout: '1 minute',
      });
      outcomes.push(...(await handle.result()));
      const history = await handle.fetchHistory();
      await expect(Worker.runReplayHistory({ workflowBundle: { codePath } }, history)).resolves.toBeUndefined();
    }
    expect(outcomes).toEqual(lines.map(expressionJudge(context)));
  }, 120_000);
});
