import { availableParallelism } from 'node:os';

/** Said before `npm test`, so that nobody takes a long suite for one that hangs. */

/** Minutes that the ordinary suite takes on one idle processor, measured. */
const ON_ONE_PROCESSOR = 14;

const processors = availableParallelism();
const minutes = Math.max(1, Math.round(ON_ONE_PROCESSOR / processors));
console.log(
  `Some 8,000 tests: about ${minutes} min on ${processors === 1 ? 'one idle processor' : `${processors} idle processors`}, and longer on a busy machine, where no test fails for being slow.\nFor the inner loop there is npm run test:fast, which takes a minute.`,
);
