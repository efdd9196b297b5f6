import type { RenderHttpError } from '@bastion/platform';

/** AuthZEN's errors are plain text (section 10.1.1 of its Authorization API); the others are not. */
export const renderAuthzenError: RenderHttpError = ({ message }, { url }) =>
  url.startsWith('/access/') ? message : undefined;
