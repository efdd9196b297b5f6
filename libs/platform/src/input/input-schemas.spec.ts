import {
  entityIdSchema,
  instantSchema,
  nameSchema,
  subjectSchema,
  tenantIdSchema,
} from './input-schemas.js';

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

const UNPRINTABLE = [
  'a\u0000b',
  'a\nb',
  'a\u007fb',
  'a\u2028b',
  'a\u202eb',
  'a\u2066b',
  'a\ud800b',
];

describe('tenantIdSchema', () => {
  it.each([
    'a',
    'platform',
    '0190e5d2-7f6b-7c1c-8e4b-0a1b2c3d4e5f',
    '284917351038124033',
    'a'.repeat(64),
  ])('accepts %s', (id) => expect(accepts(tenantIdSchema, id)).toBe(true));

  it.each(['', '.', '-a', 'a b', 'a/b', 'ä', 'a\n', 'a\u0000', 'a'.repeat(65), 7, null, ['a']])(
    'refuses %j',
    (id) => expect(accepts(tenantIdSchema, id)).toBe(false),
  );
});

describe('entityIdSchema', () => {
  it('accepts a UUID and compares it in lower case', () => {
    expect(entityIdSchema.parse('0190E5D2-7F6B-7C1C-8E4B-0A1B2C3D4E5F')).toBe(
      '0190e5d2-7f6b-7c1c-8e4b-0a1b2c3d4e5f',
    );
  });

  it.each([
    '',
    'acme',
    '0190e5d27f6b7c1c8e4b0a1b2c3d4e5f',
    '{0190e5d2-7f6b-7c1c-8e4b-0a1b2c3d4e5f}',
  ])('refuses %j', (id) => expect(accepts(entityIdSchema, id)).toBe(false));
});

describe('nameSchema', () => {
  it('trims and composes', () => {
    expect(nameSchema.parse('  Zoe\u0308 ')).toBe('Zo\u00eb');
  });

  it('counts after trimming', () => {
    expect(accepts(nameSchema, ` ${'n'.repeat(200)} `)).toBe(true);
    expect(accepts(nameSchema, 'n'.repeat(201))).toBe(false);
    expect(accepts(nameSchema, ' \u00a0 ')).toBe(false);
  });

  it('accepts names of any script', () => {
    expect(accepts(nameSchema, '山田 太郎 👩‍🚀 می‌خواهم')).toBe(true);
  });

  it.each(UNPRINTABLE)('refuses %j', (name) => expect(accepts(nameSchema, name)).toBe(false));
});

describe('subjectSchema', () => {
  it('leaves a subject as it is', () => {
    expect(subjectSchema.parse(' Zoe\u0308 ')).toBe(' Zoe\u0308 ');
  });

  it.each(['', 's'.repeat(257), ...UNPRINTABLE])('refuses %j', (subject) =>
    expect(accepts(subjectSchema, subject)).toBe(false),
  );
});

describe('instantSchema', () => {
  it.each(['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z'])('accepts %s', (text) =>
    expect(accepts(instantSchema, new Date(text))).toBe(true),
  );

  it.each(['0000-12-31T23:59:59Z', '+010000-01-01T00:00:00Z', 'tomorrow'])('refuses %s', (text) =>
    expect(accepts(instantSchema, new Date(text))).toBe(false),
  );
});
