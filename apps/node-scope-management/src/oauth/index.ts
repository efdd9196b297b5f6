export { acceptForms } from './accept-forms.js';
export { renderOauthError } from './oauth-error.js';
export { OauthModule } from './oauth.module.js';
