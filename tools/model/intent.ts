/**
 * What somebody wants, as plain data. Whoever and whatever it names is a number: the so manieth of its
 * kind there then is, or, beyond the last, something of another tenant.
 */
export type Intent =
  | { readonly do: 'createUser'; readonly status: 'ACTIVE' | 'INVITED' }
  | { readonly do: 'setStatus'; readonly principal: number; readonly status: NextStatus }
  | { readonly do: 'createGroup' }
  | { readonly do: 'deleteGroup'; readonly group: number }
  | ({ readonly do: 'addMember' } & GroupAndMember)
  | ({ readonly do: 'removeMember' } & GroupAndMember)
  | {
      readonly do: 'createScope';
      readonly parent: number;
      readonly type: 'workspace' | 'folder';
      readonly inheritsAccess: boolean;
    }
  | { readonly do: 'moveScope'; readonly scope: number; readonly parent: number }
  | {
      readonly do: 'setScopeInheritance';
      readonly scope: number;
      readonly inheritsAccess: boolean;
    }
  | { readonly do: 'deleteScope'; readonly scope: number; readonly recursive: boolean }
  | ({ readonly do: 'createRole' } & RoleContent)
  | ({ readonly do: 'changeRole'; readonly role: number } & RoleContent)
  | { readonly do: 'retireRole'; readonly role: number }
  | {
      readonly do: 'assignRole';
      readonly grantee: number;
      readonly role: number;
      readonly place: number;
      readonly reach: 'SELF' | 'SUBTREE';
      readonly effect: 'ALLOW' | 'DENY';
      readonly ends: boolean;
    }
  | { readonly do: 'unassignRole'; readonly assignment: number }
  | ({ readonly do: 'registerResource' } & ResourceAndScope)
  | ({ readonly do: 'moveResource' } & ResourceAndScope)
  | { readonly do: 'unregisterResource'; readonly resource: number };

export type NextStatus = 'ACTIVE' | 'SUSPENDED' | 'DEPROVISIONED';

interface GroupAndMember {
  readonly group: number;
  readonly member: number;
}

interface ResourceAndScope {
  readonly resource: number;
  readonly scope: number;
}

export interface RoleContent {
  readonly permissions: readonly string[];
  readonly includes: readonly number[];
  readonly assignableOn: readonly string[];
  readonly piercing: boolean;
}

/** An intent of the so manieth principal's. */
export interface Act {
  readonly actor: number;
  readonly intent: Intent;
}
