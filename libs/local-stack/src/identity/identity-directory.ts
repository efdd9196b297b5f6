/** Somebody who may be given a token by name. */
export interface Person {
  /** What callers ask for: `alice`. */
  readonly name: string;
  /** The `sub` of the person's tokens. */
  readonly subject: string;
  readonly tenantId: string;
}

/** A service that fetches tokens with a secret; its client id is the `sub` of its tokens. */
export interface ServiceClient {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Null for a service of the platform, whose tokens name no tenant. */
  readonly tenantId: string | null;
}

/** Whom the identity provider knows; grows while it runs. */
export class IdentityDirectory {
  private readonly people = new Map<string, Person>();
  private readonly services = new Map<string, ServiceClient>();

  /** Adds the person, or replaces the one of that name. */
  addPerson(person: Person): void {
    this.people.set(person.name, person);
  }

  /** Adds the service, or replaces the one with that client id. */
  addService(service: ServiceClient): void {
    this.services.set(service.clientId, service);
  }

  person(name: string): Person | undefined {
    return this.people.get(name);
  }

  service(clientId: string): ServiceClient | undefined {
    return this.services.get(clientId);
  }
}
