import {
  changesBetween,
  type Answer,
  type Audience,
  type Endpoint,
  type Fingerprint,
} from './endpoint.js';
import type { ForeignId } from './foreign-id.js';
import { describeLeaf, hasLeaf, withLeaf, type Arguments, type Leaf } from './leaf.js';
import { likeAnyOther } from './like-any-other.js';

/** Two tenants of a running service, seen by the administrator of the first. */
export interface TwoTenants {
  /** Of the audiences that have one; `OWN` is the administrator of the first tenant. */
  readonly tokens: Readonly<Partial<Record<Audience, string>> & { OWN: string }>;
  /** Tokens that nobody may be told anything for, each by what is wrong with it; null: none. */
  readonly strangers: Readonly<Record<string, string | null>>;
  /** What names something of the second tenant. */
  readonly foreign: readonly ForeignId[];
  /** All that there is, of both and of everybody else. */
  readonly rows: () => Promise<Fingerprint>;
}

/**
 * Calls an endpoint in every way that must lead nowhere, and once as it is meant to be called, and
 * names whatever leads somewhere. Empty when the endpoint keeps the wall:
 *
 * - whoever has no good token is UNAUTHENTICATED and changes nothing;
 * - with another tenant's id in any place it answers as with an id of nothing, word for word;
 * - nothing of the other tenant is ever changed, and nothing at all by a refused call;
 * - what is for operators or services is FORBIDDEN to a tenant's administrator, and what is for
 *   everybody is the same to all;
 * - and the sample succeeds, so that all of this is not refused for another reason.
 */
export async function findEndpointLeaks(
  endpoint: Endpoint,
  tenants: TwoTenants,
): Promise<string[]> {
  const visit = new Visit(endpoint, tenants);
  if (endpoint.audience === 'EVERYBODY') {
    await visit.asAnybody();
  } else {
    await visit.asStrangers();
    for (const leaf of endpoint.leaves) await visit.withForeignIdsAt(leaf);
    await visit.asMeant();
  }
  return visit.leaks.map((leak) => `${endpoint.name}: ${leak}`);
}

/** What cannot be in an id. */
const WORD_ENDS = /[^\w.@-]+/;

class Visit {
  readonly leaks: string[] = [];
  #sample: Arguments | undefined;

  constructor(
    private readonly endpoint: Endpoint,
    private readonly tenants: TwoTenants,
  ) {}

  async asAnybody(): Promise<void> {
    const { tokens, strangers } = this.tenants;
    const args = await this.#arguments();
    const own = await this.#call(tokens.OWN, args, 'called by a tenant');
    if (own.refusal !== null) this.leaks.push(`refuses the sample: ${JSON.stringify(own.body)}`);
    this.#findTheirIds(own, []);
    for (const [what, token] of Object.entries(strangers)) {
      const answer = await this.#call(token, args, `called with ${what}`);
      const isAlike = likeAnyOther(answer, args) === likeAnyOther(own, args);
      if (!isAlike) this.leaks.push(`answers otherwise to ${what}: ${JSON.stringify(answer.body)}`);
    }
  }

  async asStrangers(): Promise<void> {
    const args = await this.#arguments();
    for (const [what, token] of Object.entries(this.tenants.strangers)) {
      const { refusal, status } = await this.#call(token, args, `called with ${what}`);
      if (refusal !== 'UNAUTHENTICATED' || status !== 401) {
        this.leaks.push(`answers ${status} ${refusal ?? 'and no refusal'} to ${what}`);
      }
    }
  }

  async withForeignIdsAt(leaf: Leaf): Promise<void> {
    const place = describeLeaf(leaf);
    const ids = this.tenants.foreign.filter(({ kind }) => kind === leaf.identifies);
    if (leaf.identifies !== null && ids.length === 0) {
      this.leaks.push(`nothing of kind ${leaf.identifies} to try as ${place}`);
    }
    if (ids.length > 0 && !hasLeaf(await this.#arguments(), leaf)) {
      this.leaks.push(`the sample leaves ${place} out`);
      return;
    }
    for (const id of ids) {
      const theirs = await this.#callWith(leaf, id.theirs, `${id.what} of theirs as ${place}`);
      const nobodys = await this.#callWith(leaf, id.nobodys, `${id.what} of nobody's as ${place}`);
      if (theirs !== nobodys) {
        this.leaks.push(
          `tells ${id.what} of theirs as ${place} from nobody's: ${theirs} ≠ ${nobodys}`,
        );
      }
    }
  }

  async asMeant(): Promise<void> {
    const { tokens } = this.tenants;
    const { audience } = this.endpoint;
    if (audience !== 'OWN') {
      const { refusal } = await this.#call(
        tokens.OWN,
        await this.#arguments(),
        'called by a tenant',
      );
      const isRefused = audience === 'NOBODY' ? refusal !== null : refusal === 'FORBIDDEN';
      if (!isRefused) this.leaks.push(`is open to a tenant: ${refusal ?? 'answered'}`);
    }
    const token = tokens[audience];
    if (token === undefined) return;
    const answer = await this.#call(token, await this.#arguments(), 'called as it is meant to be');
    if (answer.refusal !== null)
      this.leaks.push(`refuses the sample: ${JSON.stringify(answer.body)}`);
    if (audience === 'OWN') this.#findTheirIds(answer, []);
  }

  /** Calls as the own administrator with one value replaced; answers what it says, made comparable. */
  async #callWith(leaf: Leaf, value: string, what: string): Promise<string> {
    const args = withLeaf(await this.#arguments(), leaf, value);
    const answer = await this.#call(this.tenants.tokens.OWN, args, what);
    if (answer.refusal === null && this.endpoint.writes) this.#sample = undefined;
    this.#findTheirIds(answer, [value]);
    return likeAnyOther(answer, args);
  }

  async #call(token: string | null, args: Arguments, what: string): Promise<Answer> {
    const { endpoint, tenants } = this;
    const before = await tenants.rows();
    const answer = await endpoint.send(token, args);
    const changes = changesBetween(before, await tenants.rows());
    const isMeant = token === tenants.tokens[endpoint.audience] && answer.refusal === null;
    const wrong = changes.filter((rows) => !(endpoint.writes && isMeant) || isTheirs(rows));
    if (wrong.length > 0) this.leaks.push(`${what}: changed ${wrong.join(', ')}`);
    return answer;
  }

  /** The own tenant never heard of their ids, so one can be in an answer for one reason alone. */
  #findTheirIds({ body }: Answer, sent: readonly string[]): void {
    const words = new Set(JSON.stringify(body).split(WORD_ENDS));
    for (const { kind, what, theirs } of this.tenants.foreign) {
      if (kind === 'ID' && !sent.includes(theirs) && words.has(theirs)) {
        this.leaks.push(`tells ${what} of theirs, ${theirs}`);
      }
    }
  }

  async #arguments(): Promise<Arguments> {
    this.#sample ??= await this.endpoint.sample();
    return this.#sample;
  }
}

function isTheirs(rows: string): boolean {
  return rows.startsWith('their ');
}
