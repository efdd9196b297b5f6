import { existsSync, readFileSync } from 'node:fs';

const PAGE = 'docs/technical/access-model.md';
const references = [
  ...readFileSync(PAGE, 'utf8').matchAll(/`([\w./-]+\.(?:ts|yaml)) › ([^`]+)`/g),
].map(([, file = '', name = '']) => [file, name] as const);

describe('the page that lists the rules of the access model', () => {
  it('names tests for every row', () => {
    const rows = readFileSync(PAGE, 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| ') && !/^\| (rule|-)/.test(line));
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((line) => !line.includes(' › '))).toEqual([]);
  });

  it.each(references)('names in %s the test “%s”, which there is', (file, name) => {
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const isThere = file.endsWith('.yaml')
      ? text.includes(`it: ${name}\n`)
      : [`'${name}'`, `"${name}"`].some((quoted) => text.includes(quoted));
    expect([file, name, isThere]).toEqual([file, name, true]);
  });
});
