import { createFileSink } from '../../adapters/sinks/file-sink';
import { createSyslogSink } from '../../adapters/sinks/syslog-sink';
import type { AuditSink } from '../../ports/audit-log';
import { startProjection } from '../../services/projection';
import type { Platform } from '../platform';
import { feedHealth } from './role';
import type { StartRole } from './role';

/** Read model and audit sinks. */
export const startAudit: StartRole = async ({ config, kafka, store, metrics, log }) => {
  const projection = await startProjection({
    store,
    events: kafka.eventLog.feed(),
    audit: kafka.auditLog.feed(),
    sinks: sinksOf(config.audit),
    group: `${config.kafka.topicPrefix}.audit`,
    onCompleted: (status) => metrics.executionsCompleted.inc({ status }),
    onState: (feed, state) => {
      if (state.kind === 'retrying')
        log.warn({ feed, reason: state.reason, attempt: state.attempt }, 'audit feed retries');
    },
  });
  const health = projection.feeds.map(({ name, state }) => feedHealth(`audit.${name}`, state));
  return { health, stop: () => projection.stop() };
};

function sinksOf({ file, syslog }: Platform['config']['audit']): AuditSink[] {
  const sinks: AuditSink[] = [];
  if (file !== null) sinks.push(createFileSink({ path: file }));
  if (syslog !== null) {
    const { protocol, hostname: host, port } = new URL(syslog);
    sinks.push(createSyslogSink({ protocol: protocol === 'tcp:' ? 'tcp' : 'udp', host, port: Number(port) }));
  }
  return sinks;
}
