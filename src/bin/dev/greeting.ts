import type { PlatformConfig } from '../../config/platform-config';

/** What `dev` prints once it serves. */
export function greeting({ api, temporal, kafka }: PlatformConfig): string[] {
  return [
    '',
    'Everstorm is up.',
    `  API            ${api.url}/api/v1      (OpenAPI: ${api.url}/openapi.json)`,
    `  Temporal       ${temporal.uiUrl ?? temporal.address}             every execution, by its action's name`,
    `  Kafka          ${kafka.brokers.join(',')}                    topic ${kafka.topicPrefix}.events takes CloudEvents from anyone`,
    'Try:',
    "  npx everstorm run core.local cmd='uname -a'",
    '  npx everstorm execution list',
    '  npm run demo',
    'Ctrl-C stops everything.',
  ];
}
