// Jest's environment for Node.js with an ordinary global object. Jest's own looks every global name
// (`Math`, `Map`, `Object`) up in a sandbox behind a proxy, each time that it is met: what counts and
// hashes much was slower by several times in a test than in a service.
import { createContext, constants } from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

export default class OrdinaryGlobalEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    const ordinary = createContext(constants.DONT_CONTEXTIFY);
    copyGlobals(this.global, ordinary);
    this.context = ordinary;
    this.global = ordinary;
    // What replaces functions by others does it where the tests look.
    const { projectConfig } = config;
    this.moduleMocker = new this.moduleMocker.constructor(ordinary);
    this.fakeTimersModern = new this.fakeTimersModern.constructor({
      config: projectConfig,
      global: ordinary,
    });
  }
}

/** All that Jest has put there: what Node.js has beyond the language, and what Jest needs itself. */
function copyGlobals(from, to) {
  for (const key of Reflect.ownKeys(from)) {
    if (Object.hasOwn(to, key) && !SHARED.has(key)) continue;
    Object.defineProperty(to, key, globalOf(from, key, to));
  }
  to.global = to;
  to.Symbol.dispose ??= from.Symbol.dispose;
  to.Symbol.asyncDispose ??= from.Symbol.asyncDispose;
  to.Error.stackTraceLimit = from.Error.stackTraceLimit;
}

/** The language's own that Node.js hands out objects of, so that they are instances in a test too. */
const SHARED = new Set(['ArrayBuffer', 'Uint8Array']);

/** Many of Node.js are made when they are first looked at, which takes long, and stay so here. */
function globalOf(from, key, to) {
  const own = Object.getOwnPropertyDescriptor(from, key);
  if ('value' in own) return own;
  const { enumerable } = own;
  const keep = (value) => {
    Object.defineProperty(to, key, { configurable: true, enumerable, writable: true, value });
    return value;
  };
  return { configurable: true, enumerable, get: () => keep(from[key]), set: keep };
}
