import { writeGoldenSchemas } from './check/golden-schemas.js';

writeGoldenSchemas();
console.log('Wrote libs/contracts/schema.');
