// Runs the specs of libs/policy for Stryker. With its runner for Jest a mutant takes half a minute,
// nearly all of it for loading modules. Here one process loads them for one mutant after another, from
// files that are compiled once, and begins with the tests that took least without a mutant. A mutant
// that never ends is told by the steps that it takes, in any time.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  DryRunStatus,
  MutantRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { fileOf, loadingOf, testsOf } from './spec-globals.mjs';
import { beginSteps, isEndless } from './spec-steps.mjs';

const ROOT = 'libs/policy';
/** What each test took without a mutant, for all processes of one run: they share the folder. */
const COSTS = '.test-costs.json';

/** Which specs have to notice a mutant in a room of the core, and which one in none of these rooms. */
const SPECS = {
  casbin: /\/casbin\//,
  conditions: /\/conditions\//,
  tables: /\/tables\/|\/(?:layouts|decide|enforce)\.spec/,
};
const OTHER_SPECS = /^(?!.*\/(?:casbin|tables)\/)/;

/** What the code with all its mutants in it reads, and where it counts what each test reaches. */
const stryker = (globalThis.__stryker__ ??= {});

/** @type {import('@stryker-mutator/api/test-runner').TestRunner} */
class SpecRunner {
  #version = 0;
  /** @type {Record<string, { ms: number, steps: number }>} */
  #costs = {};

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    const policy = pathToFileURL(resolve(ROOT, 'src/index.ts')).href;
    register('./spec-loader.mjs', import.meta.url, { data: { policy } });
    if (existsSync(COSTS)) this.#costs = JSON.parse(readFileSync(COSTS, 'utf8'));
  }

  /** Loads all anew for each file: what is reached by loading it is then known to be reached by its tests. */
  async dryRun() {
    const tests = [];
    for (const file of specFiles()) {
      tests.push(...(await this.#runFile(file, `version=${++this.#version}`)));
    }
    const { perTest } = stryker.mutantCoverage;
    const costs = tests.map(({ id, timeSpentMs: ms }) => {
      const steps = Object.values(perTest[id] ?? {}).reduce((sum, hits) => sum + hits, 0);
      return [id, { ms: Math.round(ms), steps }];
    });
    this.#costs = Object.fromEntries(costs);
    writeFileSync(COSTS, JSON.stringify(this.#costs));
    return { status: DryRunStatus.Complete, tests, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter, disableBail }) {
    const room = Object.keys(SPECS).find((each) => activeMutant.fileName.includes(`/${each}/`));
    const specs = room === undefined ? OTHER_SPECS : SPECS[room];
    const reaching = new Set(testFilter ?? Object.keys(this.#costs));
    const isAsked = (id) => reaching.has(id) || reaching.has(loadingOf(fileOf(id)));
    const ids = Object.keys(this.#costs).filter((id) => specs.test(fileOf(id)) && isAsked(id));
    // INVARIANT: no mutant meets modules that another has run in, so nothing of it is left in them.
    const version = `version=${++this.#version}&mutant=${activeMutant.id}`;
    const tests = [];
    for (const file of this.#filesOf(ids)) {
      tests.push(...(await this.#runFile(file, version, new Set(ids), !disableBail)));
      if (isEndless()) return { status: MutantRunStatus.Timeout };
      if (!disableBail && tests.at(-1)?.status === TestStatus.Failed) break;
    }
    return toMutantRunResult({ status: DryRunStatus.Complete, tests });
  }

  /** Runs the tests of a file that are asked for, to the first that fails, or never ends. */
  async #runFile(file, version, asked, untilOneFails) {
    const begin = (id) => {
      stryker.currentTestId = id;
      beginSteps(this.#costs[id]?.steps);
    };
    begin(loadingOf(file));
    const tests = await testsOf(
      file,
      () => import(`${pathToFileURL(resolve(file)).href}?${version}`),
    );
    const results = [];
    for (const { id, run } of tests.sort(this.#shorter)) {
      if (asked?.has(id) === false) continue;
      begin(id);
      const start = performance.now();
      const result = await outcomeOf(run);
      const timeSpentMs = performance.now() - start;
      results.push({ id, name: id, fileName: file, timeSpentMs, ...result });
      if (untilOneFails && (isEndless() || result.status === TestStatus.Failed)) break;
    }
    stryker.currentTestId = undefined;
    return results;
  }

  #shorter = (a, b) => (this.#costs[a.id]?.ms ?? 0) - (this.#costs[b.id]?.ms ?? 0);

  /** The files of these tests; first the one whose tests are done soonest. */
  #filesOf(ids) {
    const durations = new Map();
    for (const id of ids) {
      const file = fileOf(id);
      durations.set(file, (durations.get(file) ?? 0) + this.#costs[id].ms);
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
