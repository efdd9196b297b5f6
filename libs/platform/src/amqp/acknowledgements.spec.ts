import type { Channel, ConsumeMessage } from 'amqplib';
import fc from 'fast-check';
import { Acknowledgements } from './acknowledgements.js';

/** What a broker makes of what it is told: each delivered message is settled at most once. */
class BrokerModel {
  readonly unsettled = new Set<number>();
  readonly acked: number[] = [];
  readonly rejected: number[] = [];
  frames = 0;

  readonly channel = {
    ack: ({ fields }: ConsumeMessage, allUpTo = false) => {
      this.frames += 1;
      const tags = allUpTo
        ? [...this.unsettled].filter((tag) => tag <= fields.deliveryTag)
        : [fields.deliveryTag];
      for (const tag of tags) this.settle(tag, this.acked);
    },
    reject: ({ fields }: ConsumeMessage) => this.settle(fields.deliveryTag, this.rejected),
  } as unknown as Channel;

  private settle(tag: number, into: number[]): void {
    // A real one closes the channel for this.
    if (!this.unsettled.delete(tag)) throw new Error(`${tag} is not there to be settled`);
    into.push(tag);
  }
}

const messageOf = (deliveryTag: number) => ({ fields: { deliveryTag } }) as ConsumeMessage;

function subscribed(deliveries: number, prefetch = 1_000) {
  const broker = new BrokerModel();
  const acknowledgements = new Acknowledgements(broker.channel, {
    prefetch,
    onLateSettlement: () => undefined,
  });
  for (let tag = 1; tag <= deliveries; tag += 1) {
    broker.unsettled.add(tag);
    acknowledgements.expect(messageOf(tag));
  }
  return { broker, acknowledgements };
}

const steps = fc.shuffledSubarray([...Array(20).keys()], { minLength: 0 }).chain((tags) =>
  fc.tuple(
    fc.constant(tags.map((tag) => tag + 1)),
    fc.array(fc.constantFrom('ACK', 'REJECT', 'ACK_AND_SEND'), {
      minLength: tags.length,
      maxLength: tags.length,
    }),
  ),
);

describe('acknowledgements', () => {
  it('settle exactly what was settled, in whatever order, and nothing that is open', () => {
    fc.assert(
      fc.property(steps, ([tags, kinds]) => {
        const { broker, acknowledgements } = subscribed(20);
        tags.forEach((tag, index) => {
          if (kinds[index] === 'REJECT') acknowledgements.reject(messageOf(tag), true);
          else acknowledgements.ack(messageOf(tag));
          if (kinds[index] === 'ACK_AND_SEND') acknowledgements.send();
        });
        acknowledgements.send();
        const of = (isRejected: boolean) =>
          tags.filter((_, index) => (kinds[index] === 'REJECT') === isRejected).toSorted(byNumber);
        expect(broker.acked.toSorted(byNumber)).toEqual(of(false));
        expect(broker.rejected.toSorted(byNumber)).toEqual(of(true));
      }),
    );
  });

  it('go in one frame for all that nothing open stands before', () => {
    const { broker, acknowledgements } = subscribed(10);
    for (const tag of [3, 1, 2, 5, 4]) acknowledgements.ack(messageOf(tag));
    acknowledgements.send();
    expect(broker.frames).toBe(1);
    expect(broker.acked).toEqual([1, 2, 3, 4, 5]);
  });

  it('do not wait where the broker would wait for them', () => {
    const { broker, acknowledgements } = subscribed(1, 1);
    acknowledgements.ack(messageOf(1));
    expect(broker.acked).toEqual([1]);
  });
});

function byNumber(a: number, b: number): number {
  return a - b;
}
