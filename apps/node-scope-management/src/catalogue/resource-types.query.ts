import { Injectable } from '@nestjs/common';
import { type Caller, lineOfText, parseInput } from '@bastion/platform';
import { z } from 'zod';
import { TenantReader } from '../facts/index.js';
import type { Page, PageRequest } from '../graphql/connection.js';
import {
  CatalogueOrigin,
  type ResourceType,
  type ResourceTypeOrderField,
} from './catalogue.model.js';
import { entriesOf, listResourceTypes, registrationVersion } from './catalogue.store.js';

const filterInput = z.object({
  search: lineOfText(200).nullish(),
  origin: z.enum(CatalogueOrigin).nullish(),
  deprecated: z.boolean().nullish(),
});

/** Who sees roles sees what they can be made of. */
const NEED = { permission: 'role:read' } as const;

@Injectable()
export class ResourceTypesQuery {
  constructor(private readonly reader: TenantReader) {}

  list(
    caller: Caller,
    rawFilter: unknown,
    page: PageRequest<ResourceTypeOrderField>,
  ): Promise<Page<ResourceType>> {
    const filter = parseInput(filterInput, rawFilter);
    return this.reader.read(caller, NEED, (tx) => listResourceTypes(tx, filter, page));
  }

  /** What the caller has just registered. */
  registered(
    caller: Caller,
    registeredBy: string,
  ): Promise<{ readonly version: number; readonly resourceTypes: ResourceType[] }> {
    const { tenantId } = caller;
    return this.reader.readBack(caller, async (tx) => ({
      version: await registrationVersion(tx, tenantId, registeredBy),
      resourceTypes: (await entriesOf(tx, tenantId, registeredBy)).map((entry) => ({
        ...entry,
        verbs: [...entry.verbs],
        origin: CatalogueOrigin.TENANT,
        registeredBy,
      })),
    }));
  }
}
