/** How many facts of each kind a tenant has. */
export interface TenantSize {
  /** The living: neither DEPROVISIONED nor ERASED. */
  readonly principals: number;
  readonly groups: number;
  readonly scopes: number;
  readonly resources: number;
  /** Built-in ones too, but none that is retired. */
  readonly roles: number;
  readonly assignments: number;
}
