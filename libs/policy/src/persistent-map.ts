/**
 * An immutable map from strings. `set` and `delete` answer a new map that shares all but one path
 * of nodes with the old one, so keeping every past version costs little and none ever changes.
 * A hash array mapped trie (Bagwell, "Ideal Hash Trees", 2001): 32-way, so at a million keys a
 * change copies about four small arrays.
 *
 * The shape depends on the contents alone, not on the order of changes that led there: equal maps
 * iterate equally on every machine.
 */
export class PersistentMap<V> {
  static readonly #EMPTY = new PersistentMap<never>(undefined, 0);

  static empty<V>(): PersistentMap<V> {
    return PersistentMap.#EMPTY;
  }

  /** As many `set`s would make it, at a fraction of their cost. */
  static from<V>(entries: ReadonlyMap<string, V>): PersistentMap<V> {
    if (entries.size === 0) return PersistentMap.empty();
    const leaves = Array.from(entries, ([key, value]) => new Leaf(hashOf(key), key, value));
    return new PersistentMap(gather(leaves, 0), entries.size);
  }

  readonly #root: Node<V> | undefined;
  readonly size: number;

  private constructor(root: Node<V> | undefined, size: number) {
    this.#root = root;
    this.size = size;
  }

  get(key: string): V | undefined {
    return this.#root === undefined ? undefined : find(this.#root, hashOf(key), key)?.value;
  }

  has(key: string): boolean {
    return this.#root !== undefined && find(this.#root, hashOf(key), key) !== undefined;
  }

