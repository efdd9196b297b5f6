/** What a call is given: JSON by the names of its arguments. */
export type Arguments = Readonly<Record<string, unknown>>;

/** One place in the arguments of a call where a single value goes. */
export interface Leaf {
  /** Names and positions in lists, such as `['members', 0, 'id']`. */
  readonly path: readonly (string | number)[];
  /** Its GraphQL scalar or enum; over plain HTTP, String in a body and Address in an address. */
  readonly type: string;
  /** Which of another tenant's identifiers are tried in it; null: it names nothing. */
  readonly identifies: string | null;
  /** Whether it excludes its neighbours: exactly one of them may be given. */
  readonly alone: boolean;
}

export function describeLeaf({ path }: Leaf): string {
  return path.join('.');
}

/** Whether the arguments have a value there, or one of its alternatives. */
export function hasLeaf(args: Arguments, { path, alone }: Leaf): boolean {
  const steps = alone ? path.slice(0, -1) : path;
  return steps.reduce<unknown>(stepInto, args) !== undefined;
}

/** The arguments with another value in one place; what is missing on the way there is made. */
export function withLeaf(args: Arguments, { path, alone }: Leaf, value: unknown): Arguments {
  return replaced(args, path, value, alone) as Arguments;
}

function replaced(
  target: unknown,
  [step, ...rest]: readonly (string | number)[],
  value: unknown,
  alone: boolean,
): unknown {
  if (step === undefined) return value;
  const below = replaced(stepInto(target, step), rest, value, alone);
  if (typeof step === 'number') {
    const items = Array.isArray(target) ? [...(target as unknown[])] : [];
    items[step] = below;
    return items;
  }
  const isOnly = alone && rest.length === 0;
  const others = isOnly || typeof target !== 'object' ? {} : target;
  return { ...others, [step]: below };
}

function stepInto(target: unknown, step: string | number): unknown {
  if (typeof target !== 'object' || target === null) return undefined;
  return Object.hasOwn(target, step) ? (target as Record<string, unknown>)[step] : undefined;
}
