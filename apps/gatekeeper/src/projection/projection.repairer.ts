import {
  askForSnapshot,
  askToCatchUp,
  comparePositions,
  hasReached,
  isSamePoint,
  type HistoryPoint,
  type Owner,
} from '../owner/index.js';
import type { ProjectionLogger } from './projection-logger.js';
import type { ProjectionStore } from './projection.store.js';

/** What projector and repairer need of the rows. */
export type Projection = Pick<ProjectionStore, 'position' | 'append' | 'replace' | 'bar'>;

/** Brings a tenant's projection up to the owner's head by asking the owner. */
export class ProjectionRepairer {
  constructor(
    private readonly projection: Projection,
    private readonly owner: Owner,
    private readonly logger: ProjectionLogger,
  ) {}

  /**
   * Pulls until nothing is missing, each page a transaction of its own. Answers where the projection
   * is then; null when the owner does not know the tenant and nothing is there. `anew`: its rows are
   * not what the owner has, so all of them are replaced.
   *
   * Throws while the owner or the database cannot be asked, and ForkedHistoryError or
   * SyncInvalidAnswerError when what the owner has must not or cannot be taken; what was pulled until
   * then stays.
   */
  async repair(
    tenantId: string,
    { anew }: { readonly anew: boolean },
  ): Promise<HistoryPoint | null> {
    let position = await this.projection.position(tenantId);
    for (let isWanted = anew; ;) {
      const ask = isWanted ? askForSnapshot : askToCatchUp;
      const answer = await ask(this.owner, tenantId, position);
      if (answer.kind === 'NO_TENANT') {
        this.logger.warn({ tenantId }, 'the owner does not know a tenant it sent changes of');
        return position;
      }
      const before = position;
      if (answer.kind === 'SNAPSHOT') {
        position = await this.projection.replace(tenantId, before, answer.head, answer.facts);
        isWanted &&= !isSamePoint(position, answer.head);
      } else if (answer.changes.length > 0) {
        position = (await this.projection.append(tenantId, before, answer.changes)).position;
      }
      this.logger.info(
        { tenantId, from: before, to: position, by: answer.kind },
        'projection repaired',
      );
      if (!isWanted && hasReached(position, answer.head)) return position;
      if (before && position && comparePositions(position, before) <= 0) {
        throw new Error('the owner has later revisions and does not give them');
      }
    }
  }
}
