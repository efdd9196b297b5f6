import type { RenderHttpError } from '@bastion/platform';
import { renderAuthzenError } from './check/index.js';

/**
 * The bodies of errors whose routes have forms of their own: AuthZEN's, and GraphQL's for a request
 * that was refused before GraphQL saw it for want of time.
 */
export const renderError: RenderHttpError = (body, request) =>
  renderAuthzenError(body, request) ?? renderGraphqlError(body, request);

const renderGraphqlError: RenderHttpError = ({ code, message, requestId }, { url }) =>
  code === 'UNAVAILABLE' && /^\/graphql(?:$|\?)/.test(url)
    ? { errors: [{ message, extensions: { code, requestId } }] }
    : undefined;
