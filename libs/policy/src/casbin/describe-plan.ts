import type { Plan, Source } from './plan.js';

/** The plan as lines for a person: what is looked up, what is evaluated, and in which order. */
export function describePlan(plan: Plan): string {
  const { model, equalities, links, indexes } = plan;
  const known = equalities.map(
    ({ field, source }) => `p.${model.policyFields[field]} = ${sourceText(source, plan)}`,
  );
  const reached = links.map(({ field, relation, source, domain }) => {
    const within = domain === undefined ? '' : ` in ${sourceText(domain, plan)}`;
    return `p.${model.policyFields[field]} in ${relation}*(${sourceText(source, plan)})${within}`;
  });
  const narrowed = indexes.length > 1 ? 2 : 1;
  const first = [...known, ...reached.slice(0, 1)];
  const lines: [string, readonly string[]][] = [
    ['request', [model.requestFields.join(', ')]],
    ['effect', [model.effect]],
    ['once', plan.once.map(({ text }) => text)],
    ['find rows by', plan.usesRows ? (first.length > 0 ? first : ['scanning all']) : ['none']],
    ['where many, also by', reached.slice(1, narrowed)],
    ['then check', reached.slice(narrowed)],
    ['then evaluate', plan.perRow.map(({ text }) => text)],
  ];
  return lines
    .filter(([, parts]) => parts.length > 0)
    .map(([label, parts]) => `${label.padEnd(20)} ${parts.join('\n'.padEnd(22))}`)
    .join('\n');
}

function sourceText(source: Source, { model }: Plan): string {
  return source.type === 'request'
    ? `r.${model.requestFields[source.field]}`
    : JSON.stringify(source.text);
}
