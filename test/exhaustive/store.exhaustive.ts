import { tryWorlds } from './try-worlds.ts';
import { STORE } from './worlds/store.ts';

tryWorlds(STORE);
