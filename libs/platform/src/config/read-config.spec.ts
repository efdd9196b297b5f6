import { z } from 'zod';
import { ConfigError, readConfig } from './read-config.js';
import { Secret, secretText } from './secret.js';

const schema = z
  .object({
    DATABASE_URL: secretText().describe('postgresql://USER:PASSWORD@HOST:PORT/DATABASE'),
    PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
    MODE: z.enum(['server', 'relay']).default('server'),
  })
  .transform((env) => ({ url: env.DATABASE_URL, port: env.PORT, mode: env.MODE }));

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    readConfig('database', schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('readConfig', () => {
  it('gives typed values with their defaults', () => {
    const config = readConfig('database', schema, {
      DATABASE_URL: 'postgresql://a',
      PORT: '15432',
    });
    expect(config).toEqual({ url: expect.any(Secret), port: 15_432, mode: 'server' });
    expect(config.url.reveal()).toBe('postgresql://a');
  });

  it('names a missing variable with its hint', () => {
    expect(problemsOf({})).toEqual([
      'DATABASE_URL is missing (postgresql://USER:PASSWORD@HOST:PORT/DATABASE)',
    ]);
  });

  it('takes an empty variable for a missing one', () => {
    expect(problemsOf({ DATABASE_URL: '' })).toEqual(problemsOf({}));
  });

  it('lists every problem at once', () => {
    const problems = problemsOf({ PORT: 'eighty', MODE: 'turbo' });
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([
      'DATABASE_URL',
      'PORT',
      'MODE',
    ]);
  });

  it('never shows a value', () => {
    const error = new ConfigError('database', problemsOf({ PORT: 'pa55word', MODE: 'pa55word' }));
    expect(error.message).toContain('PORT');
    expect(error.message).not.toContain('pa55word');
  });

  it('names the namespace when a rule spans several variables', () => {
    const pair = z
      .object({ A: z.string().optional(), B: z.string().optional() })
      .refine((env) => (env.A === undefined) === (env.B === undefined), 'A and B go together');
    expect(() => readConfig('pair', pair, { A: 'x' })).toThrow(
      'pair is wrong: A and B go together',
    );
  });
});
