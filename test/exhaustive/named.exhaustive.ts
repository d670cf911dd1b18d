import { tryWorlds } from './try-worlds.ts';
import { NAMED } from './worlds/named.ts';

tryWorlds(NAMED);
