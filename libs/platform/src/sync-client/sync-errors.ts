/** The other side cannot be reached, does not answer in time or fails itself: try again later. */
export class SyncUnavailableError extends Error {
  override readonly name = 'SyncUnavailableError';
}

/** The other side understood and said no; the same request will be refused again. */
export class SyncRefusedError extends Error {
  override readonly name = 'SyncRefusedError';

  constructor(
    message: string,
    /** HTTP status, 300 to 499; 404 means that there is no such tenant. */
    readonly status: number,
  ) {
    super(message);
  }
}

/** The other side answered with something that breaks the contract: nothing of it may be used. */
export class SyncInvalidAnswerError extends Error {
  override readonly name = 'SyncInvalidAnswerError';
}
