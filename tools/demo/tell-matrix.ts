import type { TenantAdmin } from '../stack/temporary-platform.js';
import { ExpectedAccess } from './matrix/expected-access.js';
import { importMatrix } from './matrix/import-matrix.js';
import { planBundles } from '../matrix/plan-matrix.js';
import { seededRandom } from './matrix/seeded-random.js';
import { type Matrix, readMatrix } from '../matrix/read-matrix.js';
import { revokeAndVerify } from './matrix/revoke-and-verify.js';
import { type Verified, verifyAll } from './matrix/verify-matrix.js';
import { WrongAnswer } from './story.js';

export interface MatrixOptions {
  readonly revocations: number;
  readonly seed: number;
  /** Begins in the middle of the import; the checks go on meanwhile. */
  readonly outage: () => Promise<void>;
}

/** A matrix read and planned, before anything is started. Throws for a file that cannot be used. */
export function prepareMatrix(file: string) {
  const matrix = readMatrix(file);
  const bundles = planBundles(matrix);
  const expected = new ExpectedAccess(bundles);
  let inherited = 0;
  for (const user of matrix.users) {
    for (const right of matrix.rights) {
      const held = matrix.holders.get(right)!.has(user);
      if (expected.isAllowed(user, right) !== held) {
        throw new Error(`the plan is wrong about user ${user} and right ${right}`);
      }
      if (expected.isInherited(user, right)) inherited += 1;
    }
  }
  return { matrix, bundles, expected, inherited };
}

/**
 * Imports a user-permission matrix as the tenant's access, checks every pair against the file, then
 * revokes at random and checks again. Rejects with WrongAnswer when a single answer is wrong.
 */
export async function tellMatrix(
  { api, gatekeeper, rootScopeId }: TenantAdmin,
  { matrix, bundles, expected, inherited }: ReturnType<typeof prepareMatrix>,
  { revocations, seed, outage }: MatrixOptions,
  print: (line: string) => void,
): Promise<void> {
  const cuts = bundles.filter((bundle) => !bundle.inheritsAccess).length;
  const denies = bundles.filter((bundle) => bundle.denied.length > 0).length;
  print(
    `\n${matrix.users.length} users, ${matrix.rights.length} rights, ${matrix.pairs} pairs in ` +
      `${bundles.length} bundles: ${percent(inherited, matrix)} of the pairs by inheritance, ` +
      `${cuts} cut, ${denies} deny, groups nested three deep`,
  );
  let outageOver = Promise.resolve();
  const imported = await importMatrix(api, rootScopeId, matrix, bundles, () => {
    outageOver = outage();
  });
  const verification = { gatekeeper, matrix, imported, expected };
  conclude('every pair', await verifyAll(verification), print);
  const random = seededRandom(seed);
  const after = await revokeAndVerify(verification, api, bundles, { count: revocations, random });
  conclude(`whole rows after ${after.revocations} revocations (seed ${seed})`, after, print);
  await outageOver;
  conclude('every pair at the end', await verifyAll(verification), print);
}

function conclude(what: string, { checks, wrong }: Verified, print: (line: string) => void): void {
  print(`  ${what}: ${checks} checks, ${wrong.length} wrong`);
  if (wrong.length > 0) throw new WrongAnswer(wrong.slice(0, 10).join('\n'));
}

function percent(pairs: number, matrix: Matrix): string {
  return `${((100 * pairs) / matrix.pairs).toFixed(0)} %`;
}
