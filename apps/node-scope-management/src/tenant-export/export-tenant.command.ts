import { PassThrough, type Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { ApiError, parseInput, reasonSchema, tenantIdSchema } from '@bastion/platform';
import { PinoLogger } from 'nestjs-pino';
import { z } from 'zod';
import { AppDatabase, type TenantTransaction } from '../database/app-database.js';
import { readLimits } from '../facts/index.js';
import { readHead } from '../outbox/index.js';
import { getTenant, type Operator, PlatformGate } from '../tenant/index.js';
import { countRows, readAuditHead, readRows } from './export.store.js';
import { ExportWriter } from './export-writer.js';
import { EXPORTED } from './exported-tables.js';

const FORMAT = { format: 'bastion-tenant-export', version: 1 } as const;

/** For the largest tenants, and for who reads slowly: until then old row versions are kept for it. */
const TIMEOUT_MS = 15 * 60 * 1_000;

/** Each holds a connection of the API's. */
const MAX_AT_ONCE = 2;

const exportTenantInput = z.object({ tenantId: tenantIdSchema, reason: reasonSchema.nullish() });

export interface ExportSummary {
  readonly tenantId: string;
  readonly epoch: number;
  readonly revision: number;
  readonly rows: number;
  readonly sha256: string;
}

export interface TenantExport {
  /** Lines of JSON; ends with an error when the export does. */
  readonly lines: Readable;
  readonly done: Promise<ExportSummary>;
}

/** Exports all that a tenant owns as it is at one revision, line by line. */
@Injectable()
export class ExportTenantCommand {
  private underWay = 0;

  constructor(
    private readonly platform: PlatformGate,
    private readonly database: AppDatabase,
    private readonly logger: PinoLogger,
  ) {}

  /**
   * Entered into the audit of `platform` before the first line. Rejects as operators' acts do, with
   * ApiError NOT_FOUND, and UNAVAILABLE while too many exports are under way.
   */
  async run(operator: Operator, raw: unknown): Promise<TenantExport> {
    const { reason = null, ...input } = parseInput(exportTenantInput, raw);
    if (this.underWay >= MAX_AT_ONCE) {
      throw new ApiError('UNAVAILABLE', 'Other exports are under way.');
    }
    this.underWay += 1;
    try {
      const request = { operation: 'export-tenant', input, reason };
      const { tenantId } = await this.platform.admit(operator, request, input.tenantId);
      await this.database.inTenant(tenantId, (tx) => getTenant(tx, tenantId));
      const lines = new PassThrough();
      const done = this.write(tenantId, new ExportWriter(lines)).finally(() => {
        this.underWay -= 1;
      });
      done.catch((error: unknown) => {
        this.logger.warn({ err: error, tenantId }, 'An export was not finished');
        lines.destroy(error instanceof Error ? error : new Error(String(error)));
      });
      return { lines, done };
    } catch (error) {
      this.underWay -= 1;
      throw error;
    }
  }

  private write(tenantId: string, writer: ExportWriter): Promise<ExportSummary> {
    return this.database.inTenant(
      tenantId,
      async (tx) => {
        const { header, rows } = await headerOf(tx, tenantId);
        await writer.write([JSON.stringify(header)]);
        for (const exported of EXPORTED) {
          const { table } = exported;
          for await (const texts of readRows(tx, exported)) {
            await writer.write(texts.map((row) => `{"table":"${table}","row":${row}}`));
          }
        }
        const { epoch, revision } = header.position;
        return { tenantId, epoch, revision, rows, sha256: await writer.end() };
      },
      // INVARIANT: every statement sees the one moment that the first one saw.
      { timeoutMs: TIMEOUT_MS, isolationLevel: 'RepeatableRead' },
    );
  }
}

async function headerOf(tx: TenantTransaction, tenantId: string) {
  const head = await readHead(tx);
  // Deleted in this very moment: it is exported no more than before.
  await getTenant(tx, tenantId);
  if (!head) throw new ApiError('NOT_FOUND', `There is no tenant ${tenantId}.`);
  const counts: Record<string, number> = {};
  for (const { table } of EXPORTED) counts[table] = await countRows(tx, table);
  const { epoch, revision, digest } = head;
  const header = {
    ...FORMAT,
    tenantId,
    position: { epoch, revision, digest },
    exportedAt: new Date().toISOString(),
    audit: await readAuditHead(tx, tenantId),
    limits: await readLimits(tx),
    counts,
  };
  return { header, rows: Object.values(counts).reduce((sum, count) => sum + count, 0) };
}
