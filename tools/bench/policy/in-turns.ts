import { collectGarbage } from './collect-garbage.js';

/** Whether a question is answered with yes. */
export type Ask<Question> = (question: Question) => boolean;

/** So many questions in turn: long enough to time, short enough that noise meets all alike. */
const BLOCK = 500;

/**
 * Microseconds a question that two take for the same ones, each asked with strings of its own
 * (`copy`), a block in turn. Throws if they do not answer the same.
 */
export function timeInTurns<Question>(
  one: Ask<Question>,
  other: Ask<Question>,
  questions: readonly Question[],
  copy: (question: Question) => Question,
): { one: number; other: number } {
  const copies = questions.map(copy);
  collectGarbage();
  const total = { one: 0, other: 0 };
  for (let from = 0; from < questions.length; from += BLOCK) {
    const turns = [
      () => time(one, questions.slice(from, from + BLOCK)),
      () => time(other, copies.slice(from, from + BLOCK)),
    ];
    const firstIsOne = (from / BLOCK) % 2 === 0;
    const [a, b] = firstIsOne ? [turns[0]!(), turns[1]!()] : [turns[1]!(), turns[0]!()];
    if (a.allowed !== b.allowed) throw new Error('answers differ');
    total.one += firstIsOne ? a.microseconds : b.microseconds;
    total.other += firstIsOne ? b.microseconds : a.microseconds;
  }
  return { one: total.one / questions.length, other: total.other / questions.length };
}

export function time<Question>(
  ask: Ask<Question>,
  questions: readonly Question[],
): { microseconds: number; allowed: number } {
  let allowed = 0;
  const begun = performance.now();
  for (const question of questions) if (ask(question)) allowed += 1;
  return { microseconds: (performance.now() - begun) * 1_000, allowed };
}

/** Microseconds of each question, timed one by one. */
export function timeEach<Question>(ask: Ask<Question>, questions: readonly Question[]): number[] {
  return questions.map((question) => {
    const begun = performance.now();
    ask(question);
    return (performance.now() - begun) * 1_000;
  });
}
