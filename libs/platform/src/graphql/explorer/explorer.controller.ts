import { createReadStream } from 'node:fs';
import { Controller, Get, Header, Param, Res, StreamableFile } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { Public } from '../../auth/route-access.js';
import { ApiError } from '../../errors/api-error.js';
import { explorerFiles } from './explorer-files.js';
import {
  EXPLORER_PATH,
  EXPLORER_POLICY,
  explorerPage,
  START_SCRIPT,
  startScript,
} from './explorer-page.js';

/**
 * A page to try the API with. It is the same for everybody and says nothing of anybody: whatever it
 * shows, it asks the API for, with the token that was typed into it.
 */
@Public()
@Controller(EXPLORER_PATH)
export class ExplorerController {
  readonly #files = explorerFiles();

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', EXPLORER_POLICY)
  page(): string {
    return explorerPage;
  }

  @Get('*')
  file(
    @Param('*') name: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): StreamableFile | string {
    // Workers are held to the policy they come with.
    void reply.header('content-security-policy', EXPLORER_POLICY);
    if (name === START_SCRIPT) {
      void reply.type('text/javascript; charset=utf-8');
      return startScript;
    }
    const file = this.#files.get(name);
    if (!file) throw new ApiError('NOT_FOUND', 'There is no such file.');
    return new StreamableFile(createReadStream(file.path), { type: file.contentType });
  }
}
