import type { GetMessage } from 'amqplib';
import { tenantIdSchema } from '../input/input-schemas.js';

/** A message that was given up, as an operator sees it. Null: nobody says. */
export interface DeadLetter {
  readonly tenantId: string | null;
  readonly epoch: number | null;
  readonly revision: number | null;
  readonly messageId: string | null;
  /** Name and version of what the body is. */
  readonly type: string | null;
  /** Why it died the last time, in the broker's words: `rejected`, `delivery_limit`, … */
  readonly reason: string | null;
  /** How often it died; more than once only if it was redriven in between. */
  readonly deaths: number;
  /** To the second. */
  readonly firstDiedAt: Date | null;
  readonly bytes: number;
}

/** What the message says about itself, and the broker about its end (the header `x-death`). */
export function toDeadLetter({ content, properties }: GetMessage): DeadLetter {
  const deaths = deathsOf(properties.headers?.['x-death']);
  const diedAt = deaths.flatMap(({ time }) => (time === null ? [] : [time]));
  return {
    ...positionOf(content, properties),
    messageId: text(properties.messageId),
    type: text(properties.type),
    reason: deaths[0]?.reason ?? null,
    deaths: deaths.reduce((sum, { count }) => sum + count, 0),
    firstDiedAt: diedAt.length > 0 ? new Date(Math.min(...diedAt) * 1_000) : null,
    bytes: content.length,
  };
}

/** A body as text where it is text; otherwise base64. */
export function bodyOf(content: Buffer): { readonly text: string } | { readonly base64: string } {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(content) };
  } catch {
    // It is of no importance why: such a message is often here for not being text.
    return { base64: content.toString('base64') };
  }
}

type Position = Pick<DeadLetter, 'tenantId' | 'epoch' | 'revision'>;

/** The body says it best. Where it does not, the CloudEvents id does: `tenant/epoch/revision`. */
function positionOf(content: Buffer, { headers, messageId }: GetMessage['properties']): Position {
  const body = parsed(content);
  const id: unknown = headers?.['cloudEvents_id'] ?? messageId;
  const [tenantId, epoch, revision] = typeof id === 'string' ? id.split('/') : [];
  return {
    tenantId:
      tenant(body['tenantId']) ?? tenant(headers?.['cloudEvents_subject']) ?? tenant(tenantId),
    epoch: positive(body['epoch']) ?? positive(Number(epoch)),
    revision: positive(body['revision']) ?? positive(Number(revision)),
  };
}

function parsed(content: Buffer): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(content.toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // A body that is no JSON is what poison often is; its headers are asked instead.
    return {};
  }
}

function tenant(value: unknown): string | null {
  return tenantIdSchema.safeParse(value).data ?? null;
}

function positive(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** One way in which it died, as often as it did. */
interface Death {
  readonly reason: string | null;
  readonly count: number;
  /** Of the first time, epoch seconds. */
  readonly time: number | null;
}

/** The latest first, as the broker writes them; a publisher may have written anything. */
function deathsOf(header: unknown): Death[] {
  if (!Array.isArray(header)) return [];
  return header.map((entry: unknown) => {
    const { reason, count, time } = (entry ?? {}) as Record<string, unknown>;
    const seconds = (time as { readonly value?: unknown } | undefined)?.value;
    return { reason: text(reason), count: positive(count) ?? 1, time: positive(seconds) };
  });
}
