type Schema = Readonly<Record<string, unknown>>;

/** What says nothing about which bodies are taken. */
const REMARKS = new Set(['$schema', '$id', '$defs', 'title', 'description', 'default']);

/**
 * Where `today` says anything else than `frozen` about what `frozen` knows. Additions are no
 * difference: further properties that are not required, further kinds of a union.
 */
export function schemaDifferences(frozen: Schema, today: Schema, path: string): string[] {
  return differences({ root: frozen, at: frozen }, { root: today, at: today }, path);
}

/** A place in a document. */
interface Place {
  readonly root: Schema;
  readonly at: unknown;
}

function differences(frozen: Place, today: Place, path: string): string[] {
  const [was, is] = [resolved(frozen), resolved(today)];
  if (was === undefined || is === undefined) return was === is ? [] : [path];
  const keys = new Set(
    [...Object.keys(was), ...Object.keys(is)].filter((key) => !REMARKS.has(key)),
  );
  return [...keys].flatMap((key) => {
    const [before, after] = [
      { ...frozen, at: was[key] },
      { ...today, at: is[key] },
    ];
    switch (key) {
      case 'properties':
        return ofMembers(before, after, path, (properties) => properties as Schema);
      case 'oneOf':
      case 'anyOf':
        return ofMembers(before, after, path, (branches) => byKind(branches as Schema[]));
      case 'items':
        return differences(before, after, `${path}[]`);
      default:
        return sorted(before.at) === sorted(after.at) ? [] : [`${path} ${key}`];
    }
  });
}

function ofMembers(
  before: Place,
  after: Place,
  path: string,
  members: (of: unknown) => Schema,
): string[] {
  if (before.at === undefined || after.at === undefined) return [path];
  const now = members(after.at);
  return Object.entries(members(before.at)).flatMap(([name, at]) =>
    differences({ ...before, at }, { ...after, at: now[name] }, `${path}/${name}`),
  );
}

/** The branches of a union by the literal that tells them apart, or by their order. */
function byKind(branches: readonly Schema[]): Schema {
  return Object.fromEntries(
    branches.map((branch, index) => {
      const { kind, type } = (branch.properties ?? {}) as Record<string, Schema | undefined>;
      const literal = kind?.const ?? type?.const;
      return [typeof literal === 'string' ? literal : String(index), branch];
    }),
  );
}

function resolved({ root, at }: Place): Schema | undefined {
  const schema = at as Schema | undefined;
  if (typeof schema?.$ref !== 'string') return schema;
  const name = schema.$ref.slice('#/$defs/'.length);
  return (root.$defs as Record<string, Schema>)[name];
}

/** Lists of a schema (`enum`, `required`) are sets. */
function sorted(value: unknown): string {
  return JSON.stringify(Array.isArray(value) ? value.map(String).sort() : value) ?? '';
}
