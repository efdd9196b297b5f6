import type { Answer, Audience, Endpoint } from './endpoint.js';
import { differences } from './differences.js';
import type { Arguments, Leaf } from './leaf.js';
import { answerOf } from './read-answer.js';

/** What a route is called with. */
export interface HttpCall {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: object;
}

/** A call that succeeds, and what each text in it names: ID, another kind of text, or null: nothing. */
export interface SampleCall {
  readonly call: () => HttpCall | Promise<HttpCall>;
  readonly texts: Readonly<Record<string, string | null>>;
}

/** Who is answered by a route, as an {@link Audience}, and how it is called. */
export interface RouteRule {
  readonly audience: Audience;
  readonly calls: readonly SampleCall[];
  /** Whether a call as it is meant may change rows; default: not. */
  readonly writes?: boolean;
}

/** Every route of a service, such as `POST /access/v1/evaluation`, with how it keeps the wall. */
export type HttpWalls = Readonly<Record<string, RouteRule>>;

const BARE: SampleCall = { call: () => ({}), texts: {} };

/** Says the same to everybody, token or not, and hence nothing about any tenant. */
export const PUBLIC: RouteRule = { audience: 'EVERYBODY', calls: [BARE] };

/** A file of those that a route with a `*` has for everybody, all of them alike. */
export function publicFile(name: string): RouteRule {
  return {
    audience: 'EVERYBODY',
    calls: [{ call: () => ({ params: { '*': name } }), texts: { 'params.*': null } }],
  };
}

/** Routed, and refused to everybody. */
export const CLOSED: RouteRule = { audience: 'NOBODY', calls: [BARE] };

/** About the caller's tenant, whatever it names. */
export function ownTenant(...calls: SampleCall[]): RouteRule {
  return { audience: 'OWN', calls };
}

/** About any tenant, for operators of the platform alone, whose asking is entered in its audit. */
export function operatorAct(...calls: SampleCall[]): RouteRule {
  return { audience: 'OPERATOR', calls, writes: true };
}

/** About any tenant, for trusted services alone. */
export function serviceOnly(...calls: SampleCall[]): RouteRule {
  return { audience: 'SERVICE', calls };
}

/** Likewise, and what is asked for changes rows. */
export function serviceWrite(...calls: SampleCall[]): RouteRule {
  return { audience: 'SERVICE', calls, writes: true };
}

/** Names the routes that are served and not in the table, and those in the table and not served. */
export function findUnclassifiedRoutes(routes: readonly string[], walls: HttpWalls): string[] {
  return differences('route', routes, Object.keys(walls));
}

/** A classified route as something to call, once for each of its samples. */
export function httpEndpoints(route: string, walls: HttpWalls, serviceUrl: string): Endpoint[] {
  const rule = walls[route];
  if (!rule) throw new Error(`${route} is not classified.`);
  return rule.calls.map(({ call, texts }) => ({
    name: route,
    audience: rule.audience,
    writes: rule.writes ?? false,
    sample: async () => allListed({ ...(await call()) }, texts, route),
    leaves: Object.entries(texts).map(([place, identifies]) => leafAt(place, identifies)),
    send: (token, args) => send(route, serviceUrl, token, args),
  }));
}

function leafAt(place: string, identifies: string | null): Leaf {
  const path = place.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
  const type = path[0] === 'body' ? 'String' : 'Address';
  return { path, type, identifies, alone: false };
}

function allListed(args: Arguments, texts: SampleCall['texts'], route: string): Arguments {
  const places = textsIn(args, []).map((path) => path.join('.'));
  const gaps = differences(`${route}: text`, places, Object.keys(texts));
  if (gaps.length > 0) throw new Error(gaps.join('; '));
  return args;
}

function textsIn(value: unknown, path: readonly string[]): (readonly string[])[] {
  if (typeof value === 'string') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsIn(inner, [...path, key]));
}

async function send(
  route: string,
  serviceUrl: string,
  token: string | null,
  { params = {}, query = {}, body }: HttpCall,
): Promise<Answer> {
  const [method = '', template = ''] = route.split(' ');
  const path = template.replaceAll(/:(\w+)|\*/g, (place, name: string = place) =>
    encodeURIComponent(wellFormed(params[name] ?? '')),
  );
  const response = await fetch(`${serviceUrl}${path}?${new URLSearchParams(query).toString()}`, {
    method,
    headers: {
      // Asks GraphQL, which otherwise refuses a GET that any page could send, to look at the token.
      'apollo-require-preflight': 'true',
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(body && { 'content-type': 'application/json' }),
    },
    body: body && JSON.stringify(body),
  });
  return answerOf(response);
}

/** Half a character cannot be part of an address. */
function wellFormed(text: string): string {
  return Buffer.from(String(text)).toString();
}
