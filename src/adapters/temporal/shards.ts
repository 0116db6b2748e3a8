import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { shardWorkflowId } from '../../model/ids';
import type { ShardKeyState, ShardSpec, Tell } from '../../model/shard';
import { WORKFLOW_TASK_TIMEOUT_MS } from '../../model/timings';
import type { ShardPlace, Shards, WantedShards } from '../../ports/shards';
import { KEY_QUERY, SHARD_WORKFLOW_TYPE, TELL_SIGNAL } from '../../../workflows/contract';
import { call, isNotFound } from './client';
import type { TemporalClient } from './client';
import { inSlices } from './in-slices';
import { listOpen } from './open-runs';

/** Bounds a signal's size: a tell takes some hundred bytes, its key included. */
const TELLS_AT_ONCE = 1_000;
const AT_ONCE = 8;
const RULE_REF = defineSearchAttributeKey('RuleRef', SearchAttributeType.KEYWORD);

/** Shards of rules that remember, as workflows on Temporal. */
export function createShards(temporalClient: TemporalClient, taskQueue: string): Shards {
  const { client, connection } = temporalClient;
  const idOf = ({ spec, shard }: ShardPlace): string => shardWorkflowId(spec.rule.ref, spec.version, shard);

  const tell = (place: ShardPlace, tells: readonly Tell[]): Promise<unknown> =>
    call(connection, () =>
      client.workflow.signalWithStart<(spec: ShardSpec) => Promise<void>, [Tell[]]>(SHARD_WORKFLOW_TYPE, {
        workflowId: idOf(place),
        taskQueue,
        args: [place.spec],
        signal: TELL_SIGNAL,
        signalArgs: [[...tells]],
        workflowTaskTimeout: WORKFLOW_TASK_TIMEOUT_MS,
        staticSummary: place.spec.rule.ref,
        typedSearchAttributes: [{ key: RULE_REF, value: place.spec.rule.ref }],
      }),
    );

  const cancel = async (run: { workflowId: string; runId: string }): Promise<void> => {
    try {
      await call(connection, () => client.workflow.getHandle(run.workflowId, run.runId).cancel());
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };

  return {
    tell: async (place, tells) => {
      for (let from = 0; from < tells.length; from += TELLS_AT_ONCE)
        await tell(place, tells.slice(from, from + TELLS_AT_ONCE));
    },
    about: async (place, key) => {
      try {
        return await call(connection, () =>
          client.workflow.getHandle(idOf(place)).query<ShardKeyState, [string]>(KEY_QUERY, key),
        );
      } catch (error) {
        if (isNotFound(error)) return null;
        throw error;
      }
    },
    retire: async (wanted) => {
      const open = await listOpen({ temporalClient, taskQueue, type: SHARD_WORKFLOW_TYPE });
      if (open.length === 0) return;
      const prefixes = new Set((await wanted()).map(prefixOf));
      const unwanted = open.filter(({ workflowId }) => !prefixes.has(workflowId.replace(/[^/]*$/, '')));
      await inSlices(unwanted, AT_ONCE, cancel);
    },
  };
}

const prefixOf = ({ ruleRef, version }: WantedShards): string => shardWorkflowId(ruleRef, version, 0).replace(/0$/, '');
