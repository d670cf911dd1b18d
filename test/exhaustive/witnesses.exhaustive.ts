import { witnessWorlds } from './witness-worlds.ts';

witnessWorlds(({ isSlow = false }) => isSlow);
