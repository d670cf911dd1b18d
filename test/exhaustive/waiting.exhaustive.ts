import { tryWorlds } from './try-worlds.ts';
import { WAITING } from './worlds/waiting.ts';

tryWorlds(WAITING);
