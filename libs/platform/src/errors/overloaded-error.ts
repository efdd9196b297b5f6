import { ApiError } from './api-error.js';

/** Refused, as there is too much to do. Nothing is broken, so it is no fault to be looked into. */
export class OverloadedError extends ApiError {
  constructor() {
    super('UNAVAILABLE', 'There is too much to do at the moment. Try again shortly.');
  }
}
