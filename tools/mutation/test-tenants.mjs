// What the specs of libs/policy import as @bastion/testing while mutants are run: without its
// databases and brokers, which would be loaded anew for each mutant.
export * from '../../libs/testing/src/arbitrary-tenant.js';
export * from '../../libs/testing/src/case-file.js';
export * from '../../libs/testing/src/run-cases.js';
export * from '../../libs/testing/src/tenant-builder.js';
