import { Holders } from './holders.js';
import { roleIndexes } from './reached.js';
import { Relation } from './relation.js';

const [ALICE, ENG, STAFF, GONE, BEHIND, NOBODY] = [1, 2, 3, 4, 5, 6];

function relationOf(columns: number, rows: readonly (readonly number[])[]): Relation {
  const shape = { fieldCount: columns, keyCount: columns };
  const relation = Relation.empty(shape, columns === 1 ? [] : roleIndexes(false), 1);
  for (const row of rows) relation.add(Int32Array.from(row));
  return relation;
}

const memberships = relationOf(2, [
  [ALICE, ENG],
  [ENG, STAFF],
  [STAFF, ENG],
  [ALICE, GONE],
  [GONE, BEHIND],
]);
const groups = relationOf(1, [[ENG], [STAFF], [BEHIND]]);

describe('the holders of what a member holds', () => {
  it('are the member and all existing groups around it, each once', () => {
    const holders = new Holders();
    holders.start(memberships, groups, ALICE, -1);
    expect([0, 1, 2, 3].map((n) => holders.at(n))).toEqual([ALICE, ENG, STAFF, -1]);
    holders.start(memberships, groups, GONE, -1);
    expect([0, 1, 2].map((n) => holders.at(n))).toEqual([GONE, BEHIND, -1]);
  });

  it('end with the group that takes no membership, and with none that is around it', () => {
    const holders = new Holders();
    holders.start(memberships, groups, ALICE, BEHIND);
    expect([0, 1, 2, 3, 4].map((n) => holders.at(n))).toEqual([ALICE, ENG, STAFF, BEHIND, -1]);
    holders.start(memberships, groups, NOBODY, STAFF);
    expect([0, 1, 2].map((n) => holders.at(n))).toEqual([NOBODY, STAFF, -1]);
  });

  it('keep no version alive that is not asked any more', () => {
    const holders = new Holders();
    holders.start(memberships, groups, ALICE, -1);
    holders.release();
    expect(() => holders.at(1)).toThrow(TypeError);
  });
});
