import type { Postgres } from '@bastion/local-stack';

/** The database of a URL, for the superuser of the server that a stack has started. */
export function asSuperuser(postgres: Postgres, url: string): string {
  const superuser = new URL(postgres.superuserUrl);
  superuser.pathname = new URL(url).pathname;
  return superuser.href;
}
