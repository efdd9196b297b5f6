import { ApiError, sha256, type Caller, type Clock } from '@bastion/platform';
import {
  listPermissions,
  listPrincipals,
  listResources,
  listScopes,
  pageOf,
  type DecisionContext,
  type Place,
  type Snapshot,
  type TimeInterval,
} from '@bastion/policy';
import { Asker, type PrincipalReference } from '../check/index.js';
import type { HeldTenant } from '../projection/index.js';
import type { PinnedSnapshots } from './pinned-snapshots.js';
import { readCursor, writeCursor } from './review-cursor.js';
import {
  refuseUnlessMayAsk,
  reviewFresh,
  whoIsAskedAbout,
  type ReviewParts,
} from './review-reading.js';

/** Where and on what may they do this, who may do this here, what may they do here? */
export type ListQuestion = (
  | { readonly of: 'SCOPES'; readonly principal: PrincipalReference; readonly permission: string }
  | {
      readonly of: 'RESOURCES';
      readonly principal: PrincipalReference;
      readonly permission: string;
      readonly resourceType?: string | undefined;
    }
  | (Place & { readonly of: 'PRINCIPALS'; readonly permission: string })
  | (Place & { readonly of: 'PERMISSIONS'; readonly principal: PrincipalReference })
) & {
  /** For conditions. */
  readonly context?: DecisionContext | undefined;
};

export type ListRequest = ListQuestion & {
  /** The longest page. */
  readonly first: number;
  readonly after?: string | null | undefined;
  /** A consistency token; of no effect after the first page. */
  readonly atLeast?: string | null | undefined;
};

/** A page of a complete list, as it was at one revision and one time. */
export interface AccessPage {
  /** Ids, permissions, or the keys of resources. */
  readonly items: readonly string[];
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly consistencyToken: string;
  readonly evaluatedAt: Date;
}

export interface AccessListsParts extends ReviewParts {
  readonly clock: Clock;
  readonly pins: PinnedSnapshots;
  /** Monotonic, ms. */
  readonly monotonic: () => number;
}

/** Complete lists of who may do what where, page by page; exactly what a check would allow. */
export class AccessListsQuery {
  constructor(private readonly parts: AccessListsParts) {}

  /**
   * @throws ApiError FORBIDDEN for a question that the caller may not ask, INVALID_INPUT for a cursor
   *   of another list, CURSOR_EXPIRED, INVALID_CONSISTENCY_TOKEN, UNAVAILABLE
   */
  async run(
    caller: Caller,
    { first, after, atLeast, ...question }: ListRequest,
  ): Promise<AccessPage> {
    const { tokens, clock, pins, monotonic } = this.parts;
    const { tenantId } = caller;
    const name = nameOf(question);
    const cursor = after ? readCursor(after, name) : undefined;
    return reviewFresh(this.parts, caller, cursor ? undefined : atLeast, (present) => {
      const now = clock.interval();
      // INVARIANT: who may ask is asked of the present, whatever revision the list is of.
      const principalId = idAskedAbout(new Asker(present.snapshot, caller, now), question);
      const held = cursor ? this.#pinned(tenantId, present, cursor.consistencyToken) : present;
      const time = cursor?.time ?? now;
      const all = list(held.snapshot, question, principalId, time);
      const { ids, next } = pageOf(all, { after: cursor?.after ?? null, limit: first });
      const { epoch, revision, digest } = held;
      const consistencyToken = tokens.issue({ tenantId, epoch, revision, digest });
      if (next !== null) pins.pin(tenantId, held, monotonic());
      const endCursor =
        next === null ? null : writeCursor({ question: name, consistencyToken, time, after: next });
      return {
        items: ids,
        totalCount: all.length,
        pageInfo: { hasNextPage: next !== null, endCursor },
        consistencyToken,
        evaluatedAt: new Date((time.earliest + time.latest) / 2),
      };
    });
  }

  /** The snapshot that the pages before were read from. */
  #pinned(tenantId: string, present: HeldTenant, token: string): HeldTenant {
    const { tokens, pins, monotonic } = this.parts;
    const { epoch, revision, digest } = tokens.read(token, tenantId);
    const isPresent =
      present.epoch === epoch && present.revision === revision && present.digest === digest;
    if (isPresent) return present;
    const pinned = digest && pins.find(tenantId, { epoch, revision, digest }, monotonic());
    if (pinned) return pinned;
    throw new ApiError(
      'CURSOR_EXPIRED',
      'The tenant has changed since the first page, which is no longer kept: begin anew.',
    );
  }
}

/** Equal for equal questions, and for no others that anybody would ask. */
export function nameOf(question: ListQuestion): string {
  return sha256(JSON.stringify(question)).slice(0, 16);
}

/** Whose list it is; undefined: nobody's that the tenant knows, or everybody's. */
function idAskedAbout(asker: Asker, question: ListQuestion): string | undefined {
  if (question.of !== 'PRINCIPALS') return whoIsAskedAbout(asker, question.principal);
  refuseUnlessMayAsk(asker);
  return undefined;
}

function list(
  snapshot: Snapshot,
  question: ListQuestion,
  principalId: string | undefined,
  time: TimeInterval,
): readonly string[] {
  if (question.of === 'PRINCIPALS') return listPrincipals(snapshot, { ...question, time });
  if (principalId === undefined) return [];
  switch (question.of) {
    case 'SCOPES':
      return listScopes(snapshot, { ...question, principalId, time });
    case 'RESOURCES':
      return listResources(snapshot, { ...question, principalId, time });
    case 'PERMISSIONS':
      return listPermissions(snapshot, { ...question, principalId, time });
  }
}
