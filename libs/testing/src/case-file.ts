import {
  resourceOfKey,
  type Attributes,
  type DecisionRequest,
  type Place,
  type PrincipalStatus,
  type TenantFacts,
} from '@bastion/policy';
import { parse } from 'yaml';
import { z } from 'zod';
import { tenantFacts, type TenantBuilder } from './tenant-builder.js';

/** One decision with the answer it must have. */
export interface AccessCase {
  readonly name: string;
  readonly facts: TenantFacts;
  readonly request: DecisionRequest;
  readonly effect: 'ALLOW' | 'DENY';
  readonly reason: string;
  /** Ids of the assignments that explain the answer, sorted; undefined: not stated. */
  readonly because: readonly string[] | undefined;
  /** What else is stated about the question, each part undefined where it is not. */
  readonly stated: StatedAnswers;
}

/** The answers beyond yes and no, as cases state them. */
export interface StatedAnswers {
  /** Every scope in which the principal may do it. */
  readonly where: readonly string[] | undefined;
  /** Every registered resource on which the principal may do it, by key. */
  readonly which: readonly string[] | undefined;
  /** Everyone who may do it in the scope. */
  readonly who: readonly string[] | undefined;
  /** All that the principal may do in the scope. */
  readonly what: readonly string[] | undefined;
  /** By name of an assignment that decides: how it comes to count. */
  readonly path: Readonly<Record<string, string>> | undefined;
  /** By name of an assignment that one thing alone keeps from allowing: that thing. */
  readonly nearly: Readonly<Record<string, string>> | undefined;
}

export interface CaseFile {
  readonly about: string;
  readonly cases: readonly AccessCase[];
}

const names = z.array(z.string()).default([]);
const grants = z.record(z.string(), z.string()).default({});

const attributes = z.record(z.string(), z.json()).transform((given) => given as Attributes);

/** The parts of a request that conditions may look at, named as they name them. */
const circumstances = z
  .strictObject({
    context: attributes.optional(),
    principal: z.strictObject({ properties: attributes }).optional(),
    action: z.strictObject({ properties: attributes }).optional(),
    resource: z.strictObject({ properties: attributes }).optional(),
  })
  .transform(({ context, principal, action, resource }) => ({
    attributes: context,
    principalProperties: principal?.properties,
    actionProperties: action?.properties,
    resourceProperties: resource?.properties,
  }));

const caseFile = z.strictObject({
  about: z.string(),
  users: names,
  serviceAccounts: names,
  groups: z.record(z.string(), names).default({}),
  scopes: z.record(z.string(), z.unknown()),
  resources: z.record(z.string().includes(':'), z.string()).default({}),
  roles: z.record(
    z.string(),
    z.strictObject({ permissions: names, includes: names, piercing: z.boolean().default(false) }),
  ),
  assignments: grants,
  cases: z.array(
    z.strictObject({
      it: z.string(),
      tenant: z.enum(['ACTIVE', 'SUSPENDED']).default('ACTIVE'),
      given: grants,
      check: z.string(),
      with: circumstances.optional(),
      expect: z.string().regex(/^(allow|deny [A-Z_]+)$/),
      because: z.array(z.string()).optional(),
      where: z.array(z.string()).optional(),
      which: z.array(z.string()).optional(),
      who: z.array(z.string()).optional(),
      what: z.array(z.string()).optional(),
      path: z.record(z.string(), z.string()).optional(),
      nearly: z.record(z.string(), z.string()).optional(),
    }),
  ),
});

type Written = z.infer<typeof caseFile>;

/**
 * Cases a security reviewer can read, from YAML:
 *
 * - `users: [alice, eve (SUSPENDED)]`, `serviceAccounts` likewise
 * - `groups: { eng: [alice, backend] }`; `everyone` is there without being written, as a grantee
 * - `scopes:` the tree by nesting, its root called `root`; `vault (cut)` does not inherit access
 * - `resources: { document:42: offers }`: registered, each under a scope
 * - `roles: { writer: { permissions: [document:write], includes: [reader] } }`, or `piercing: true`
 * - `assignments: { NAME: 'allow eng reader on sales only from T until T' }` for all cases, `given:`
 *   for one; `deny` likewise; `only` is reach SELF, both times are optional; `… if CONDITION` at the end
 * - `check: 'alice document:read on offers at T ± 50ms'`; without `at` the noon of 2026-01-01. On a
 *   resource: `on document:42`, or with the scope that the request names `on document:42 in offers`
 * - `with: { context: { mfa: true }, resource: { properties: { … } } }`, `principal` and `action` as
 *   `resource`: what is said about the request, for conditions
 * - `expect: allow` or `expect: deny REASON`, and `because: [NAMES]` of the assignments it names
 * - `where: [SCOPES]`, `which: [RESOURCES]`, `who: [PRINCIPALS]`, `what: [PERMISSIONS]`: the complete
 *   lists of the scopes in which and the registered resources on which the principal may do it, of those
 *   who may do it there, and of all it may do there
 * - `path: { NAME: 'alice > staff | writer > reader | document:read | root > sales' }`: members, roles,
 *   what the last role names, and scopes on the way of each assignment that decides
 * - `nearly: { NAME: INHERITANCE_CUT }`: the near misses of a denied question, and what they lack
 *
 * Times are ISO 8601 in UTC. Throws on what it does not understand: a case never passes unread.
 */
