import { Injectable } from '@nestjs/common';
import { type Caller, entityIdSchema, parseInput } from '@bastion/platform';
import { listResources, resourceKey, resourceOfKey } from '@bastion/policy';
import { z } from 'zod';
import { refuseIf, TenantReader } from '../facts/index.js';
import { type Page, type PageRequest, toPage } from '../graphql/connection.js';
import { resourceReferenceSchema, scopeTypeSchema } from '../input/index.js';
import type { Resource } from './resource.model.js';
import { findResource, findResources } from './resource.store.js';

const filterInput = z.object({
  scopeId: entityIdSchema.nullish(),
  type: scopeTypeSchema.nullish(),
});

const PERMISSION = 'resource:read';

@Injectable()
export class ResourcesQuery {
  constructor(private readonly reader: TenantReader) {}

  /** Null when it is not registered in the caller's tenant. */
  one(caller: Caller, raw: unknown): Promise<Resource | null> {
    const reference = parseInput(resourceReferenceSchema, raw);
    return this.reader.read(caller, null, async (tx, { snapshot, refusal }) => {
      if (!snapshot.resource(reference)) return null;
      refuseIf(refusal({ permission: PERMISSION, scopeId: resourceKey(reference) }));
      return findResource(tx, reference);
    });
  }

  /** Every resource that the caller may read and no other, as with scopes; ordered by their keys. */
  list(caller: Caller, rawFilter: unknown, page: PageRequest): Promise<Page<Resource>> {
    const { scopeId, type } = parseInput(filterInput, rawFilter);
    return this.reader.read(caller, null, async (tx, { snapshot, self, time }) => {
      const question = { principalId: self.id, permission: PERMISSION, time };
      const readable = listResources(snapshot, { ...question, resourceType: type ?? undefined });
      const wanted = scopeId
        ? readable.filter((key) => snapshot.resource(resourceOfKey(key)!)?.scopeId === scopeId)
        : readable;
      const following = wanted.filter((key) => !page.after || key > page.after.id);
      const keys = following.slice(0, page.take + 1);
      const rows = await findResources(
        tx,
        keys.map((key) => resourceOfKey(key)!),
      );
      const byKey = new Map(rows.map((row) => [resourceKey(row), row]));
      const { nodes, edges, ...rest } = toPage(
        keys.map((id) => ({ id })),
        wanted.length,
        page,
      );
      return {
        ...rest,
        nodes: nodes.map(({ id }) => byKey.get(id)!),
        edges: edges.map(({ cursor, node }) => ({ cursor, node: byKey.get(node.id)! })),
      };
    });
  }

  /** What the caller has just written. */
  written(caller: Caller, key: string): Promise<Resource | null> {
    return this.reader.readBack(caller, (tx) => findResource(tx, resourceOfKey(key)!));
  }
}
