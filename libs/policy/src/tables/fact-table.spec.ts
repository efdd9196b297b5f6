import { FactTable, type Layout } from './fact-table.js';
import { Names } from './names.js';

interface Book {
  readonly title: string;
  readonly author: string;
  readonly shelf: string;
}

const BOOKS: Layout<Book> = {
  columns: { fieldCount: 3, keyCount: 1 },
  indexes: [[1], [1, 2]],
  write({ title, author, shelf }, row, names) {
    row.set([title, author, shelf].map((text) => names.intern(text)));
  },
  read(rows, row, names) {
    const [title, author, shelf] = [0, 1, 2].map((field) => names.textOf(rows.field(row, field)));
    return { title: title!, author: author!, shelf: shelf! };
  },
};

const emma: Book = { title: 'Emma', author: 'Austen', shelf: 'A' };
const persuasion: Book = { title: 'Persuasion', author: 'Austen', shelf: 'P' };
const ulysses: Book = { title: 'Ulysses', author: 'Joyce', shelf: 'U' };

function titles(books: readonly Book[]): string[] {
  return books.map(({ title }) => title).sort();
}

describe('a table of facts', () => {
  const names = new Names();
  const table = [emma, persuasion, ulysses].reduce(
    (next, book) => next.put(book, 1),
    FactTable.empty(BOOKS, names, 1),
  );

  it('finds a fact by its key, and no other', () => {
    expect(table.get('Emma')).toEqual(emma);
    expect(table.get('Austen')).toBeUndefined();
    expect(table.get('nothing that has a name')).toBeUndefined();
  });

  it('finds all facts of an index, and none by a name that nothing has', () => {
    expect(titles(table.by(0, 'Austen'))).toEqual(['Emma', 'Persuasion']);
    expect(titles(table.by(1, 'Austen', 'P'))).toEqual(['Persuasion']);
    expect(table.by(1, 'Joyce', 'P')).toEqual([]);
    expect(table.by(0, 'nobody')).toEqual([]);
    expect(table.byIds(0, Int32Array.of(names.idOf('Joyce')))).toEqual([ulysses]);
    expect(titles(table.values())).toEqual(['Emma', 'Persuasion', 'Ulysses']);
  });

  it('does not take an unknown name for the one that rows without a name have', () => {
    const layout: Layout<Book> = {
      ...BOOKS,
      write(book, row, all) {
        BOOKS.write(book, row, all);
        if (book.author === '') row[1] = 0;
      },
    };
    const anonymous = FactTable.empty(layout, names, 1).put({ ...emma, author: '' }, 1);
    expect(anonymous.by(0, 'nobody')).toEqual([]);
    expect(anonymous.relation.first(anonymous.relation.indexes[0]!, Int32Array.of(0))).toBe(1);
  });

  it('is changed in place by the edit that made it, and copied by another', () => {
    const next = table.put({ ...emma, shelf: 'Z' }, 2);
    expect(next).not.toBe(table);
    expect(next.put(ulysses, 2)).toBe(next);
    expect(next.remove(['Ulysses'], 2)).toBe(next);
    expect(next.remove(['not there'], 3)).not.toBe(next);
    expect([table.get('Emma'), next.get('Emma')?.shelf]).toEqual([emma, 'Z']);
    expect([table.get('Ulysses'), next.get('Ulysses')]).toEqual([ulysses, undefined]);
  });
});
