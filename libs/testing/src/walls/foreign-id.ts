/** Something that names a thing of another tenant, and a twin of the same form that names nothing. */
export interface ForeignId {
  /** Such as "a user". */
  readonly what: string;
  /** `ID`, or one of the kinds of text that a table of walls lists: subject, cursor, name, … */
  readonly kind: string;
  readonly theirs: string;
  readonly nobodys: string;
}

/** A thing by its id, if that is a UUID; its twin stands right beside it in every order. */
export function foreignId(what: string, id: string): ForeignId {
  return { what, kind: 'ID', theirs: id, nobodys: neighbourOf(id) };
}

/**
 * A place in a list that is ordered by id.
 *
 * @param cursorAt as the API writes it
 */
export function foreignCursor(
  what: string,
  id: string,
  cursorAt: (id: string) => string,
): ForeignId {
  return {
    what: `a cursor at ${what}`,
    kind: 'cursor',
    theirs: cursorAt(id),
    nobodys: cursorAt(neighbourOf(id)),
  };
}

/** Any text; its twin differs in the end. */
export function foreignText(kind: string, theirs: string): ForeignId {
  return { what: `a ${kind}`, kind, theirs, nobodys: neighbourOf(theirs) };
}

function neighbourOf(id: string): string {
  return id.slice(0, -1) + (id.endsWith('0') ? '1' : '0');
}