  /** This very map if the key already has this very value. */
  set(key: string, value: V): PersistentMap<V> {
    const leaf = new Leaf(hashOf(key), key, value);
    if (this.#root === undefined) return new PersistentMap<V>(leaf, 1);
    const present = find(this.#root, leaf.hash, key);
    if (present !== undefined && Object.is(present.value, value)) return this;
    const size = present === undefined ? this.size + 1 : this.size;
    return new PersistentMap<V>(insert(this.#root, leaf, 0), size);
  }

  /** This very map if the key is absent. */
  delete(key: string): PersistentMap<V> {
    if (!this.has(key)) return this;
    const root = remove(this.#root!, hashOf(key), key, 0);
    return root === undefined ? PersistentMap.empty() : new PersistentMap(root, this.size - 1);
  }

  forEach(visit: (value: V, key: string) => void): void {
    if (this.#root !== undefined) walk(this.#root, visit);
  }

  keys(): string[] {
    const keys: string[] = [];
    this.forEach((_, key) => keys.push(key));
    return keys;
  }

  values(): V[] {
    const values: V[] = [];
    this.forEach((value) => values.push(value));
    return values;
  }
}

type Node<V> = Branch<V> | Bucket<V>;
/** What holds entries of one hash: nearly always a single leaf. */
type Bucket<V> = Leaf<V> | Collision<V>;

class Leaf<V> {
  constructor(
    readonly hash: number,
    readonly key: string,
    readonly value: V,
  ) {}
}

/** Different keys of equal hash, sorted by key. */
class Collision<V> {
  constructor(
    readonly hash: number,
    readonly leaves: readonly Leaf<V>[],
  ) {}
}

/**
 * Up to 32 children, told apart by five bits of the hash; `bitmap` says which are there.
 * INVARIANT: never a lone bucket below a branch (it would sit in the branch's own place), which is
 * what makes the shape canonical.
 */
class Branch<V> {
  constructor(
    readonly bitmap: number,
    readonly children: readonly Node<V>[],
  ) {}
}

const BITS = 5;
const MASK = 31;
/** The hash has 32 bits: six levels of five and one of two. */
const LAST_SHIFT = 30;

/** FNV-1a over UTF-16 code units, 32 bits. Unseeded: the same shape in every process. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) {
    hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  }
  return hash;
}

function bitOf(hash: number, shift: number): number {
  return 1 << ((hash >>> shift) & MASK);
}

/** Where the child of `bit` stands: how many lower bits of the bitmap are set. */
function positionOf(bitmap: number, bit: number): number {
  let rest = bitmap & (bit - 1);
  rest -= (rest >>> 1) & 0x55555555;
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function find<V>(root: Node<V>, hash: number, key: string): Leaf<V> | undefined {
  let node = root;
  for (let shift = 0; node instanceof Branch; shift += BITS) {
    const bit = bitOf(hash, shift);
    if ((node.bitmap & bit) === 0) return undefined;
    node = node.children[positionOf(node.bitmap, bit)]!;
  }
  if (node instanceof Leaf) return node.key === key ? node : undefined;
  return node.hash === hash ? node.leaves.find((leaf) => leaf.key === key) : undefined;
}

function insert<V>(node: Node<V>, leaf: Leaf<V>, shift: number): Node<V> {
  if (!(node instanceof Branch)) {
    return node.hash === leaf.hash ? insertIntoBucket(node, leaf) : fork(node, leaf, shift);
  }
  const bit = bitOf(leaf.hash, shift);
  const position = positionOf(node.bitmap, bit);
  if ((node.bitmap & bit) === 0) {
    return new Branch(node.bitmap | bit, node.children.toSpliced(position, 0, leaf));
  }
  const child = insert(node.children[position]!, leaf, shift + BITS);
  return new Branch(node.bitmap, node.children.with(position, child));
}

/** The node above leaves whose hashes agree below `shift`. */
function gather<V>(leaves: readonly Leaf<V>[], shift: number): Node<V> {
  if (leaves.length === 1) return leaves[0]!;
  if (shift > LAST_SHIFT) return new Collision(leaves[0]!.hash, leaves.toSorted(byKey));
  const sparse: Leaf<V>[][] = [];
  for (const leaf of leaves) (sparse[(leaf.hash >>> shift) & MASK] ??= []).push(leaf);
  const slots = Object.keys(sparse).map(Number);
  const bitmap = slots.reduce((bits, slot) => bits | (1 << slot), 0);
  const children = slots.map((slot) => gather(sparse[slot]!, shift + BITS));
  return branchOf(bitmap, children);
}

function insertIntoBucket<V>(bucket: Bucket<V>, leaf: Leaf<V>): Bucket<V> {
  if (bucket instanceof Leaf && bucket.key === leaf.key) return leaf;
  const others = bucket instanceof Leaf ? [bucket] : bucket.leaves;
  const leaves = [...others.filter((other) => other.key !== leaf.key), leaf];
  return new Collision(leaf.hash, leaves.sort(byKey));
}

function byKey(a: Leaf<unknown>, b: Leaf<unknown>): number {
  return a.key < b.key ? -1 : 1;
}

/** Branches down to where two different hashes part. */
function fork<V>(one: Bucket<V>, other: Bucket<V>, shift: number): Branch<V> {
  const bit = bitOf(one.hash, shift);
  const otherBit = bitOf(other.hash, shift);
  if (bit === otherBit) return new Branch(bit, [fork(one, other, shift + BITS)]);
  // Compared as unsigned: the bit of child 31 is negative.
  return new Branch(bit | otherBit, bit >>> 0 < otherBit >>> 0 ? [one, other] : [other, one]);
}

/** The key must be there. */
function remove<V>(node: Node<V>, hash: number, key: string, shift: number): Node<V> | undefined {
  if (node instanceof Leaf) return undefined;
  if (node instanceof Collision) {
    const leaves = node.leaves.filter((leaf) => leaf.key !== key);
    return leaves.length === 1 ? leaves[0] : new Collision(hash, leaves);
  }
  const bit = bitOf(hash, shift);
  const position = positionOf(node.bitmap, bit);
  const child = remove(node.children[position]!, hash, key, shift + BITS);
  const children =
    child === undefined
      ? node.children.toSpliced(position, 1)
      : node.children.with(position, child);
  return branchOf(child === undefined ? node.bitmap & ~bit : node.bitmap, children);
}

/** A branch, or the bucket that would be alone in it. */
function branchOf<V>(bitmap: number, children: readonly Node<V>[]): Node<V> {
  const [first] = children;
  return children.length === 1 && !(first instanceof Branch)
    ? first!
    : new Branch(bitmap, children);
}

function walk<V>(node: Node<V>, visit: (value: V, key: string) => void): void {
  if (node instanceof Leaf) {
    visit(node.value, node.key);
  } else {
    for (const child of node instanceof Branch ? node.children : node.leaves) walk(child, visit);
  }
}
