import { describe } from 'vitest';
import { witnessWorlds } from './witness-worlds.ts';

// The others take longer: witnesses.exhaustive.ts.
describe('In a small world', () => {
  witnessWorlds(({ isSlow = false }) => !isSlow);
});
