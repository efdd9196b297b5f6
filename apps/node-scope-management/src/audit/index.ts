export { chainEntry } from './audit-chain.js';
export { cursorAtSequence, sequenceAt } from './audit-order.js';
export { AuditModule } from './audit.module.js';
export { AuditResolver } from './audit.resolver.js';
export { appendToAudit } from './audit.store.js';
export { type AuditVerification, VerifyAuditQuery } from './verify-audit.query.js';
