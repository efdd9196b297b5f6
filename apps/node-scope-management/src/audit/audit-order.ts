import { z } from 'zod';
import {
  cursorAt,
  noCursor,
  type PageArgs,
  type PageRequest,
  pageRequest,
} from '../graphql/connection.js';
import type { Order } from '../graphql/order.js';
import type { AuditEntryOrderField } from './audit.model.js';

const BY_SEQUENCE = { field: 'SEQUENCE', direction: 'ASC' } as const;
const sequenceSchema = z.string().regex(/^\d{1,15}$/);

/** A page of the audit, in the order of the chain unless told otherwise. Throws INVALID_INPUT. */
export function auditPage(
  page: PageArgs,
  order?: Order<AuditEntryOrderField> | null,
): PageRequest<AuditEntryOrderField> {
  return pageRequest(page, order ?? BY_SEQUENCE, sequenceSchema);
}

/** The cursor of an entry in the order of the chain. */
export function cursorAtSequence(sequence: number): string {
  const id = String(sequence);
  return cursorAt(BY_SEQUENCE, { id, key: id });
}

/** The entry that such a cursor is at. Throws INVALID_INPUT. */
export function sequenceAt(cursor: string): number {
  const { after } = auditPage({ first: 0, after: cursor });
  if (!after) throw noCursor();
  return Number(after.id);
}
