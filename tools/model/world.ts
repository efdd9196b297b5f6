import { fetchToken } from '@bastion/local-stack';
import { Gatekeeper } from '../api/gatekeeper.js';
import { GraphqlClient } from '../api/graphql-client.js';
import type { TemporaryPlatform } from '../stack/temporary-platform.js';
import type { Command, Foreign } from './command.js';
import type { Company } from './company.js';
import { resourceOf, send, type Answer } from './send.js';

/** Whoever makes tenants, on the services that run. */
export class Worlds {
  #opened = 0;

  private constructor(
    private readonly platform: TemporaryPlatform,
    private readonly operator: GraphqlClient,
    private readonly foreign: Foreign,
  ) {}

  static async start(platform: TemporaryPlatform): Promise<Worlds> {
    const elsewhere = await platform.createTenant('elsewhere');
    const { scopes, roles, assignments, principals } = await readCompany(elsewhere.client);
    const group = await elsewhere.api.createGroup('Theirs');
    const foreign: Foreign = {
      user: principals[0]!.id,
      group: group.id,
      scope: scopes[0]!.id,
      role: roles[0]!.id,
      assignment: assignments[0]!.id,
      resource: 'document:theirs',
    };
    return new Worlds(platform, platform.clientOf('platform', 'admin@platform'), foreign);
  }

  /** A new tenant with an administrator and nobody else. */
  async open(): Promise<World> {
    const tenantId = `world-${(this.#opened += 1)}`;
    const name = `admin@${tenantId}`;
    const admin = { userName: name, displayName: name, subject: name };
    await this.operator.request(
      'mutation ($input: CreateTenantInput!) { createTenant(input: $input) { revision } }',
      { input: { id: tenantId, name: tenantId, admin } },
    );
    const start = await readCompany(this.platform.clientOf(tenantId, name));
    return new World(this.platform, tenantId, this.foreign, start);
  }
}

/** A tenant on the services that run, and everybody in it as a client. */
export class World {
  #named = 0;
  #token: string | undefined;
  readonly #people = new Map<string, Person>();

  constructor(
    private readonly platform: TemporaryPlatform,
    private readonly tenantId: string,
    readonly foreign: Foreign,
    /** As the tenant begins. */
    readonly start: Company,
  ) {
    this.#admit(start.principals[0]!.id, `admin@${tenantId}`);
  }

  /** Everything of the tenant that somebody sees in its lists. */
  read(readerId: string): Promise<Company> {
    return readCompany(this.#people.get(readerId)!.client);
  }

  async send(actorId: string, command: Command): Promise<Answer> {
    const name = `${this.tenantId}-${(this.#named += 1)}`;
    const answer = await send(this.#people.get(actorId)!.client, command, () => name);
    if (!answer.done) return answer;
    this.#token = answer.token;
    if (command.do === 'createUser') this.#admit(answer.id, name);
    return answer;
  }

  /** Whether gatekeeper tells somebody that each is allowed, at the last change or later. */
  async ask(askerId: string, questions: readonly Question[]): Promise<boolean[]> {
    const answers = await this.#people.get(askerId)!.gatekeeper.checkMany(
      questions.map(({ placeId, ...question }) => ({
        ...question,
        ...(placeId.includes(':') && { resource: resourceOf(placeId) }),
      })),
      this.#token,
    );
    return answers.map(({ allowed }) => allowed);
  }

  #admit(principalId: string, subject: string): void {
    const client = this.platform.clientOf(this.tenantId, subject);
    const token = () => fetchToken(this.platform.stack.issuer, { person: subject });
    const gatekeeper = new Gatekeeper(new GraphqlClient(this.platform.gatekeepers[0]!.url, token));
    this.#people.set(principalId, { client, gatekeeper });
  }
}

interface Person {
  readonly client: GraphqlClient;
  readonly gatekeeper: Gatekeeper;
}

export interface Question {
  readonly principalId: string;
  readonly permission: string;
  readonly placeId: string;
  /** The place, or the scope that a resource is registered under. */
  readonly scopeId: string;
}

/** As much as an operation may cost; a life makes less of each. */
const LISTS = [
  '{ users(first: 500) { nodes { id status } } }',
  '{ groups(first: 100) { nodes { id builtIn members(first: 80) { nodes { id } } } } }',
  '{ scopes(first: 500) { nodes { id parentId type inheritsAccess } } }',
  '{ resources(first: 500) { nodes { type id scopeId } } }',
  `{ roles(first: 500) {
    nodes { id builtIn permissions includes assignableOn piercing }
  } }`,
  `{ roleAssignments(first: 500) {
    nodes { id granteeId roleId scopeId resource { type id } reach effect validUntil }
  } }`,
];

interface Lists {
  readonly users: { readonly nodes: Company['principals'] };
  readonly groups: {
    readonly nodes: readonly {
      readonly id: string;
      readonly builtIn: boolean;
      readonly members: { readonly nodes: readonly { readonly id: string }[] };
    }[];
  };
  readonly scopes: { readonly nodes: Company['scopes'] };
  readonly resources: {
    readonly nodes: readonly {
      readonly type: string;
      readonly id: string;
      readonly scopeId: string;
    }[];
  };
  readonly roles: {
    readonly nodes: readonly (Omit<Company['roles'][number], 'builtIn'> & {
      readonly builtIn: string | null;
    })[];
  };
  readonly roleAssignments: {
    readonly nodes: readonly (Omit<Company['assignments'][number], 'placeId' | 'ends'> & {
      readonly scopeId: string | null;
      readonly resource: { readonly type: string; readonly id: string } | null;
      readonly validUntil: string | null;
    })[];
  };
}

async function readCompany(client: GraphqlClient): Promise<Company> {
  const answers = await Promise.all(LISTS.map((list) => client.request<Partial<Lists>>(list)));
  const lists = Object.assign({}, ...answers) as Lists;
  const groups = lists.groups.nodes.filter(({ builtIn }) => !builtIn);
  return {
    principals: lists.users.nodes,
    groups: groups.map(({ id }) => id),
    memberships: groups.flatMap(({ id: groupId, members }) =>
      members.nodes.map(({ id: memberId }) => ({ groupId, memberId })),
    ),
    scopes: lists.scopes.nodes,
    resources: lists.resources.nodes.map(({ type, id, scopeId }) => ({
      key: `${type}:${id}`,
      scopeId,
    })),
    roles: lists.roles.nodes.map((role) => ({ ...role, builtIn: role.builtIn !== null })),
    assignments: lists.roleAssignments.nodes.map(({ scopeId, resource, validUntil, ...rest }) => ({
      ...rest,
      placeId: scopeId ?? `${resource?.type}:${resource?.id}`,
      ends: validUntil !== null,
    })),
  };
}
