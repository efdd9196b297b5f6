import type { RegisteredType } from './catalogue.js';

/**
 * The types that need no registering: those of the project's own APIs (`API_PERMISSIONS`), and those
 * that built-in roles name. A test holds it to both.
 */
export const SHIPPED_CATALOGUE: readonly RegisteredType[] = [
  type('tenant', 'The tenant as a whole.', {
    read: 'See its settings.',
    write: 'Change its settings; in the tenant platform, act on any tenant.',
  }),
  type('user', 'The people of the tenant.', {
    read: 'See them.',
    write: 'Create, suspend and deprovision them.',
  }),
  type('service-account', 'The machines of the tenant.', {
    read: 'See them.',
    write: 'Create, suspend and deprovision them.',
  }),
  type('group', 'Groups of principals.', {
    read: 'See them and their members.',
    write: 'Create and delete them, and change their members.',
  }),
  type('scope', 'The tree that access is given in.', {
    read: 'See a scope.',
    write: 'Create, move, cut off and delete scopes.',
  }),
  type('resource', 'What is registered under scopes.', {
    read: 'See what is registered.',
    write: 'Register, move and unregister.',
  }),
  type('role', 'Sets of permissions.', {
    read: 'See roles, and the catalogue of permissions.',
    write: 'Create, change and retire roles.',
  }),
  type('catalogue', 'The catalogue of permissions.', {
    write: 'Register the resource types and verbs that a service knows.',
  }),
  type('assignment', 'Who has which role where.', {
    read: 'See assignments.',
    write: 'Assign and unassign roles that one holds oneself.',
    any: 'Give what one does not hold.',
  }),
  type('audit', 'What was done by whom.', { read: 'See the audit trail.' }),
  type('access', 'What anyone may do.', { check: 'Ask what others may do.' }),
  type('workspace', 'Workspaces.', contentVerbs('workspaces')),
  type('folder', 'Folders.', contentVerbs('folders')),
  type('assistant', 'Assistants.', contentVerbs('assistants')),
  type('document', 'Documents.', contentVerbs('documents')),
];

function type(
  name: string,
  description: string,
  verbs: Readonly<Record<string, string>>,
): RegisteredType {
  const entries = Object.entries(verbs);
  return {
    type: name,
    description,
    verbs: entries.map(([verb, does]) => ({ name: verb, description: does })),
  };
}

function contentVerbs(what: string): Readonly<Record<string, string>> {
  return { read: `Read ${what}.`, write: `Change ${what}.` };
}
