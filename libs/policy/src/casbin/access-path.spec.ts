import { readsOf, ruleIndexes } from './access-path.js';
import { readModel } from './model.js';
import { planFor, type Plan } from './plan.js';

function planOf(matcher: string): Plan {
  const model = `[request_definition]
r = a, b
[policy_definition]
p = a, b, c
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = ${matcher}`;
  return planFor(readModel(model), new Map());
}

describe('rows', () => {
  it.each([
    ['r.a == p.a', [[0]]],
    ['g(r.a, p.c, r.b) && g(r.b, p.b, r.b)', [[2], [1, 2]]],
    ['r.a == p.c && g(r.b, p.a, "x")', [[0, 2]]],
    ['r.a != p.a', []],
    ['r.a == p.a && r.b == p.c && p.b == "x"', []],
    ['r.a == p.c && g(r.b, p.a, "x") && g(r.b, p.b, "x")', [[0, 2]]],
  ])('have the indexes that are needed, beside that of whole rows: %s', (matcher, indexes) => {
    expect(ruleIndexes(planOf(matcher))).toEqual(indexes);
  });

  it('are looked up in the domain that an equality gives them', () => {
    const plan = planOf('p.a == "x" && r.b == p.c && g(r.a, p.b, p.c)');
    expect(plan.links.map(({ domain }) => domain)).toEqual([{ type: 'request', field: 1 }]);
    expect(planOf('p.a == "x" && g(r.a, p.b, p.c)').links).toEqual([]);
  });

  it.each([
    ['r.b == p.a && p.c == "x"', [[1, true]]],
    [
      'g(r.a, p.a, r.b)',
      [
        [0, false],
        [1, false],
      ],
    ],
    [
      'g(r.a, p.a, r.b) && p.b == r.b',
      [
        [1, true],
        [0, false],
      ],
    ],
    ['g("x", p.a, "x")', []],
  ])(
    'are looked up by the fields of the request that equal one, then by others: %s',
    (matcher, reads) => {
      expect(readsOf(planOf(matcher)).map(({ field, exact }) => [field, exact])).toEqual(reads);
    },
  );
});
