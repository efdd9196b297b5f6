/** The transport of the shared queue that feeds the projection. */
export const PROJECTION_QUEUE = Symbol('PROJECTION_QUEUE');
/** The transport of this replica's own queue, which feeds its memory. */
export const REPLICA_QUEUE = Symbol('REPLICA_QUEUE');
