import * as timings from '../../../src/model/timings';

const {
  HEARTBEAT_TIMEOUT_MS: heartbeat,
  HEARTBEAT_THROTTLE_MS: throttle,
  HEARTBEAT_EVERY_MS: every,
  STICKY_QUEUE_TIMEOUT_MS: sticky,
  LEASE_MS: lease,
  LEASE_RENEWAL_MS: renewal,
  KILL_GRACE_MS: grace,
  CONTACT_LOST_MS: contact,
  CONTACT_PROBE_MS: probe,
  ADOPTION_WITHIN_MS: adoption,
  OUTAGE_AFTER_MS: outage,
} = timings;

/** Counted from the moment in which a worker is stopped or cut off; the last heartbeat heard may be one throttle older. */
const earliestVerdict = heartbeat - throttle + adoption;
const latestVerdict = heartbeat + sticky + adoption;

describe('the times of guarantee 4 hold together', () => {
  it('the actions of a stopped worker are dead before anyone declares them abandoned or runs them again', () => {
    expect(lease + lease / 10 + grace).toBeLessThan(earliestVerdict);
  });
  it('so are those of a worker that is cut off from Temporal', () => {
    expect(contact + probe + grace).toBeLessThan(earliestVerdict);
  });
  it('abandoned is known within 15 s', () => expect(latestVerdict).toBeLessThan(15_000));
  it('a cancellation is learned and SIGTERM sent within 3 s', () =>
    expect(every + throttle).toBeLessThanOrEqual(3_000));
  it('a busy worker misses several renewals before its lease lapses', () => expect(lease / renewal).toBeGreaterThan(5));
  it('a dead worker is no outage', () => expect(outage).toBeGreaterThan(heartbeat + throttle + sticky));
});
