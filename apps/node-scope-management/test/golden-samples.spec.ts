import { accessChangedV1, type AccessChangedV1 } from '@bastion/contracts';
import { readdirSync, readFileSync } from 'node:fs';
import { toWire } from '../src/outbox/to-wire.js';
import { eventFromWire } from '../src/facts/from-wire.js';

/**
 * The newest samples of libs/contracts, written as this producer writes them. A digest that came out
 * otherwise would name another history than the one that consumers have.
 */
const SAMPLES = new URL('../../../libs/contracts/samples/access-changed.v1/', import.meta.url);

const newest = new URL(`${readdirSync(SAMPLES).sort().at(-1)}/`, SAMPLES);

const samples = readdirSync(newest)
  .sort()
  .map((file) => [file, JSON.parse(readFileSync(new URL(file, newest), 'utf8')) as Sent] as const)
  // What did not fit into a message is not in its sample.
  .filter(([, { kind }]) => kind === 'CHANGES');

type Sent = Extract<AccessChangedV1, { kind: 'CHANGES' }>;

describe('the golden samples of today', () => {
  it('are there', () => {
    expect(samples.length).toBeGreaterThan(0);
  });

  it.each(samples)('%s is what is sent for its events, to the byte', (_, sample) => {
    const { tenantId, epoch, revision, committedAt, previousDigest } = sample;
    const factsDigest = sample.factsDigest ?? '';
    const position = { tenantId, epoch, revision, committedAt, previousDigest, factsDigest };
    const message = toWire(position, sample.events.map(eventFromWire));
    expect(JSON.stringify(message)).toBe(JSON.stringify(sample));
    expect(accessChangedV1.parse(message)).toEqual(sample);
  });
});
