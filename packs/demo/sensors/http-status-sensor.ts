import { createHash } from 'node:crypto';
import { PollingSensor } from 'everstorm/sensor';

const ANSWER_WITHIN_MS = 5_000;
const NO_ANSWER = 0;

/**
 * Asks `status_url` (pack configuration) and tells when the HTTP status became another; no answer counts as 0. Without a URL it rests.
 * The event's id holds the number of the change, so a change that is told again after a crash starts nothing twice.
 */
export class HttpStatusSensor extends PollingSensor {
  async poll(signal: AbortSignal): Promise<void> {
    const url = this.config['status_url'];
    if (typeof url !== 'string' || url === '') return;
    const status = await ask(url, signal);
    const known = this.state.get('status');
    const previous = typeof known === 'number' ? known : null;
    if (signal.aborted || status === previous) return;
    const changes = this.state.get('changes');
    const change = (typeof changes === 'number' ? changes : 0) + 1;
    const ok = status >= 200 && status < 400;
    await this.service.dispatch(
      'demo.http_status',
      { url, status, previous, ok },
      { eventId: `${createHash('sha256').update(url).digest('hex').slice(0, 12)}:${change}:${status}` },
    );
    this.state.set('status', status);
    this.state.set('changes', change);
  }
}

async function ask(url: string, signal: AbortSignal): Promise<number> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]) });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return NO_ANSWER;
  }
}
