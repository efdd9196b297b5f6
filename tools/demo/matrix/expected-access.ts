import type { Bundle } from '../../matrix/plan-matrix.js';

/**
 * Who must be allowed what, walked naively over the plan: the demo's own oracle, sharing nothing
 * with the services. It starts as the matrix itself (which is checked) and follows revocations.
 */
export class ExpectedAccess {
  private readonly bundleOfRight = new Map<string, Bundle>();
  private readonly bundles = new Map<string, Bundle>();
  private readonly granted = new Map<string, Set<string>>();
  /** `user right`, taken away by a deny on the right itself. */
  private readonly deniedRights = new Set<string>();

  constructor(bundles: readonly Bundle[]) {
    for (const bundle of bundles) {
      this.bundles.set(bundle.name, bundle);
      this.granted.set(bundle.name, new Set(bundle.granted));
      for (const right of bundle.rights) this.bundleOfRight.set(right, bundle);
    }
  }

  isAllowed(user: string, right: string): boolean {
    if (this.deniedRights.has(`${user} ${right}`)) return false;
    let bundle = this.bundleOfRight.get(right);
    let allowed = false;
    while (bundle) {
      if (bundle.denied.includes(user)) return false;
      if (this.granted.get(bundle.name)!.has(user)) allowed = true;
      bundle = this.above(bundle);
    }
    return allowed;
  }

  /** Whether the user holds the right through a bundle above the right's own. */
  isInherited(user: string, right: string): boolean {
    const own = this.bundleOfRight.get(right);
    return (
      own !== undefined && this.isAllowed(user, right) && !this.granted.get(own.name)!.has(user)
    );
  }

  removeFromBundle(user: string, bundle: string): void {
    this.granted.get(bundle)!.delete(user);
  }

  denyRight(user: string, right: string): void {
    this.deniedRights.add(`${user} ${right}`);
  }

  private above(bundle: Bundle): Bundle | undefined {
    return bundle.inheritsAccess && bundle.parent ? this.bundles.get(bundle.parent) : undefined;
  }
}