export function readCaseFile(yaml: string): CaseFile {
  const written = caseFile.parse(parse(yaml));
  return {
    about: written.about,
    cases: written.cases.map((one) => ({
      name: one.it,
      facts: factsOf(written, one),
      request: { ...readCheck(one.check), context: one.with },
      effect: one.expect === 'allow' ? 'ALLOW' : 'DENY',
      reason: one.expect === 'allow' ? 'ALLOWED_BY' : one.expect.slice('deny '.length),
      because: one.because?.toSorted(),
      stated: {
        where: one.where?.toSorted(),
        which: one.which?.toSorted(),
        who: one.who?.toSorted(),
        what: one.what?.toSorted(),
        path: one.path,
        nearly: one.nearly,
      },
    })),
  };
}

function factsOf(written: Written, one: Written['cases'][number]): TenantFacts {
  const tenant = tenantFacts();
  if (one.tenant === 'SUSPENDED') tenant.suspended();
  for (const text of written.users) tenant.user(...readPrincipal(text));
  for (const text of written.serviceAccounts) tenant.serviceAccount(...readPrincipal(text));
  for (const name of Object.keys(written.groups)) tenant.group(name);
  for (const [name, members] of Object.entries(written.groups)) {
    for (const member of members) tenant.member(name, member);
  }
  const { root, ...strays } = written.scopes;
  if (Object.keys(strays).length > 0) throw new Error('the tree of scopes has one root: root');
  addScopes(tenant, 'root', root);
  for (const [key, scopeId] of Object.entries(written.resources)) tenant.resource(key, scopeId);
  for (const [name, { permissions, ...options }] of Object.entries(written.roles)) {
    tenant.role(name, permissions, options);
  }
  for (const [id, text] of Object.entries({ ...written.assignments, ...one.given })) {
    addAssignment(tenant, id, text);
  }
  return tenant.facts();
}

function readPrincipal(text: string): [string, { status: PrincipalStatus }] {
  const { name, mark = 'ACTIVE' } = readMarked(text);
  const status = z.enum(['INVITED', 'ACTIVE', 'SUSPENDED', 'DEPROVISIONED', 'ERASED']).parse(mark);
  return [name, { status }];
}

function addScopes(tenant: TenantBuilder, parentId: string, children: unknown): void {
  for (const [text, below] of Object.entries(
    z.record(z.string(), z.unknown()).parse(children ?? {}),
  )) {
    const { name, mark } = readMarked(text);
    if (mark !== undefined && mark !== 'cut') throw new Error(`${text}: a scope may be (cut)`);
    tenant.scope(name, { parentId, inheritsAccess: mark === undefined });
    addScopes(tenant, name, below);
  }
}

function addAssignment(tenant: TenantBuilder, id: string, text: string): void {
  const [, effect, grantee, role, scope, only, from, until, condition = null] = match(
    text,
    /^(allow|deny) (\S+) (\S+) on (\S+)( only)?(?: from (\S+))?(?: until (\S+))?(?: if (.+))?$/,
  );
  const options = {
    id,
    reach: only === undefined ? ('SUBTREE' as const) : ('SELF' as const),
    validFrom: from === undefined ? null : readTime(from),
    validUntil: until === undefined ? null : readTime(until),
    condition,
  };
  if (effect === 'allow') tenant.assign(grantee!, role!, scope, options);
  else tenant.deny(grantee!, role!, scope, options);
}

function readCheck(text: string): DecisionRequest {
  const [, principalId, permission, on, named, at = '2026-01-01T12:00:00Z', uncertainty = '0'] =
    match(text, /^(\S+) (\S+) on (\S+)(?: in (\S+))?(?: at (\S+?)(?: ± (\d+)ms)?)?$/);
  const [time, halfWidth] = [readTime(at), Number(uncertainty)];
  return {
    principalId: principalId!,
    permission: permission!,
    ...readPlace(on!, named),
    time: { earliest: time - halfWidth, latest: time + halfWidth },
  };
}

function readPlace(on: string, named: string | undefined): Place {
  const resource = resourceOfKey(on);
  if (resource !== undefined) return { resource, scopeId: named };
  if (named !== undefined) throw new Error(`a scope is not in another: ${on} in ${named}`);
  return { scopeId: on };
}

function readMarked(text: string): { name: string; mark: string | undefined } {
  const [, name, mark] = match(text, /^(\S+)(?: \((\S+)\))?$/);
  return { name: name!, mark };
}

function readTime(text: string): number {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(text))
    throw new Error(`no time: ${text}`);
  return Date.parse(text);
}

function match(text: string, pattern: RegExp): (string | undefined)[] {
  const found = pattern.exec(text);
  if (found === null) throw new Error(`cannot read: ${text}`);
  return [...found];
}
