import { celEnv, parse, plan } from '@bufbuild/cel';
import { tenantFacts } from '@bastion/testing';
import fc from 'fast-check';
import { explain } from '../answers/index.js';
import { buildSnapshot } from '../build-snapshot.js';
import { decide } from '../decide.js';
import type { DecisionContext } from '../decision.js';
import { IndexedSnapshot } from '../indexed-snapshot.js';
import { Names } from '../tables/names.js';
import {
  ATTRIBUTE_LIMITS,
  flawOfAttributes,
  type Attributes,
  type JsonValue,
} from './attributes.js';
import { compileCondition, flawOfCondition, type ConditionOutcome } from './compile-condition.js';
import { CONDITION_LIMITS } from './condition-language.js';
import { Conditions } from './conditions.js';

const time = { earliest: 0, latest: 0 };

/** What the condition of an ALLOW says, through everything that a decision does with it. */
function told(condition: string, context?: DecisionContext): ConditionOutcome {
  const snapshot = tenantFacts()
    .user('alice')
    .role('reader', ['document:read'])
    .assign('alice', 'reader', 'root', { condition })
    .snapshot();
  const request = {
    ...{ principalId: 'alice', permission: 'document:read', scopeId: 'root', time, context },
  };
  const { decision, nearMisses } = explain(snapshot, request);
  if (decision.effect === 'ALLOW') return { is: 'TRUE' };
  const problem = nearMisses.items[0]!.path.conditionProblem;
  return problem === null ? { is: 'FALSE' } : { is: 'ERROR', problem };
}

const outcome = (condition: string, context?: DecisionContext): ConditionOutcome['is'] =>
  told(condition, context).is;

const inContext = (condition: string, attributes: Attributes): ConditionOutcome['is'] =>
  outcome(condition, { attributes });

