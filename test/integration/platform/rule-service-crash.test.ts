import { createSender, planInputs } from '../../../src/bin/demo/inputs';
import { createTracer } from '../../../src/bin/demo/trail';
import { executionIdForEvent } from '../../../src/model/ids';
import { ExecutionStatus, isCompleted } from '../../../src/model/statuses';
import { kafkaBroker } from '../../helpers/addresses';
import { newDevPlatform } from '../../helpers/dev-process';
import type { DevPlatform } from '../../helpers/dev-process';
import { until } from '../temporal/support';
import { enforcementsOf, executionsOf } from './api';

const POINTS = ['after-consume', 'after-start', 'before-commit'] as const;

describe('a rule service that dies in the middle of its work', () => {
  let platform: DevPlatform;
  beforeAll(async () => {
    platform = await newDevPlatform();
    await platform.start();
  }, 120_000);
  afterAll(() => platform.dispose());

  it.each(POINTS)(
    'has one execution and one enforcement after it dies at %s',
    async (point) => {
      await platform.stop();
      const since = new Date(Date.now() - 5_000).toISOString();
      const input = planInputs(point, 1).find(({ kind }) => kind === 'cloudevent');
      if (!input) throw new Error('the demo has no CloudEvent');
      const sender = await createSender({
        apiUrl: platform.apiUrl,
        brokers: [kafkaBroker()],
        eventsTopic: platform.eventsTopic,
        checksFile: '/dev/null',
      });
      await sender.send(input);
      await sender.close();
      platform.launch({ EVERSTORM_DEBUG_POINT: point });
      expect(await platform.ended(60_000)).toBe('SIGKILL');

      await platform.start();
      const [trail] = await createTracer(platform.apiUrl, since).follow([input], 60_000);
      const expected = executionIdForEvent('rule:demo:alert', '/demo/kafka-client', input.host);
      const instances = trail?.instanceIds ?? [];
      expect(instances).toHaveLength(1);
      const enforcements = (await enforcementsOf(platform.apiUrl, input.ruleRef)).filter(
        ({ trigger_instance_id: id }) => instances.includes(id),
      );
      expect(enforcements).toMatchObject([{ id: expected, execution_id: expected, status: 'succeeded' }]);
      // The list follows what happened within a moment.
      const executions = await until('the end in the list', async () => {
        const all = await executionsOf(platform.apiUrl, 'demo.diagnose');
        const found = all.filter(({ trigger_instance: of }) => instances.includes(of?.id ?? ''));
        return found.length > 0 && found.every(({ status }) => isCompleted(status as ExecutionStatus)) && found;
      });
      expect(executions.map(({ id }) => id)).toEqual([expected]);
      // Killed after the start, the action may have been under way in the same process: it is not repeated then.
      expect([ExecutionStatus.succeeded, ExecutionStatus.abandoned]).toContain(executions[0]?.status);
    },
    120_000,
  );
});
