import pino from 'pino';
import { readConfig } from '../config/read-config.js';
import { runInRequest } from '../http/request-context.js';
import { loggerOptions, loggingEnvironment } from './logger-options.js';

const lines: string[] = [];
const logger = pino(loggerOptions({ service: 'gatekeeper', level: 'info' }), {
  write: (line) => lines.push(line),
});

function logged(log: () => void): Record<string, unknown> {
  lines.splice(0);
  log();
  return JSON.parse(lines.join('')) as Record<string, unknown>;
}

describe('loggerOptions', () => {
  it('says who speaks, when, how loud', () => {
    expect(logged(() => logger.info({ tenants: 3 }, 'Ready'))).toEqual({
      service: 'gatekeeper',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      level: 'info',
      tenants: 3,
      msg: 'Ready',
    });
  });

  it('adds the request and who sent it', () => {
    const identity = { tenantId: 'acme', subject: 'ada' };
    runInRequest({ requestId: 'r-1', identity }, () => {
      expect(logged(() => logger.info('Checked'))).toMatchObject({ requestId: 'r-1', ...identity });
    });
  });

  it.each([
    [{ authorization: 'Bearer hunter2' }],
    [{ headers: { authorization: 'Bearer hunter2', 'set-cookie': 'hunter2' } }],
    [{ request: { headers: { cookie: 'hunter2' } } }],
    [{ options: { client_secret: 'hunter2', password: 'hunter2' }, token: 'hunter2' }],
  ])('censors %j', (entry) => {
    const line = JSON.stringify(logged(() => logger.info(entry)));
    expect(line).toContain('[redacted]');
    expect(line).not.toContain('hunter2');
  });
});

describe('loggingEnvironment', () => {
  it('knows the levels', () => {
    expect(readConfig('logging', loggingEnvironment, {})).toEqual({ level: 'info' });
    expect(() => readConfig('logging', loggingEnvironment, { LOG_LEVEL: 'loud' })).toThrow(
      'LOG_LEVEL',
    );
  });
});
