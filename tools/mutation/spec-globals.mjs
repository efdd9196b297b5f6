// `describe`, `it` and `expect` for specs that run many times in one process: a fresh list of tests
// each time that the specs are loaded, none of Jest's environments.
import { expect } from 'expect';

/**
 * @typedef {{ id: string, run: () => unknown }} SpecTest
 * @type {SpecTest[]}
 */
let tests = [];
let file = '';
/** @type {string[]} */
let titles = [];

const describe = (title, body) => {
  titles = [...titles, title];
  body();
  titles = titles.slice(0, -1);
};
const it = (title, run) => {
  tests.push({ id: `${file}: ${[...titles, title].join(' ')}`, run });
};
/** Rows are told apart by their number, so that a title is the same with any mutant. */
const each = (define) => (rows) => (title, body) =>
  rows.forEach((row, index) =>
    define(`${title} #${index}`, () => (Array.isArray(row) ? body(...row) : body(row))),
  );
describe.each = each(describe);
it.each = each(it);

Object.assign(globalThis, { describe, it, expect });

/**
 * The tests that loading this file defines, in their order, and before them that it is loaded.
 * @returns {Promise<SpecTest[]>}
 */
export async function testsOf(name, load) {
  file = name;
  titles = [];
  tests = [];
  try {
    await load();
    return [{ id: loadingOf(file), run: () => {} }, ...tests];
  } catch (error) {
    return [{ id: loadingOf(file), run: () => Promise.reject(error) }];
  }
}

/** The id of the first test of a file: that it is loaded. */
export function loadingOf(name) {
  return `${name}: is loaded`;
}

/** The file of the test with this id. */
export function fileOf(id) {
  return id.slice(0, id.indexOf(': '));
}
