import { isDatabaseOutage } from './database-outage.js';

const coded = (code: string, message = 'failed') => Object.assign(new Error(message), { code });

const statementFailed = (sqlState: string) =>
  Object.assign(coded('P2010'), {
    meta: { driverAdapterError: new Error('failed', { cause: { originalCode: sqlState } }) },
  });

const notReached = Object.assign(coded('P2010'), {
  meta: { driverAdapterError: new Error('failed', { cause: { kind: 'DatabaseNotReachable' } }) },
});

describe('isDatabaseOutage', () => {
  it.each([
    ['an unreachable database', coded('P1001')],
    ['an unreachable database, told of a raw query', notReached],
    ['a refused connection', coded('ECONNREFUSED')],
    ['an unknown host', coded('ENOTFOUND')],
    ['a deadlock', coded('P2034')],
    ['a lock timeout', statementFailed('55P03')],
    ['a statement timeout', statementFailed('57014')],
    ['a shutdown, told by pg itself', coded('57P01')],
    ['a lost connection', new Error('Connection terminated unexpectedly')],
    [
      'an exhausted pool',
      coded('P2028', 'Transaction API error: Unable to start a transaction in the given time.'),
    ],
  ])('is %s', (_, error) => expect(isDatabaseOutage(error)).toBe(true));

  it.each([
    ['a broken uniqueness', coded('P2002')],
    ['a syntax error', statementFailed('42601')],
    ['a refused row', statementFailed('42501')],
    [
      'a transaction used after its commit',
      coded('P2028', 'A query cannot be executed on a committed transaction.'),
    ],
    ['any other error', new TypeError('x is not a function')],
    ['no error at all', { code: 'P1001' }],
  ])('is not %s', (_, error) => expect(isDatabaseOutage(error)).toBe(false));
});