describe('a condition', () => {
  it.each([
    ['principal.id == "alice" && principal.kind == "USER"'],
    ['action.permission == "document:read" && scope.id == "root"'],
    ['!has(resource.id) && !has(context.anything) && size(context) == 0'],
    ['context == context'],
    ['false || 1 < 2 ? !false : false'],
    ['"b" in ["a", "b"] && !("c" in ["a", "b"])'],
    ['"abc".startsWith("ab") && "abc".endsWith("bc") && "abc".contains("b")'],
    ['timestamp("2026-01-01T00:00:00Z") < timestamp("2026-01-01T01:00:00+00:30")'],
    ['duration("90m") > duration("1h")'],
    ['size("\u{1F600}") == 1'],
    ['true\n\t&& true // why'],
    ['1 <= 1 && 1 != 2 && 2 >= 2 && 2 > 1 && -size(context) <= 0'],
    ['"abc".size() == 3 && scope.type == "tenant"'],
    ['1 in ["a", 1]'],
    [`true //${'x'.repeat(CONDITION_LIMITS.length - 7)}`],
  ])('%s is true', (condition) => {
    expect(outcome(condition)).toBe('TRUE');
  });

  it('sees what is said of each part of the request, and nothing of it elsewhere', () => {
    const context: DecisionContext = {
      attributes: { from: 'context' },
      principalProperties: { from: 'principal' },
      actionProperties: { from: 'action' },
      resourceProperties: { from: 'resource' },
    };
    const condition = `context.from == "context" && principal.properties.from == "principal"
      && action.properties.from == "action" && resource.properties.from == "resource"
      && !has(resource.type)`;
    expect(outcome(condition, context)).toBe('TRUE');
  });

  it('sees the resource, and the scope that it is in', () => {
    const condition = 'resource.type == "document" && resource.id == "d" && scope.id == "folder"';
    const snapshot = tenantFacts()
      .user('alice')
      .role('reader', ['document:read'])
      .scope('folder')
      .resource('document:d', 'folder')
      .assign('alice', 'reader', 'root', { condition })
      .snapshot();
    const asked = { principalId: 'alice', permission: 'document:read', time };
    const ask = (id: string, scopeId?: string) =>
      decide(snapshot, { ...asked, resource: { type: 'document', id }, scopeId }).reason;
    expect(ask('d')).toBe('ALLOWED_BY');
    expect(ask('other', 'folder')).toBe('CONDITION_FALSE');
  });

  it('sees lists as lists, within maps and lists', () => {
    const attributes = { list: ['a', ['b']], map: { list: ['c'] } };
    const condition = `"a" in context.list && "b" in context.list[1] && context.list[1] == ["b"]
      && context.map.list == ["c"]`;
    expect(inContext(condition, attributes)).toBe('TRUE');
  });

  it('is not evaluated over more than may be sent', () => {
    const attributes = { values: Array<number>(ATTRIBUTE_LIMITS.values).fill(1) };
    expect(told('size(context) < 2', { attributes })).toEqual({
      ...{ is: 'ERROR', problem: 'what was sent is no context: more than 256 values' },
    });
    expect(inContext('size(context) < 2', {})).toBe('TRUE');
  });

  it.each([
    ['context.missing == 1', {}],
    ['context.list[2] == 1', { list: [1] }],
    ['context.text < 1', { text: 'a' }],
    ['context.number', { number: 1 }],
    ['!context.text', { text: 'true' }],
  ])('%s with %j cannot be told', (condition, attributes) => {
    expect(inContext(condition, attributes)).toBe('ERROR');
  });

  it('that cannot be told says why, in a line', () => {
    const said = (condition: string) =>
      compileCondition(condition)(() => new Map([['context', new Map([['number', 1]])]]));
    expect(said('context.number == 2')).toEqual({ is: 'FALSE' });
    expect(said('context.number')).toEqual({
      is: 'ERROR',
      problem: 'it is neither true nor false',
    });
    expect(said(`context.${'x'.repeat(300)}`)).toEqual({
      ...{ is: 'ERROR', problem: `No such key: ${'x'.repeat(187)}` },
    });
  });

  it('takes null for a value that is there', () => {
    expect(inContext('has(context.a) && context.a == null', { a: null })).toBe('TRUE');
  });

  // https://github.com/google/cel-spec/blob/master/doc/langdef.md#logical-operators
  it('is told by what can be told, in whatever order it stands', () => {
    expect(outcome('context.missing == 1 || true')).toBe('TRUE');
    expect(outcome('true || context.missing == 1')).toBe('TRUE');
    expect(outcome('context.missing == 1 && false')).toBe('FALSE');
    expect(outcome('context.missing == 1 && true')).toBe('ERROR');
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf'])(
    'knows %s by what was sent alone',
    (name) => {
      expect(outcome(`has(context.${name})`)).toBe('FALSE');
      expect(outcome(`"${name}" in context`)).toBe('FALSE');
      expect(outcome(`context["${name}"] == null`)).toBe('ERROR');
      const sent = JSON.parse(`{ "${name}": "sent", "of": { "${name}": 1 } }`) as Attributes;
      expect(inContext(`context.${name} == "sent" && context.of.${name} == 1`, sent)).toBe('TRUE');
      expect(inContext('size(context.of) == 1', sent)).toBe('TRUE');
    },
  );

  it('means what CEL means by it', () => {
    const environment = celEnv({});
    const value = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 2 },
        fc.constantFrom('', 'a', 'ab', 'constructor', '\u{1F600}'),
        fc.constantFrom(-1, 0, 1, 2, 1.5, 1e300),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom('a', 'b'), tie('value'), { noNullPrototype: true }),
      ),
    })).value;
    const literal = fc.constantFrom('1', '2.0', '-1', '"a"', '"ab"', 'true', 'null', '["a", 1]');
    const expression = fc.letrec<{ any: string; truth: string }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        literal,
        fc.constantFrom('context.x', 'context.y', 'context.x.a', 'context["y"]', 'context.x[0]'),
        tie('truth'),
      ),
      truth: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom('true', 'false', 'context.x', 'has(context.z)'),
        fc
          .tuple(tie('any'), fc.constantFrom('==', '!=', '<', '>=', 'in'), tie('any'))
          .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
        fc
          .tuple(tie('truth'), fc.constantFrom('&&', '||'), tie('truth'))
          .map(([a, operator, b]) => `(${a} ${operator} ${b})`),
        // Two that stand side by side are dropped by some, without looking at what they negate.
        tie('truth').map((a) => `!(${a} && true)`),
        fc
          .tuple(tie('any'), fc.constantFrom('startsWith', 'contains'), literal)
          .map(([a, method, b]) => `${a}.${method}(${b})`),
      ),
    })).truth;
    const seen = { TRUE: 0, FALSE: 0, ERROR: 0 };
    fc.assert(
      fc.property(expression, value, value, (condition, x, y) => {
        fc.pre(flawOfCondition(condition) === undefined);
        // Whether a map is asked for a key that it cannot have is left to implementations.
        fc.pre(!condition.includes(' in ') || !JSON.stringify([x, y]).includes('{'));
        const is = inContext(condition, { x, y });
        seen[is] += 1;
        const truth: unknown = plan(environment, parse(condition))({ context: { x, y } });
        const means = truth === true ? 'TRUE' : truth === false ? 'FALSE' : 'ERROR';
        expect({ condition, x, y, is }).toEqual({ condition, x, y, is: means });
      }),
      { numRuns: 1_000 },
    );
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
  });
});

