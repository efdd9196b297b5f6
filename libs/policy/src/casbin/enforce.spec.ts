import { DefaultRoleManager, newEnforcer, newModelFromString } from 'casbin';
import fc from 'fast-check';
import {
  arbitraryChanges,
  arbitraryCommonPolicy,
  arbitraryPolicy,
  arbitraryRequest,
  arbitraryRow,
  FUNCTIONS,
} from '../../test/arbitrary-policy.js';
import { enforceNaively, modelOf, type NaivePolicy } from '../../test/naive-enforcer.js';
import { compile } from './compile.js';
import type { CompiledPolicy } from './compiled-policy.js';
import type { PolicyChange, PolicyRow } from './policy-row.js';

const requests = fc.array(arbitraryRequest, { minLength: 1, maxLength: 12 });

function rowsOf(policy: NaivePolicy, maxLength: number): fc.Arbitrary<PolicyRow[]> {
  return fc.array(arbitraryRow(policy), { maxLength });
}

/** The rows after the changes, as a set. */
function changed(rows: readonly PolicyRow[], changes: readonly PolicyChange[]): PolicyRow[] {
  const byText = new Map(rows.map((row) => [JSON.stringify(row), row]));
  for (const { type, row } of changes) {
    if (type === 'add') byText.set(JSON.stringify(row), row);
    else byText.delete(JSON.stringify(row));
  }
  return [...byText.values()];
}

function sorted(rows: readonly PolicyRow[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

function compileOf(policy: NaivePolicy, policies: readonly PolicyRow[]): CompiledPolicy {
  return compile({ model: modelOf(policy), policies, functions: FUNCTIONS });
}

describe('a compiled policy', () => {
  it('answers as the naive evaluation of every rule does', () => {
    const cases = arbitraryPolicy.chain((policy) =>
      fc.record({ policy: fc.constant(policy), rows: rowsOf(policy, 40), requests }),
    );
    fc.assert(
      fc.property(cases, ({ policy, rows, requests: asked }) => {
        const compiled = compileOf(policy, rows);
        expect(compiled.batchEnforce(asked)).toEqual(
          asked.map((request) => enforceNaively(policy, rows, request)),
        );
      }),
      { numRuns: 1_500 },
    );
  });

  it('answers as node-casbin does', async () => {
    const cases = arbitraryCommonPolicy.chain((policy) =>
      fc.record({ policy: fc.constant(policy), rows: rowsOf(policy, 14), requests }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ({ policy, rows, requests: asked }) => {
        const enforcer = await casbinOf(policy, rows);
        expect(compileOf(policy, rows).batchEnforce(asked)).toEqual(
          asked.map((request) => enforcer.enforceSync(...request)),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('names a rule that decides the same on its own', () => {
    const cases = arbitraryPolicy.chain((policy) =>
      fc.record({
        policy: fc.constant(policy),
        rows: rowsOf(policy, 30),
        request: arbitraryRequest,
      }),
    );
    fc.assert(
      fc.property(cases, ({ policy, rows, request }) => {
        const { allowed, rule } = compileOf(policy, rows).enforceEx(...request);
        expect(allowed).toBe(enforceNaively(policy, rows, request));
        if (rule === undefined) return;
        expect(sorted(rows)).toContain(JSON.stringify(rule));
        const links = rows.filter(([name]) => name !== 'p');
        expect(enforceNaively(policy, [...links, rule], request)).toBe(allowed);
      }),
      { numRuns: 500 },
    );
  });

  it('equals, after any changes, one compiled from scratch, and its old versions stay as they were', () => {
    const cases = arbitraryPolicy.chain((policy) =>
      fc.record({
        policy: fc.constant(policy),
        rows: rowsOf(policy, 40),
        steps: fc.array(arbitraryChanges(policy), { minLength: 1, maxLength: 5 }),
        requests,
      }),
    );
    fc.assert(
      fc.property(cases, ({ policy, rows, steps, requests: asked }) => {
        const versions = [{ compiled: compileOf(policy, rows), rows: changed(rows, []) }];
        for (const changes of steps) {
          const { compiled, rows: before } = versions.at(-1)!;
          versions.push({ compiled: compiled.apply(changes), rows: changed(before, changes) });
        }
        for (const { compiled, rows: expected } of versions) {
          expect(sorted(compiled.rows())).toEqual(sorted(expected));
          expect(compiled.batchEnforce(asked)).toEqual(
            compileOf(policy, expected).batchEnforce(asked),
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('may be changed twice over: neither version sees the other’s changes', () => {
    const cases = arbitraryPolicy.chain((policy) =>
      fc.record({
        policy: fc.constant(policy),
        rows: rowsOf(policy, 20),
        one: arbitraryChanges(policy),
        other: arbitraryChanges(policy),
      }),
    );
    fc.assert(
      fc.property(cases, ({ policy, rows, one, other }) => {
        const compiled = compileOf(policy, rows);
        const versions = [one, other].map((changes) => compiled.apply(changes));
        expect(versions.map((version) => sorted(version.rows()))).toEqual(
          [one, other].map((changes) => sorted(changed(rows, changes))),
        );
        expect(sorted(compiled.rows())).toEqual(sorted(changed(rows, [])));
      }),
      { numRuns: 100 },
    );
  });
});

async function casbinOf(policy: NaivePolicy, rows: readonly PolicyRow[]) {
  const model = newModelFromString(modelOf(policy));
  for (const [name, ...fields] of rows) {
    const section = name === 'p' ? 'p' : 'g';
    if (!model.hasPolicy(section, name!, fields)) model.addPolicy(section, name!, fields);
  }
  const enforcer = await newEnforcer(model);
  // Its own limit of 10 is enough for so few names, and its search does not remember where it was.
  for (const relation of ['g', 'g2', 'g3']) {
    enforcer.setNamedRoleManager(relation, new DefaultRoleManager(6));
  }
  await enforcer.buildRoleLinks();
  return enforcer;
}
