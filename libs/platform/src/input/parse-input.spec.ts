import { z } from 'zod';
import { ApiError } from '../errors/api-error.js';
import { parseInput } from './parse-input.js';

const schema = z.strictObject({ name: z.string(), members: z.array(z.object({ id: z.string() })) });

function refusalOf(value: unknown): ApiError {
  try {
    parseInput(schema, value);
  } catch (error) {
    if (error instanceof ApiError) return error;
  }
  throw new Error('was not refused with an ApiError');
}

describe('parseInput', () => {
  it('gives what the schema makes of the input', () => {
    expect(parseInput(z.string().trim(), ' a ')).toBe('a');
  });

  it('refuses with path and message of each issue', () => {
    const error = refusalOf({ name: 'a', members: [{ id: 'b' }, { id: 7 }] });
    expect(error.code).toBe('INVALID_INPUT');
    expect(error.message).toBe(
      'The input is not valid: members.1.id: Invalid input: expected string, received number',
    );
    expect(error.details).toEqual({
      issues: [
        { path: 'members.1.id', message: 'Invalid input: expected string, received number' },
      ],
    });
  });

  it('reports ten issues and the number of the others', () => {
    const error = refusalOf({ name: 'a', members: new Array(25).fill({ id: 1 }) });
    expect(error.details?.issues).toHaveLength(10);
    expect(error.details?.unreported).toBe(15);
  });

  it('answers briefly, however long the input is', () => {
    const error = refusalOf({ name: 'a', members: [], ['x'.repeat(1_000_000)]: 1 });
    expect(JSON.stringify(error.details).length + error.message.length).toBeLessThan(1_000);
  });

  it('says so when the input as a whole is wrong', () => {
    expect(refusalOf(null).message).toBe(
      'The input is not valid: Invalid input: expected object, received null',
    );
  });
});
