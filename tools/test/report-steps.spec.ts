import { reportSteps } from '../stack/report-steps.js';

describe('the report of a starting stack', () => {
  it('says in one line what is done without, what that means and how to have it', () => {
    const lines: string[] = [];
    const report = reportSteps((line) => lines.push(line));

    report({ state: 'STARTING', part: 'RabbitMQ' });
    report({
      state: 'ABSENT',
      part: 'RabbitMQ',
      detail: 'changes travel by polling. Install one.',
    });

    expect(lines).toEqual(['  – no RabbitMQ: changes travel by polling. Install one.']);
  });
});
