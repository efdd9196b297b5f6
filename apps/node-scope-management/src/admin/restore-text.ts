import type { RestoredGrant, RestoreReport } from '../restore/index.js';

/** A restore as people read it. */
export function restoreText(report: RestoreReport): string {
  const { tenantId, outcome, owner, witness, epoch, events, grants, notes, warnings } = report;
  if (outcome === 'NOTHING_TO_DO') {
    return `${tenantId}: nothing to do. Nobody knows of anything after ${at(owner)} that the owner has lost.`;
  }
  const lines = [`${tenantId}: ${outcome === 'PLANNED' ? 'to be restored' : 'restored'}`];
  if (witness) {
    const { partedAt, lostRevisions } = witness;
    lines.push(
      `  the owner was at     ${at(owner)}`,
      `  the witness is at    ${at(witness.point)}, ${witness.fork} (${witness.url})`,
      partedAt
        ? `  they parted after    ${at(partedAt)}: ${lostRevisions} lost`
        : '  they parted          at a revision that is not known',
    );
  } else {
    lines.push(`  the owner was at     ${at(owner)}`, '  without a witness');
  }
  lines.push(`  the new epoch        ${epoch}`);
  if (witness) {
    lines.push(
      `  written again        ${events.length === 0 ? 'nothing' : counted(events.map(({ type }) => type))}`,
      `  held back            ${grants.length === 0 ? 'nothing' : counted(grants.map(({ kind }) => kind))}`,
    );
  }
  for (const { code, kind, id, groupId } of notes) {
    lines.push(
      `  note                 ${code}: ${kind} ${id}${groupId ? ` of group ${groupId}` : ''}`,
    );
  }
  for (const warning of warnings) lines.push(`  WARNING              ${warning}`);
  return lines.join('\n');
}

function at({ epoch, revision }: { epoch: number; revision: number }): string {
  return `epoch ${epoch}, revision ${revision}`;
}

/** `role-unassigned 2, member-removed 1` */
function counted(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${word} ${count}`).join(', ');
}

/** What would be given, with what people call the things in it. */
export function grantText(
  fact: RestoredGrant['fact'],
  names: Readonly<Record<string, string>>,
): string {
  const name = (id: string) => names[id] ?? id;
  switch (fact.kind) {
    case 'tenant':
      return `${fact.tenant.status}, served stale for ${fact.tenant.maxStaleMs / 1_000} s`;
    case 'principal':
      return `${fact.principal.status} ${name(fact.principal.id)}, subject ${fact.principal.subject}`;
    case 'group':
      return fact.group.id;
    case 'scope': {
      const { id, type, parentId, inheritsAccess } = fact.scope;
      const flow = inheritsAccess ? 'inherits' : 'cut off';
      return `${name(id)}, ${type} under ${parentId ? name(parentId) : 'nothing'}, ${flow}`;
    }
    case 'role':
      return `${name(fact.role.id)}: ${fact.role.permissions.join(' ')}`;
    case 'membership':
      return `${name(fact.membership.memberId)} in ${name(fact.membership.groupId)}`;
    case 'assignment':
    case 'deny': {
      const { granteeId, roleId, scopeId, reach, effect } = fact.assignment;
      return `${effect} ${name(granteeId)} ${name(roleId)} on ${name(scopeId)}, ${reach}`;
    }
  }
}
