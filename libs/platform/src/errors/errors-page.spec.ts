import { readFileSync } from 'node:fs';
import { ERROR_CODES } from '@bastion/contracts';
import { httpStatusOf } from './http-status.js';

const page = readFileSync(new URL('../../../../docs/errors.md', import.meta.url), 'utf8');
const rows = [...page.matchAll(/^\| `([A-Z_]+)` +\| (\d{3}) +\| (.+?) +\| (.+?) +\|$/gm)];
const documented = new Map(rows.map(([, code, status]) => [code, Number(status)]));

describe('docs/errors.md', () => {
  it('lists exactly the codes of the catalogue, each once', () => {
    expect([...documented.keys()].sort()).toEqual([...ERROR_CODES].sort());
    expect(rows).toHaveLength(documented.size);
  });

  it.each(ERROR_CODES)('gives the HTTP status that %s is answered with', (code) => {
    expect(documented.get(code)).toBe(httpStatusOf(code));
  });
});
