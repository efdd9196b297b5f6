// Runs the specs of libs/policy for Stryker. With its runner for Jest a mutant takes half a minute,
// nearly all of it for loading modules. Here one process loads them for one mutant after another, from
// files that are compiled once, and begins with the tests that took least without a mutant.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { fileOf, testsOf } from './spec-globals.mjs';

const ROOT = 'libs/policy';
/** What each test took without a mutant, for all processes of one run: they share the folder. */
const DURATIONS = '.test-durations.json';

/** Which specs have to notice a mutant in a room of the core, and which one in none of these rooms. */
const SPECS = {
  casbin: /\/casbin\//,
  conditions: /\/conditions\//,
  tables: /\/tables\/|\/(?:layouts|decide|enforce)\.spec/,
};
const OTHER_SPECS = /^(?!.*\/(?:casbin|tables)\/)/;

/** What the mutated code reads, and where it counts. */
const stryker = (globalThis.__stryker__ = {});

/** @type {import('@stryker-mutator/api/test-runner').TestRunner} */
class SpecRunner {
  #version = 0;
  /** @type {Record<string, number>} */
  #durations = {};

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    const policy = pathToFileURL(resolve(ROOT, 'src/index.ts')).href;
    register('./spec-loader.mjs', import.meta.url, { data: { policy } });
    if (existsSync(DURATIONS)) this.#durations = JSON.parse(readFileSync(DURATIONS, 'utf8'));
  }

  async dryRun() {
    const result = await this.#run(specFiles(), () => true, true);
    const durations = result.tests.map(({ id, timeSpentMs }) => [id, Math.round(timeSpentMs)]);
    writeFileSync(DURATIONS, JSON.stringify(Object.fromEntries(durations)));
    return { ...result, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, disableBail }) {
    const room = Object.keys(SPECS).find((each) => activeMutant.fileName.includes(`/${each}/`));
    const specs = room === undefined ? OTHER_SPECS : SPECS[room];
    const reaching = testFilter ?? Object.keys(this.#durations);
    const ids = new Set(reaching.filter((id) => specs.test(fileOf(id))));
    stryker.activeMutant = activeMutant.id;
    stryker.hitLimit = hitLimit;
    stryker.hitCount = hitLimit === undefined ? undefined : 0;
    try {
      const files = this.#filesOf(ids);
      return toMutantRunResult(await this.#run(files, ({ id }) => ids.has(id), disableBail));
    } finally {
      stryker.activeMutant = undefined;
    }
  }

  /** INVARIANT: no mutant meets modules that another has run in, so nothing of it is left in them. */
  async #run(files, isAsked, toTheEnd) {
    const version = ++this.#version;
    const results = [];
    for (const file of files) {
      const load = () => import(`${pathToFileURL(resolve(file)).href}?version=${version}`);
      for (const { id, run } of (await testsOf(file, load)).filter(isAsked).sort(this.#shorter)) {
        stryker.currentTestId = id;
        const start = performance.now();
        const result = await outcomeOf(run);
        const timeSpentMs = performance.now() - start;
        stryker.currentTestId = undefined;
        results.push({ id, name: id, fileName: file, timeSpentMs, ...result });
        const endless = determineHitLimitReached(stryker.hitCount, stryker.hitLimit);
        if (endless !== undefined) return endless;
        if (result.status === TestStatus.Failed && !toTheEnd) {
          return { status: DryRunStatus.Complete, tests: results };
        }
      }
    }
    return { status: DryRunStatus.Complete, tests: results };
  }

  #shorter = (a, b) => (this.#durations[a.id] ?? 0) - (this.#durations[b.id] ?? 0);

  /** The files of these tests; first the one whose tests are done soonest. */
  #filesOf(ids) {
    const durations = new Map();
    for (const id of ids) {
      const file = fileOf(id);
      durations.set(file, (durations.get(file) ?? 0) + (this.#durations[id] ?? 0));
    }
    return [...durations.keys()].sort((a, b) => durations.get(a) - durations.get(b));
  }
}

async function outcomeOf(run) {
  try {
    await run();
    return { status: TestStatus.Success };
  } catch (error) {
    return { status: TestStatus.Failed, failureMessage: textOf(error) };
  }
}

function textOf(error) {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function specFiles() {
  return readdirSync(ROOT, { recursive: true })
    .filter((file) => file.endsWith('.spec.ts') && !/^dist|\/answers\//.test(file))
    .map((file) => join(ROOT, file))
    .sort();
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'specs', SpecRunner)];
