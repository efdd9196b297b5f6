import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { REPOSITORY } from '../stack/repository.js';

/** Where the examples lie, in the order in which they are executed. */
export const EXAMPLES_FOLDER = `${REPOSITORY}docs/api/examples/`;

/** An operation that the documentation shows, and what it is answered with. */
export interface ApiExample {
  /** Of its files, without the number in front: `assign-role`. */
  readonly name: string;
  readonly answerFile: string;
  readonly title: string;
  readonly service: string;
  readonly operation: string;
  /**
   * JSON, in which "$assign-role.assignRole.consistencyToken" stands for what that example was answered
   * with there, and "$rootScopeId" for the root scope of the tenant.
   */
  readonly variables: Record<string, unknown>;
  /** As it was when the example was last executed, made readable by {@link masked}. */
  readonly answer: unknown;
}

const HEAD = /^# (?<title>.+)\n# service: (?<service>[\w-]+)\n(?:# variables: (?<variables>.+)\n)?/;

/** Every example, in order. Throws for a file that does not begin as all do. */
export function readExamples(): ApiExample[] {
  const files = readdirSync(EXAMPLES_FOLDER).filter((file) => file.endsWith('.graphql'));
  return files.sort().map((file) => {
    const text = readFileSync(EXAMPLES_FOLDER + file, 'utf8');
    const head = HEAD.exec(text);
    if (!head?.groups) throw new Error(`${file} does not begin with a title and a service`);
    const { title = '', service = '', variables = '{}' } = head.groups;
    const answerFile = EXAMPLES_FOLDER + file.replace('.graphql', '.json');
    return {
      ...{ name: file.replace(/^\d+-|\.graphql$/g, ''), answerFile, title, service },
      operation: text.slice(head[0].length).trim(),
      variables: JSON.parse(variables) as Record<string, unknown>,
      answer: existsSync(answerFile)
        ? (JSON.parse(readFileSync(answerFile, 'utf8')) as unknown)
        : undefined,
    };
  });
}

const MASKS: readonly (readonly [RegExp, string])[] = [
  [/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, '<id>'],
  [/^v1\.[\w-]+\.[\w-]+$/, '<consistency token>'],
  [/^\d{4}-\d\d-\d\dT[\d:.]+Z$/, '<time>'],
];

/** An answer without what is another one each time: ids, tokens and times. */
export function masked(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(masked);
  if (typeof answer === 'object' && answer !== null) {
    return Object.fromEntries(Object.entries(answer).map(([key, value]) => [key, masked(value)]));
  }
  if (typeof answer !== 'string') return answer;
  return MASKS.find(([pattern]) => pattern.test(answer))?.[1] ?? answer;
}
