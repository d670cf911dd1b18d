import { tryWorlds } from './try-worlds.ts';
import { PEOPLE } from './worlds/people.ts';

tryWorlds(PEOPLE);
