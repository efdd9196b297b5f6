import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { ApiError } from '@bastion/platform';
import {
  DeleteTenantCommand,
  EraseTenantCommand,
  RenameTenantCommand,
  SetTenantLimitsCommand,
} from '../tenant/index.js';
import { type ExportSummary, ExportTenantCommand } from '../tenant-export/index.js';
import type { Receipt } from '../write/index.js';

/** For how long consumers are waited for, whose positions go last, ms. */
const ERASE_PATIENCE_MS = 15_000;
const ERASE_AGAIN_MS = 500;

/** What the operator's command can do with a tenant from its name to its end. */
@Injectable()
export class TenantServices {
  constructor(
    readonly renameTenant: RenameTenantCommand,
    readonly setLimits: SetTenantLimitsCommand,
    private readonly deleteTenant: DeleteTenantCommand,
    private readonly eraseTenant: EraseTenantCommand,
    private readonly exportTenant: ExportTenantCommand,
  ) {}

  /** Deletes, and erases what may go at once; a serving process does the rest. */
  async delete(
    operator: string,
    input: { readonly tenantId: string; readonly reason: string },
  ): Promise<Receipt & { readonly erased: boolean }> {
    const receipt = await this.deleteTenant.run({ operator }, input);
    const deadline = performance.now() + ERASE_PATIENCE_MS;
    let erased = await this.eraseTenant.run(receipt.id);
    while (!erased && performance.now() < deadline) {
      await sleep(ERASE_AGAIN_MS);
      erased = await this.eraseTenant.run(receipt.id);
    }
    return { ...receipt, erased };
  }

  /** Into a new file, which only its owner reads; none is left of an export that was not finished. */
  async export(
    operator: string,
    input: { readonly tenantId: string; readonly reason: string },
    file: string,
  ): Promise<ExportSummary> {
    const out = createWriteStream(file, { flags: 'wx', mode: 0o600 });
    await opened(out);
    try {
      const { lines, done } = await this.exportTenant.run({ operator }, input);
      await pipeline(lines, out);
      return await done;
    } catch (error) {
      out.destroy();
      await rm(file, { force: true });
      throw error;
    }
  }
}

function opened(out: ReturnType<typeof createWriteStream>): Promise<void> {
  return new Promise((resolve, reject) => {
    out.once('open', () => resolve());
    out.once('error', (error) =>
      reject(new ApiError('INVALID_INPUT', `The file cannot be written: ${error.message}`)),
    );
  });
}
