// `node --import` this to run a test's TypeScript program from the sources, as jest runs the tests.
import { register } from 'node:module';

register('./typescript-hooks.mjs', import.meta.url);
