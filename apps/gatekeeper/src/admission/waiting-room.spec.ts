import fc from 'fast-check';
import { WaitingRoom } from './waiting-room.js';

const PLACES = 16;
const anyStep = fc.record({
  tenantId: fc.constantFrom('a', 'b', 'c'),
  enters: fc.boolean(),
});

describe('the waiting room', () => {
  it('has a place for exactly whoever has fewer than are free', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 200, size: 'max' }), (steps) => {
        const room = new WaitingRoom(PLACES);
        const waiting: { tenantId: string; leave: () => void }[] = [];
        for (const { tenantId, enters } of steps) {
          if (!enters) {
            waiting.shift()?.leave();
            continue;
          }
          const own = waiting.filter((each) => each.tenantId === tenantId).length;
          if (own < PLACES - waiting.length) {
            waiting.push({ tenantId, leave: room.enter(tenantId) });
          } else {
            expect(() => room.enter(tenantId)).toThrow('too much to do');
          }
        }
      }),
    );
  });

  it('gives one tenant half of the places, and the next one still has some', () => {
    const room = new WaitingRoom(PLACES);
    const enter = (tenantId: string) => () => room.enter(tenantId);
    for (let n = 0; n < PLACES / 2; n += 1) enter('a')();
    expect(enter('a')).toThrow();
    for (let n = 0; n < PLACES / 4; n += 1) enter('b')();
    expect(enter('b')).toThrow();
    expect(enter('c')).not.toThrow();
  });
});
