export { authorOf } from './author-of.js';
export { accepted } from './accepted.js';
export type { OperatorWriter, Writer, WriteRequest, Written } from './write-request.js';
export { deleteEndedRows } from './ended-rows.store.js';
export { refuseOtherVersion } from './refuse-other-version.js';
export { type Receipt, TenantWriter } from './tenant-writer.js';
export { WriteModule } from './write.module.js';
