import { readCaseFiles, runCase } from '@bastion/testing';
import { buildSnapshot } from '../src/build-snapshot.js';
import { decide } from '../src/decide.js';
import { wrongAnswers } from './case-answers.js';
import { decideWithCasbin } from './casbin-oracle.js';
import { decideNaively } from './naive-oracle.js';

const deciders: Parameters<typeof runCase>[1] = {
  decide: (facts, request) => decide(buildSnapshot(facts), request),
  'the naive oracle': decideNaively,
  casbin: async (facts, request) => {
    const [effect] = await decideWithCasbin(facts, [request]);
    return { effect: effect! };
  },
};

describe.each([...readCaseFiles(new URL('../cases/', import.meta.url))])('%s', (_, { cases }) => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_name, one) => {
    expect(await runCase(one, deciders)).toEqual([]);
    expect(wrongAnswers(one)).toEqual([]);
  });
});
