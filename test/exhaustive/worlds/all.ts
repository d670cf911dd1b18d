import type { Script } from '../script.ts';
import { NAMED } from './named.ts';
import { PEOPLE } from './people.ts';
import { RETENTION } from './retention.ts';
import { STORE } from './store.ts';
import { WAITING } from './waiting.ts';

/** Every small world. */
export const WORLDS: readonly Script[] = [...NAMED, ...WAITING, ...STORE, ...PEOPLE, ...RETENTION];
