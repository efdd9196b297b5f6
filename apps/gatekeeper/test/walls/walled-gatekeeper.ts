import { GraphQLSchemaHost } from '@nestjs/graphql';
import type { GraphQLSchema } from 'graphql';
import {
  foreignId,
  foreignText,
  strangersOf,
  watchRows,
  type ForeignId,
  type TwoTenants,
} from '@bastion/testing';
import type { ChangeSet } from '../../src/owner/index.js';
import { nameOf, type ListQuestion } from '../../src/review/access-lists.query.js';
import { writeCursor } from '../../src/review/review-cursor.js';
import { eventually } from '../support/eventually.js';
import { GatekeeperWorld, type Replica } from '../support/gatekeeper-world.js';
import { eventsOf } from '../support/tenant-events.js';
import { factsOf, idsOf } from './walled-tenants.js';

export const OWN = 'acme';
export const THEIRS = 'beta';
const OPERATOR = 'operator-client';

/** Leases outlast any test: an answer that is STALE would say nothing about walls. */
const PATIENT = { LEASE_MS: '600000', AT_LEAST_WAIT_MS: '20000' };

/** The service with two tenants in it, of which the first tries to get at the second. */
export class WalledGatekeeper {
  private constructor(
    readonly world: GatekeeperWorld,
    readonly replica: Replica,
    readonly tenants: TwoTenants,
  ) {}

  /**
   * @param environment where to find a broker; without one the service asks the owner by itself
   * @param publish sends a change there
   */
  static async start(
    environment: Record<string, string> = {},
    publish: (change: ChangeSet) => Promise<void> = () => Promise.resolve(),
  ): Promise<WalledGatekeeper> {
    const world = await GatekeeperWorld.start();
    const replica = await world.replica({
      ...PATIENT,
      SERVICE_SUBJECTS: OPERATOR,
      GRAPHQL_EXPLORER: 'true',
      ...environment,
    });
    for (const tenantId of [OWN, THEIRS]) {
      await publish(world.owner.commit(tenantId, eventsOf(factsOf(tenantId))));
      await projected(world, tenantId);
      // What comes as a change, and not with all the rest, is kept as history too.
      const again = { type: 'group-created', group: { id: idsOf(tenantId).group } } as const;
      await publish(world.owner.commit(tenantId, [again]));
      await projected(world, tenantId);
    }
    const { admin } = idsOf(OWN);
    const tenants: TwoTenants = {
      tokens: {
        OWN: await world.token(OWN, admin),
        SERVICE: await world.issuer.token({ subject: OPERATOR }),
      },
      strangers: await strangersOf(world.issuer, { tenantId: OWN, subject: `subject-${admin}` }),
      foreign: foreignIds(world),
      rows: watchRows(world.database, OWN, THEIRS),
    };
    return new WalledGatekeeper(world, replica, tenants);
  }

  /** The schema that is served, not the one that is checked in. */
  get schema(): GraphQLSchema {
    return this.replica.app.get(GraphQLSchemaHost).schema;
  }

  /** Resolves when a tenant's rows are where the owner is. */
  projected(tenantId: string): Promise<void> {
    return projected(this.world, tenantId);
  }

  async stop(): Promise<void> {
    await this.world.stop();
  }
}

async function projected(world: GatekeeperWorld, tenantId: string): Promise<void> {
  const head = world.owner.headAt(tenantId);
  await eventually(`${tenantId} projected`, async () => {
    const [cursor] = await world.database.query<{ digest: string }>(
      'SELECT digest FROM projection_cursors WHERE tenant_id = $1',
      [tenantId],
    );
    return cursor?.digest === head?.digest;
  });
}

function foreignIds(world: GatekeeperWorld): ForeignId[] {
  const { admin, resource, ...things } = idsOf(THEIRS);
  return [
    foreignId('a tenant', THEIRS),
    foreignText('resource id', resource.id),
    ...Object.entries({ admin, ...things }).map(([what, id]) => foreignId(`their ${what}`, id)),
    foreignText('subject', `subject-${admin}`),
    foreignText('consistency token', world.tokenOfHead(THEIRS)),
    foreignCursor(world),
  ];
}

/** Where the list that answers a question begins, at the revision of the token. */
export function cursorOf(question: ListQuestion, consistencyToken: string): string {
  const time = { earliest: 0, latest: 0 };
  return writeCursor({ question: nameOf(question), consistencyToken, time, after: '' });
}

/** Where a list of theirs goes on: of a question that is asked of us in the same words. */
function foreignCursor(world: GatekeeperWorld): ForeignId {
  const { theirs, nobodys } = foreignText('consistency token', world.tokenOfHead(THEIRS));
  const principal = { by: 'ID', id: idsOf(OWN).user } as const;
  const question = { of: 'SCOPES', principal, permission: 'document:read' } as const;
  return {
    ...{ what: 'a cursor of their list', kind: 'cursor' },
    ...{ theirs: cursorOf(question, theirs), nobodys: cursorOf(question, nobodys) },
  };
}
