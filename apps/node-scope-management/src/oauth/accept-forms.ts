import { UnsupportedMediaTypeException } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { TOKEN_PATH } from './oauth-error.js';

const FORM = 'application/x-www-form-urlencoded';
const MAX_FORM_BYTES = 8_192;

/**
 * Reads forms where the standard has them, at the token endpoint, and nowhere else: any page can send a
 * form to any address, with the cookies and addresses of whoever looks at it.
 */
export function acceptForms(server: FastifyInstance): void {
  server.addContentTypeParser<string>(
    FORM,
    { parseAs: 'string', bodyLimit: MAX_FORM_BYTES },
    (request, body, done) => {
      if (request.routeOptions.url === `/${TOKEN_PATH}`)
        return done(null, new URLSearchParams(body));
      return done(new UnsupportedMediaTypeException());
    },
  );
}
