import { createFileSink } from '../../adapters/sinks/file-sink';
import { createSyslogSink } from '../../adapters/sinks/syslog-sink';
import type { AuditSink } from '../../ports/audit-log';
import { executionsGroup, startProjection } from '../../services/projection';
import { createReconciler } from '../../services/reconciler';
import type { Reconciler } from '../../services/reconciler';
import { debugOption } from '../debug-option';
import type { Platform } from '../platform';
import { feedHealth } from './role';
import type { StartRole } from './role';

/** Read model, audit sinks, and what runs could not tell themselves. */
export const startAudit: StartRole = async (platform) => {
  const projection = await startReadModel(platform);
  const reconciler = reconcilerOf(platform);
  reconciler.start();
  return {
    health: projection.feeds.map(({ name, state }) => feedHealth(`audit.${name}`, state)),
    stop: async () => {
      await reconciler.stop();
      await projection.stop();
    },
  };
};

const startReadModel = ({ config, kafka, store, metrics, log }: Platform): ReturnType<typeof startProjection> =>
  startProjection({
    store,
    events: kafka.eventLog.feed(),
    deadLetters: kafka.deadLetters.feed(),
    audit: kafka.auditLog.feed(),
    sinks: sinksOf(config.audit),
    group: `${config.kafka.topicPrefix}.audit`,
    onCompleted: (status) => metrics.executionsCompleted.inc({ status }),
    onState: (feed, state) => {
      if (state.kind === 'retrying')
        log.warn({ feed, reason: state.reason, attempt: state.attempt }, 'audit feed retries');
    },
  });

const reconcilerOf = ({ config, kafka, temporal, store, metrics, log }: Platform): Reconciler =>
  createReconciler({
    runs: temporal.runs,
    executions: temporal.executions,
    audit: kafka.auditLog,
    store,
    group: executionsGroup(`${config.kafka.topicPrefix}.audit`),
    log,
    now: Date.now,
    onReconciled: (status) => metrics.runsReconciled.inc({ status }),
    ...debugOption(config),
  });

function sinksOf({ file, syslog }: Platform['config']['audit']): AuditSink[] {
  const sinks: AuditSink[] = [];
  if (file !== null) sinks.push(createFileSink({ path: file }));
  if (syslog !== null) {
    const { protocol, hostname: host, port } = new URL(syslog);
    sinks.push(createSyslogSink({ protocol: protocol === 'tcp:' ? 'tcp' : 'udp', host, port: Number(port) }));
  }
  return sinks;
}
