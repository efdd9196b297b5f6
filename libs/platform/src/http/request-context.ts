import { AsyncLocalStorage } from 'node:async_hooks';

/** What every log line and error answer of one request should carry. */
export interface RequestContext {
  readonly requestId: string;
  /** Filled in once the caller is known. */
  readonly identity: { tenantId?: string; subject?: string };
}

const requests = new AsyncLocalStorage<RequestContext>();

/** Runs `run`, and everything it starts, as part of the request. */
export function runInRequest(context: RequestContext, run: () => void): void {
  requests.run(context, run);
}

/** The request being answered; undefined outside of one. */
export function currentRequest(): RequestContext | undefined {
  return requests.getStore();
}

/** Notes who is asking, for the log lines that follow. */
export function identifyRequest(identity: RequestContext['identity']): void {
  Object.assign(requests.getStore()?.identity ?? {}, identity);
}
