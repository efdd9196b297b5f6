import { writeApiPages } from './check/api-pages.js';
import { writeContractDocuments } from './check/contract-documents.js';
import { writeGoldenSchemas } from './check/golden-schemas.js';

writeGoldenSchemas();
await writeContractDocuments();
await writeApiPages();
console.log('Wrote libs/contracts/schema and docs/api.');
