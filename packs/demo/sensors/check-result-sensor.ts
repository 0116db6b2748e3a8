import { pause, Sensor } from 'everstorm/sensor';
import { normaliseCheck } from './check-result';
import type { Line } from './line-tail';
import { LineTail } from './line-tail';

const LOOK_EVERY_MS = 250;

/**
 * Follows `checks_file` (pack configuration): one check result a line, as JSON. An event's id is the line's place (inode:offset) with a short
 * hash of the line, so a line that is read again after a crash starts nothing twice, and a place that is reused after truncation does.
 */
export class CheckResultSensor extends Sensor {
  async run(signal: AbortSignal): Promise<void> {
    const path = this.config['checks_file'];
    if (typeof path !== 'string') throw new Error('expected `checks_file` in the configuration of pack demo');
    const tail = new LineTail(path, this.state.get('position'));
    while (!signal.aborted) {
      const lines = await tail.read();
      for (const line of lines) {
        if (signal.aborted) return;
        await this.tell(line);
        this.state.set('position', { ...line.after });
      }
      if (lines.length === 0) await pause(LOOK_EVERY_MS, signal);
    }
  }

  private async tell(line: Line): Promise<void> {
    const payload = normaliseCheck(line.text);
    if (payload === null) {
      if (line.text.trim() !== '') this.logger.warn(`line at ${line.id} is no check result and was skipped`);
      return;
    }
    await this.service.dispatch('demo.check_result', payload, { eventId: line.id });
  }
}
