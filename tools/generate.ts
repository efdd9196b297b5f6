import { writeContractDocuments } from './check/contract-documents.js';
import { writeGoldenSchemas } from './check/golden-schemas.js';

writeGoldenSchemas();
await writeContractDocuments();
console.log('Wrote libs/contracts/schema.');
