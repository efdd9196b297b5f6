import type { AccessCase } from '@bastion/testing';
import {
  explain,
  listPermissions,
  listPrincipals,
  listResources,
  listScopes,
  type AccessPath,
} from '../src/answers/index.js';
import { buildSnapshot } from '../src/build-snapshot.js';
import { decide } from '../src/decide.js';
import { applyNaively } from './naive-apply.js';
import { eventsOfRemedy, flawsOfPath } from './naive-explanation.js';
import {
  listPermissionsNaively,
  listPrincipalsNaively,
  listResourcesNaively,
  listScopesNaively,
} from './naive-lists.js';
import { decideNaively } from './naive-oracle.js';

/**
 * What the lists and the explanation get wrong about a case, whether or not it states anything of
 * them: they must agree with the check, whoever and wherever is asked about. None: all is right.
 */
export function wrongAnswers({ facts, request, stated }: AccessCase): string[] {
  const snapshot = buildSnapshot(facts);
  const { decision, paths, nearMisses, remedies } = explain(snapshot, request);
  const where = listScopes(snapshot, request);
  const which = listResources(snapshot, request);
  const who = listPrincipals(snapshot, request);
  const what = listPermissions(snapshot, request);
  const path = Object.fromEntries(paths.items.map((one) => [one.assignment.id, render(one)]));
  const nearly = Object.fromEntries(
    nearMisses.items.map((miss) => [miss.path.assignment.id, miss.reason]),
  );
  const claims: [string, unknown, unknown][] = [
    ['explain decides', decision, decide(snapshot, request)],
    ['flaws of paths', paths.items.flatMap((one) => flawsOfPath(facts, request, one)), []],
    [
      'remedies that are none',
      remedies.items.filter((remedy) => {
        const after = applyNaively(facts, eventsOfRemedy(facts, remedy));
        return decideNaively(after, request).effect !== 'ALLOW';
      }),
      [],
    ],
    ['where', where, listScopesNaively(facts, request)],
    ['which', which, listResourcesNaively(facts, request)],
    ['who', who, listPrincipalsNaively(facts, request)],
    ['what', what, listPermissionsNaively(facts, request)],
    ['where, as stated', where, stated.where ?? where],
    ['which, as stated', which, stated.which ?? which],
    ['who, as stated', who, stated.who ?? who],
    ['what, as stated', what, stated.what ?? what],
    ['path, as stated', path, stated.path ?? path],
    ['nearly, as stated', nearly, stated.nearly ?? nearly],
  ];
  return claims.flatMap(([claim, found, expected]) =>
    canonical(found) === canonical(expected)
      ? []
      : [`${claim}: ${canonical(found)} instead of ${canonical(expected)}`],
  );
}

function render({ members, roles, permission, scopes }: AccessPath): string {
  return [members.join(' > '), roles.join(' > '), permission, scopes.join(' > ')].join(' | ');
}

/** Equal for equal answers: the keys of what is looked up by name have no order. */
function canonical(answer: unknown): string {
  const isLookup = typeof answer === 'object' && answer !== null && !Array.isArray(answer);
  return JSON.stringify(isLookup ? Object.entries(answer).sort() : answer);
}
