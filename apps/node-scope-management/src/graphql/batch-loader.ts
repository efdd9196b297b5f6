/**
 * Gathers the keys that one request's resolvers ask for at the same time and loads them together,
 * so that a field of every node in a list costs one load and not one for each node.
 */
export class BatchLoader<Value> {
  private batch: {
    readonly keys: Set<string>;
    readonly values: Promise<Map<string, Value>>;
  } | null = null;

  constructor(
    /** Answers every key it is given, or rejects. */
    private readonly loadAll: (keys: readonly string[]) => Promise<Map<string, Value>>,
  ) {}

  async load(key: string): Promise<Value> {
    this.batch ??= this.openBatch();
    const { keys, values } = this.batch;
    keys.add(key);
    const loaded = await values;
    if (!loaded.has(key)) throw new Error(`The batch was loaded without ${key}`);
    return loaded.get(key) as Value;
  }

  private openBatch() {
    const keys = new Set<string>();
    const values = endOfTurn().then(() => {
      this.batch = null;
      return this.loadAll([...keys]);
    });
    return { keys, values };
  }
}

/** By then every resolver of the same list has asked. */
function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
