/** Which way bytes go through the proxy. */
export type Direction = 'TO_TARGET' | 'TO_CLIENT';

/**
 * What the network does. Bytes that do not get through are not lost but late, as with TCP: a
 * connection that outlives the fault goes on where it stood.
 *
 * - PASS: nothing.
 * - LATENCY: every byte, and every end of a connection, arrives that much later.
 * - BLACKHOLE: connections are taken and stay open, and nothing gets through.
 * - HALF_OPEN: the same in one direction alone; the other passes.
 * - RESET: every connection is reset, and new ones are refused.
 * - NO_NEW: new connections are refused; those that are there pass.
 */
export type Fault =
  | { readonly kind: 'PASS' }
  | { readonly kind: 'LATENCY'; readonly toTargetMs: number; readonly toClientMs: number }
  | { readonly kind: 'BLACKHOLE' }
  | { readonly kind: 'HALF_OPEN'; readonly lost: Direction }
  | { readonly kind: 'RESET' }
  | { readonly kind: 'NO_NEW' };

/** What a fault does to one direction. */
export interface Passage {
  readonly held: boolean;
  readonly delayMs: number;
}

export function passageOf(fault: Fault, direction: Direction): Passage {
  switch (fault.kind) {
    case 'BLACKHOLE':
      return { held: true, delayMs: 0 };
    case 'HALF_OPEN':
      return { held: fault.lost === direction, delayMs: 0 };
    case 'LATENCY':
      return {
        held: false,
        delayMs: direction === 'TO_TARGET' ? fault.toTargetMs : fault.toClientMs,
      };
    case 'PASS':
    case 'RESET':
    case 'NO_NEW':
      return { held: false, delayMs: 0 };
  }
}

export function takesConnections({ kind }: Fault): boolean {
  return kind !== 'RESET' && kind !== 'NO_NEW';
}
