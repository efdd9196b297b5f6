import { PolicyError, type ModelPosition } from './policy-error.js';

/** One `key = text` of a model, with the section it stands in. */
export interface Definition {
  readonly section: string;
  readonly key: string;
  readonly text: string;
  /** Where the character at this offset of `text` stands. */
  readonly at: (offset: number) => ModelPosition;
}

/**
 * The definitions of a model in the order of its text, as Casbin reads it: `#` and `;` begin a
 * comment wherever they stand, a backslash at its end continues a line.
 * Where Casbin drops or overrides something in silence this throws a PolicyError.
 */
export function readDefinitions(model: string): Definition[] {
  const definitions: Definition[] = [];
  const sections = new Set<string>();
  let section: string | undefined;
  let pieces: Piece[] = [];

  const finish = () => {
    const definition = definitionOf(section, pieces);
    const { key } = definition;
    if (definitions.some((other) => other.section === section && other.key === key)) {
      throw PolicyError.inModel(`${key} is defined twice`, pieces[0]!);
    }
    definitions.push(definition);
    pieces = [];
  };

  model.split('\n').forEach((whole, index) => {
    const text = whole.split(/[#;]/, 1)[0]!;
    const trimmed = text.trim();
    if (trimmed === '') return;
    const position = { line: index + 1, column: text.indexOf(trimmed) + 1 };
    if (trimmed.startsWith('[') && trimmed.endsWith(']')) {
      if (pieces.length > 0) throw PolicyError.inModel('unfinished line', pieces.at(-1)!);
      section = trimmed.slice(1, -1);
      if (sections.has(section)) {
        throw PolicyError.inModel(`section ${section} occurs twice`, position);
      }
      sections.add(section);
    } else if (trimmed.endsWith('\\')) {
      pieces.push({ ...position, text: trimmed.slice(0, -1).trim() });
    } else {
      pieces.push({ ...position, text: trimmed });
      finish();
    }
  });
  if (pieces.length > 0) throw PolicyError.inModel('unfinished line', pieces.at(-1)!);
  return definitions;
}

/** What one line of the text contributes to a definition. */
interface Piece extends ModelPosition {
  readonly text: string;
}

function definitionOf(section: string | undefined, pieces: readonly Piece[]): Definition {
  const [first] = pieces;
  if (section === undefined) throw PolicyError.inModel('a definition outside a section', first!);
  const whole = pieces.map(({ text }) => text).join('');
  const equals = whole.indexOf('=');
  if (equals === -1) throw PolicyError.inModel('a definition without =', first!);
  const value = whole.slice(equals + 1);
  const text = value.trim();
  const start = equals + 1 + value.indexOf(text);
  return {
    section,
    key: whole.slice(0, equals).trim(),
    text,
    at: (offset) => positionIn(pieces, start + offset),
  };
}

function positionIn(pieces: readonly Piece[], offset: number): ModelPosition {
  let rest = offset;
  for (const { text, line, column } of pieces) {
    if (rest < text.length) return { line, column: column + rest };
    rest -= text.length;
  }
  const { line, column, text } = pieces.at(-1)!;
  return { line, column: column + text.length };
}
