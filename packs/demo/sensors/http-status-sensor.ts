import { createHash } from 'node:crypto';
import { PollingSensor } from 'everstorm/sensor';

const ANSWER_WITHIN_MS = 5_000;
const NO_ANSWER = 0;

/**
 * Asks `status_url` (pack configuration) and tells when the HTTP status became another; no answer counts as 0. Without a URL it rests.
 * The event's id holds when counting began and the number of the change: a change that is told again after a crash starts nothing twice, and
 * a sensor that lost its state does not give an old id to a new change.
 */
export class HttpStatusSensor extends PollingSensor {
  async poll(signal: AbortSignal): Promise<void> {
    const url = this.config['status_url'];
    if (typeof url !== 'string' || url === '') return;
    const status = await ask(url, signal);
    const known = this.state.get('status');
    const previous = typeof known === 'number' ? known : null;
    if (signal.aborted || status === previous) return;
    const ok = status >= 200 && status < 400;
    // What is seen first is where changes are counted from; only trouble is worth telling.
    if (previous !== null || !ok) await this.tell({ url, status, previous, ok });
    this.state.set('status', status);
  }

  private async tell(change: { url: string; status: number; previous: number | null; ok: boolean }): Promise<void> {
    const began = this.state.get('began') ?? Date.now();
    this.state.set('began', began);
    const count = Number(this.state.get('changes') ?? 0) + 1;
    const page = createHash('sha256').update(change.url).digest('hex').slice(0, 12);
    await this.service.dispatch('demo.http_status', change, { eventId: `${page}:${began}:${count}:${change.status}` });
    this.state.set('changes', count);
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