describe('what is no condition', () => {
  it.each([
    ['', 'EOF', 0],
    ['context.', 'EOF', 8],
    ['context.a ==\n == 1', 'EQ', 14],
    ['nobody.id == "a"', "'nobody' is none of principal,action,scope,resource,context", 0],
    ['now > 1', "'now' is none of", 0],
    ['true && principal.name == "a"', "'name' is none of id,kind,properties", 18],
    ['context.a.matches("(a+)+$")', "'matches' is none of", 0],
    ['context.a + "b" == "ab"', "'+' is not available", 0],
    ['[1].exists(n, n == 1)', "'exists' is none of", 0],
    ['context.a.all(n, context.a.all(m, n == m))', "'all' is none of", 0],
    ['cel.bind(x, 1, x == 1)', 'none of', 0],
    ['{"a": 1}.a == 1', "'map' is not available", 0],
    ['b"a" == b"a"', 'only texts, numbers', 0],
    ['type(context.a) == type(1)', "'type' is none of", 0],
    ['"scope".name == 1', 'Cannot index', 0],
    ['"text"', 'expected true or false, found string', 0],
    ['1 < "a"', 'no such overload', 0],
    ['("a" == "a") && (1 < true)', 'no such overload', 17],
    ['context.a == "\u0000"', 'control characters', 14],
    ['context.a == "\ud800"', 'control characters', 14],
    ['true // \u202e eurt', 'control characters', 8],
    ['x'.repeat(CONDITION_LIMITS.length + 1), 'longer than', CONDITION_LIMITS.length],
    [`${'('.repeat(50)}true${')'.repeat(50)}`, 'maxDepth', 24],
    [`${'!'.repeat(50)}true`, '', 0],
    [`true${' || true'.repeat(120)}`, 'maxAstNodes', 0],
  ])('%j is refused with the place', (text, problem, offset) => {
    const flaw = flawOfCondition(text);
    if (problem === '') return expect(flaw).toBeUndefined();
    expect(flaw?.problem).toContain(problem);
    if (offset > 0) expect(flaw?.offset).toBe(offset);
  });

  it('is told why, and in the message where', () => {
    const flaw = flawOfCondition('true && nobody');
    expect(flaw).toMatchObject({ name: 'ConditionError', offset: 8 });
    expect(flaw?.message).toBe(
      "'nobody' is none of principal,action,scope,resource,context (at character 9)",
    );
  });

  it.each(['context.', 'context.a ==\n == 1', '1 < "a"', `("a" == "a") && (1 < true)`])(
    'is told why in one line of words: %j',
    (text) => {
      const { problem } = flawOfCondition(text)!;
      expect(problem).toMatch(/^[^\n]{5,200}$/);
      expect(problem).not.toContain('Error');
    },
  );

  it('never throws anything else and never hangs, whatever the text', () => {
    const part = fc.constantFrom(
      ...['context', '.a', '(', ')', '[', ']', '{', '}', '!', '-', '?', ':', ',', '"', "'", '"""'],
      ...[
        'r"',
        'b"',
        '\\',
        '\n',
        '&&',
        '||',
        '==',
        'in',
        '1',
        '0x',
        '1e',
        'u',
        '.',
        'has',
        '//',
        '\0',
      ],
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.array(part, { maxLength: 300, size: 'max' }).map((parts) => parts.join('')),
      fc.tuple(part, fc.nat(1_000)).map(([one, times]) => one.repeat(times)),
    );
    fc.assert(
      fc.property(text, (given) => {
        const isRefused = flawOfCondition(given) !== undefined;
        expect(typeof isRefused).toBe('boolean');
        if (!isRefused) expect(compileCondition(given)(() => new Map()).is).toBeDefined();
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('attributes', () => {
  const nested = (depth: number): JsonValue => (depth === 0 ? 1 : { in: nested(depth - 1) });

  it.each([
    ['an object', {}, undefined],
    ['all kinds of values', { a: [1, 'x', true, null, { b: 2.5 }] }, undefined],
    ['no object', 'text', 'expected a JSON object'],
    ['a list', [], 'expected a JSON object'],
    ['nothing', null, 'expected a JSON object'],
    ['what is not JSON', { at: new Date(), f: () => 1 }, 'not a JSON value'],
    ['no number', { n: Number.NaN }, 'not a JSON value'],
    ['the deepest', nested(ATTRIBUTE_LIMITS.depth), undefined],
    ['what is too deep', nested(ATTRIBUTE_LIMITS.depth + 1), 'nested deeper'],
    ['most values', { a: Array(ATTRIBUTE_LIMITS.values - 2).fill(1) }, undefined],
    ['too many values', { a: Array(ATTRIBUTE_LIMITS.values - 1).fill(1) }, 'values'],
    ['the longest text', { a: 'x'.repeat(ATTRIBUTE_LIMITS.textLength) }, undefined],
    ['too long a text', { a: 'x'.repeat(ATTRIBUTE_LIMITS.textLength + 1) }, 'a text of more'],
    ['too long a name', { ['x'.repeat(ATTRIBUTE_LIMITS.textLength + 1)]: 1 }, 'a text of more'],
    [
      'most text',
      { a: [...Array<string>(7).fill('x'.repeat(1_024)), 'x'.repeat(1_023)] },
      undefined,
    ],
    ['a character too much', { a: Array(8).fill('x'.repeat(1_024)) }, 'characters of text'],
    ['too much text', { a: Array(9).fill('x'.repeat(1_000)) }, 'characters of text'],
  ])('may be %s or not', (_, given, flaw) => {
    if (flaw === undefined) expect(flawOfAttributes(given)).toBeUndefined();
    else expect(flawOfAttributes(given)).toContain(flaw);
  });
});

describe('conditions of a tenant', () => {
  it('are compiled when first needed, kept, and no more of them than fit', () => {
    const facts = tenantFacts().user('alice').role('reader', ['document:read']);
    const count = Conditions.CAPACITY + 10;
    for (let n = 0; n < count; n++) {
      facts.scope(`s${n}`).assign('alice', 'reader', `s${n}`, { condition: `context.n == ${n}` });
    }
    const snapshot = facts.snapshot();
    const { conditions } = IndexedSnapshot.tablesOf(snapshot).lineage;
    const asked = { principalId: 'alice', permission: 'document:read', time };
    const allowed = (n: number): string =>
      decide(snapshot, { ...asked, scopeId: `s${n}`, context: { attributes: { n } } }).effect;
    expect(conditions.bytes).toBe(0);
    expect([allowed(0), allowed(0)]).toEqual(['ALLOW', 'ALLOW']);
    const one = conditions.bytes;
    expect(one).toBe(8_192);
    expect([allowed(1), conditions.bytes]).toEqual(['ALLOW', 2 * one]);
    for (let n = 0; n < count; n++) expect(allowed(n)).toBe('ALLOW');
    expect(conditions.bytes).toBeLessThanOrEqual(one * Conditions.CAPACITY);
    expect(allowed(0)).toBe('ALLOW');
  });

  it('cannot be told where a text is none: it lets nobody through and lifts no deny', () => {
    const names = new Names();
    const none = new Conditions(names).outcome(names.intern('nobody'), () => new Map());
    const problem = expect.stringMatching(/^'nobody' is none of .* \(at character 1\)$/) as string;
    expect(none).toEqual({ is: 'ERROR', problem });
    const facts = tenantFacts().user('alice').role('reader', ['document:read']);
    const request = { principalId: 'alice', permission: 'document:read', scopeId: 'root', time };
    facts.assign('alice', 'reader', 'root', { condition: 'nobody' });
    expect(decide(facts.snapshot(), request).reason).toBe('CONDITION_FALSE');
    facts.assign('alice', 'reader').deny('alice', 'reader', 'root', { condition: 'nobody' });
    expect(decide(facts.snapshot(), request).reason).toBe('DENIED_BY');
  });

  it('say nothing to who cannot be asked about', () => {
    const snapshot = buildSnapshot(tenantFacts().facts());
    const request = { principalId: 'x', permission: 'a:b', scopeId: 'root', time };
    expect(explain(snapshot, request).decision.reason).toBe('UNKNOWN_PRINCIPAL');
  });
});
