// The order of the suites. Jest goes by how long they took, and by the size of their files where it
// has never run them: a whole platform under load in forty lines would come last and alone.
import Sequencer from '@jest/test-sequencer';

export default class PlatformsFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
}

function rank({ path }) {
  return /\/tools\/test\//.test(path) ? 0 : 1;
}
