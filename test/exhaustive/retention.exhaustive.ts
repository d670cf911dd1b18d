import { tryWorlds } from './try-worlds.ts';
import { RETENTION } from './worlds/retention.ts';

tryWorlds(RETENTION);
