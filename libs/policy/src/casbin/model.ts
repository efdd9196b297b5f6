import type { Expression } from './expression.js';
import { readDefinitions, type Definition } from './model-text.js';
import { parseMatcher } from './parse-matcher.js';
import { PolicyError } from './policy-error.js';

/** A Casbin model, read and checked. */
export interface Model {
  readonly requestFields: readonly string[];
  readonly policyFields: readonly string[];
  /** By name: `g`, `g2`, … */
  readonly relations: ReadonlyMap<string, { readonly hasDomain: boolean }>;
  readonly effect: PolicyEffect;
  readonly matcher: Expression;
  /** The matcher's own text, and the error of a problem at one of its offsets. */
  readonly matcherText: string;
  readonly matcherError: (problem: string, offset: number) => PolicyError;
}

export type PolicyEffect = 'SOME_ALLOW' | 'NO_DENY' | 'ALLOW_AND_NO_DENY';

// https://casbin.org/docs/syntax-for-models#policy-effect: Casbin knows these by their exact text.
const EFFECTS: Readonly<Record<string, PolicyEffect>> = {
  'some(where (p.eft == allow))': 'SOME_ALLOW',
  '!some(where (p.eft == deny))': 'NO_DENY',
  'some(where (p.eft == allow)) && !some(where (p.eft == deny))': 'ALLOW_AND_NO_DENY',
};

const SECTIONS: Readonly<Record<string, RegExp>> = {
  request_definition: /^r$/,
  policy_definition: /^p$/,
  role_definition: /^g([2-9]|[1-9]\d+)?$/,
  policy_effect: /^e$/,
  matchers: /^m$/,
};

/** Throws a PolicyError for anything it does not understand. */
export function readModel(text: string): Model {
  const definitions = readDefinitions(text);
  for (const { section, key, at } of definitions) {
    const keys = Object.hasOwn(SECTIONS, section) ? SECTIONS[section] : undefined;
    if (keys === undefined) throw PolicyError.inModel(`section ${section} is not supported`, at(0));
    if (!keys.test(key)) {
      throw PolicyError.inModel(`${key} in ${section} is not supported`, at(0));
    }
  }
  const one = (key: string): Definition => {
    const definition = definitions.find((each) => each.key === key);
    if (definition === undefined) {
      throw PolicyError.inModel(`${key} is not defined`, { line: 1, column: 1 });
    }
    return definition;
  };
  const requestFields = fieldsOf(one('r'));
  const policyFields = fieldsOf(one('p'));
  const m = one('m');
  const matcherError = (problem: string, offset: number) =>
    PolicyError.inModel(problem, m.at(offset));
  const fail = (problem: string, offset: number): never => {
    throw matcherError(problem, offset);
  };
  return {
    requestFields,
    policyFields,
    relations: relationsOf(definitions.filter(({ section }) => section === 'role_definition')),
    effect: effectOf(one('e')),
    matcher: parseMatcher(m.text, { requestFields, policyFields }, fail),
    matcherText: m.text,
    matcherError,
  };
}

function fieldsOf({ text, at }: Definition): string[] {
  const fields = text.split(',').map((field) => field.trim());
  fields.forEach((field, index) => {
    if (!/^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(field)) {
      throw PolicyError.inModel(`${JSON.stringify(field)} is not a name of a field`, at(0));
    }
    if (fields.indexOf(field) !== index) {
      throw PolicyError.inModel(`field ${field} occurs twice`, at(0));
    }
  });
  if (fields.includes('priority')) {
    throw PolicyError.inModel('the field priority is not supported', at(0));
  }
  return fields;
}

function relationsOf(definitions: readonly Definition[]): Model['relations'] {
  const keys = new Set(definitions.map(({ key }) => key));
  return new Map(
    definitions.map(({ key, text, at }) => {
      const before = key === 'g' ? undefined : key === 'g2' ? 'g' : `g${Number(key.slice(1)) - 1}`;
      if (before !== undefined && !keys.has(before)) {
        throw PolicyError.inModel(`${key} without ${before}, so Casbin would ignore it`, at(0));
      }
      const places = text.split(',').map((place) => place.trim());
      if (places.some((place) => place !== '_') || places.length < 2 || places.length > 3) {
        throw PolicyError.inModel(`${key} has to be "_, _" or "_, _, _"`, at(0));
      }
      return [key, { hasDomain: places.length === 3 }];
    }),
  );
}

function effectOf({ text, at }: Definition): PolicyEffect {
  const effect = Object.hasOwn(EFFECTS, text) ? EFFECTS[text] : undefined;
  if (effect === undefined) {
    throw PolicyError.inModel(`the effect ${JSON.stringify(text)} is not supported`, at(0));
  }
  return effect;
}
