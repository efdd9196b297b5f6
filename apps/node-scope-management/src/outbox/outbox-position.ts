/** Names one committed revision of one tenant; messages of a tenant are ordered by it. */
export interface OutboxPosition {
  readonly tenantId: string;
  readonly epoch: number;
  readonly revision: number;
}

export function samePosition(a: OutboxPosition, b: OutboxPosition): boolean {
  return a.tenantId === b.tenantId && a.epoch === b.epoch && a.revision === b.revision;
}
