import { Injectable } from '@nestjs/common';
import { ApiError, ConfigError, describeError } from '@bastion/platform';
import { ConsumerPositionsQuery } from '../consumer/index.js';
import {
  DecideGrantsCommand,
  type DecidedGrants,
  RestoredGrantsQuery,
  type RestoreReport,
  RestoreTenantCommand,
} from '../restore/index.js';
import { SyncServices } from './sync-services.js';
import { chosenTenants, type TenantChoice } from './tenant-choice.js';

/** One tenant's part of a command that goes through several. */
export type RestoreResult =
  RestoreReport | { readonly tenantId: string; readonly outcome: 'FAILED'; readonly error: string };

export interface RestoreOptions extends TenantChoice {
  readonly dryRun?: boolean;
  readonly withoutWitness?: boolean;
  readonly reason?: string;
}

export interface DecideOptions {
  readonly tenant: string;
  readonly grant?: readonly string[];
  readonly all?: boolean;
  readonly reason?: string;
}

type Progress = (line: string) => void;

/** What the operator's command can do after the database was restored to an earlier point. */
@Injectable()
export class RestoreServices {
  constructor(
    private readonly restore: RestoreTenantCommand,
    readonly grants: RestoredGrantsQuery,
    private readonly decideGrants: DecideGrantsCommand,
    private readonly consumers: ConsumerPositionsQuery,
    private readonly sync: SyncServices,
  ) {}

  async plan(choice: TenantChoice, progress: Progress): Promise<RestoreResult[]> {
    const tenants = await this.sync.tenants(choice);
    return each(tenants, progress, (tenantId) => this.restore.plan({ tenantId }));
  }

  /** Rejects with ApiError INVALID_INPUT for options that contradict each other. */
  async run(
    operator: string,
    options: RestoreOptions,
    progress: Progress,
  ): Promise<RestoreResult[]> {
    const { dryRun = false, withoutWitness = false, reason } = options;
    if (withoutWitness) {
      refuseSilentLoss(options);
      const tenants = await chosenTenants(options, () => this.fencedTenantIds());
      return each(tenants, progress, (tenantId) =>
        this.restore.runWithoutWitness({ operator }, { tenantId, reason }),
      );
    }
    if (dryRun) return this.plan(options, progress);
    const tenants = await this.sync.tenants(options);
    return each(tenants, progress, (tenantId) =>
      this.restore.run({ operator }, { tenantId, reason }),
    );
  }

  async decide(
    operator: string,
    decision: 'GIVEN' | 'DISMISSED',
    { tenant: tenantId, grant, all = false, reason }: DecideOptions,
  ): Promise<DecidedGrants> {
    if ((grant === undefined) !== all) {
      throw new ApiError('INVALID_INPUT', 'Name some by --grant, or all of them by --all.');
    }
    const input = { tenantId, grantIds: grant ?? null, reason };
    return this.decideGrants.run({ operator }, decision, input);
  }

  /** The tenants of which somebody has said that its history is not the owner's. */
  private async fencedTenantIds(): Promise<readonly string[]> {
    const positions = await this.consumers.run();
    const fenced = positions.filter(({ state }) => state === 'FENCED');
    return [...new Set(fenced.map(({ tenantId }) => tenantId))].sort();
  }
}

function refuseSilentLoss({ dryRun = false, reason }: RestoreOptions): void {
  if (dryRun) {
    throw new ApiError('INVALID_INPUT', 'Without a witness there is nothing to plan.');
  }
  if (reason === undefined) {
    throw new ApiError('INVALID_INPUT', '--without-witness undoes revocations: give a --reason.');
  }
}

/** Each tenant apart: what fails for one says nothing about the next. */
async function each(
  tenants: readonly string[],
  progress: Progress,
  act: (tenantId: string) => Promise<RestoreReport>,
): Promise<RestoreResult[]> {
  const [only, ...others] = tenants;
  if (only !== undefined && others.length === 0) return [await act(only)];
  const results: RestoreResult[] = [];
  for (const [index, tenantId] of tenants.entries()) {
    const result = await act(tenantId).catch((error: unknown) => failure(tenantId, error));
    results.push(result);
    const what = result.outcome === 'FAILED' ? result.error : result.outcome;
    progress(`${index + 1}/${tenants.length} ${tenantId}: ${what}`);
  }
  return results;
}

function failure(tenantId: string, error: unknown): RestoreResult {
  if (error instanceof ConfigError) throw error;
  const { code, message } = describeError(error).answer;
  // There is no log to look into: what the API would hide is told here.
  const text = code === 'INTERNAL_ERROR' ? String(error) : message;
  return { tenantId, outcome: 'FAILED', error: `${code}: ${text}` };
}
