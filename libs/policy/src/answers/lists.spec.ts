import {
  arbitraryDamagedTenant,
  arbitraryEvents,
  arbitraryRequest,
  arbitraryTenant,
  tenantFacts,
} from '@bastion/testing';
import fc from 'fast-check';
import { applyNaively } from '../../test/naive-apply.js';
import {
  listPermissionsNaively,
  listPrincipalsNaively,
  listResourcesNaively,
  listScopesNaively,
} from '../../test/naive-lists.js';
import { applyEvents } from '../apply-events.js';
import { buildSnapshot } from '../build-snapshot.js';
import type { DecisionRequest } from '../decision.js';
import type { TenantFacts } from '../facts.js';
import type { Snapshot } from '../snapshot.js';
import { listPermissions } from './list-permissions.js';
import { listPrincipals } from './list-principals.js';
import { listResources } from './list-resources.js';
import { listScopes } from './list-scopes.js';

const anyTenant = fc.oneof(arbitraryTenant(), arbitraryDamagedTenant());
const requests = fc.array(arbitraryRequest(), { minLength: 8, maxLength: 8 });
const time = { earliest: 100, latest: 100 };

function listAll(snapshot: Snapshot, asked: readonly DecisionRequest[]) {
  return asked.map((request) => ({
    scopes: listScopes(snapshot, request),
    resources: listResources(snapshot, request),
    notes: listResources(snapshot, { ...request, resourceType: 'note' }),
    principals: listPrincipals(snapshot, request),
    permissions: listPermissions(snapshot, request),
  }));
}

function listAllNaively(facts: TenantFacts, asked: readonly DecisionRequest[]) {
  return asked.map((request) => ({
    scopes: listScopesNaively(facts, request),
    resources: listResourcesNaively(facts, request),
    notes: listResourcesNaively(facts, { ...request, resourceType: 'note' }),
    principals: listPrincipalsNaively(facts, request),
    permissions: listPermissionsNaively(facts, request),
  }));
}

describe('the lists', () => {
  it('name what the naive oracle allows, and nothing else', () => {
    fc.assert(
      fc.property(anyTenant, requests, (facts, asked) => {
        expect(listAll(buildSnapshot(facts), asked)).toEqual(listAllNaively(facts, asked));
      }),
      { numRuns: 500 },
    );
  });

  it('name after events what the naive oracle allows from the facts after them', () => {
    fc.assert(
      fc.property(anyTenant, arbitraryEvents(), requests, (facts, events, asked) => {
        const before = buildSnapshot(facts);
        const listsBefore = listAll(before, asked);
        const after = applyEvents(before, events);
        expect(listAll(after, asked)).toEqual(listAllNaively(applyNaively(facts, events), asked));
        expect(listAll(before, asked)).toEqual(listsBefore);
      }),
      { numRuns: 300 },
    );
  });

  it('are tried on tenants in which they are long, and differ', () => {
    const lengths = { scopes: 0, resources: 0, principals: 0, permissions: 0 };
    fc.assert(
      fc.property(arbitraryTenant(), requests, (facts, asked) => {
        for (const lists of listAll(buildSnapshot(facts), asked)) {
          for (const kind of ['scopes', 'resources', 'principals', 'permissions'] as const) {
            if (lists[kind].length > 1) lengths[kind] += 1;
          }
        }
      }),
      { numRuns: 500, seed: 1 },
    );
    expect(Math.min(...Object.values(lengths))).toBeGreaterThan(100);
  });

  it('are sorted by code unit, not by locale', () => {
    const tenant = tenantFacts().role('all', ['*', 'b:x', 'B:x', 'a:x']).group('staff');
    for (const id of ['ä', 'z', 'Z', 'a']) tenant.user(id).member('staff', id).scope(`s${id}`);
    const snapshot = tenant.assign('staff', 'all').snapshot();
    const question = { principalId: 'a', permission: 'a:x', scopeId: 'root', time };
    expect(listScopes(snapshot, question)).toEqual(['root', 'sZ', 'sa', 'sz', 'sä']);
    expect(listPrincipals(snapshot, question)).toEqual(['Z', 'a', 'z', 'ä']);
    expect(listPermissions(snapshot, question)).toEqual(['*', 'B:x', 'a:x', 'b:x']);
  });

  it('name nothing that decide would not be asked, though a role names it', () => {
    const tenant = tenantFacts().user('alice').role('all', ['*', 'broken', 'a:b']);
    const snapshot = tenant.assign('alice', 'all').snapshot();
    const question = { principalId: 'alice', scopeId: 'root', time };
    expect(listPermissions(snapshot, question)).toEqual(['*', 'a:b']);
  });

  it('come to an end in deep trees, deep groups and circles of groups', () => {
    const depth = 20_000;
    const tenant = tenantFacts().user('alice').role('reader', ['document:read']).group('g0');
    tenant.scope('s0').member('g0', 'alice');
    for (let i = 1; i < depth; i++) {
      tenant.scope(`s${i}`, { parentId: `s${i - 1}` });
      tenant.group(`g${i}`).member(`g${i}`, `g${i - 1}`);
    }
    tenant.member('g0', `g${depth - 1}`).assign(`g${depth - 1}`, 'reader', 's0');
    const snapshot = tenant.snapshot();
    const deepest = `s${depth - 1}`;
    const question = {
      principalId: 'alice',
      permission: 'document:read',
      scopeId: deepest,
      time,
    };
    expect(listScopes(snapshot, question)).toHaveLength(depth);
    expect(listPrincipals(snapshot, question)).toEqual(['alice']);
    expect(listPermissions(snapshot, question)).toEqual(['document:read']);
  });
});

describe('the lists, asked what is no question', () => {
  const snapshot = tenantFacts().user('alice').role('all', ['*']).assign('alice', 'all').snapshot();
  const question = { principalId: 'alice', permission: 'a:b', scopeId: 'root', time };

  it.each(['', 'document', '*:read', undefined as never])(
    'refuse the permission %j',
    (permission) => {
      expect(() => listScopes(snapshot, { ...question, permission })).toThrow(TypeError);
      expect(() => listPrincipals(snapshot, { ...question, permission })).toThrow(TypeError);
    },
  );

  it.each([
    ['no beginning', { earliest: Number.NaN, latest: 100 }],
    ['its end first', { earliest: 101, latest: 100 }],
  ])('refuse an interval with %s', (_, interval) => {
    const asked = { ...question, time: interval };
    expect(() => listScopes(snapshot, asked)).toThrow(TypeError);
    expect(() => listPrincipals(snapshot, asked)).toThrow(TypeError);
    expect(() => listPermissions(snapshot, asked)).toThrow(TypeError);
  });
});
