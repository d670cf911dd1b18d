import { describe, expect, it } from 'vitest';
import { callOf, failWith, MovingStore, nth } from '#test/support/moving-store.ts';
import { describeObjectStore, failureOf, keysOf, listAll, textOf } from '#test/support/object-store-contract.ts';

describeObjectStore('The moving store', {
  place: async (objects) => {
    const store = new MovingStore();
    for (const [key, content] of Object.entries(objects)) {
      store.put(key, content);
    }
    return { store, put: async (key, content) => void store.put(key, content) };
  },
  noPlace: async () => new MovingStore().vanish(),
});

describe('The script of a moving store', () => {
  it('lets one listing miss both the old and the new checkpoint, as S3 can', async () => {
    // Prepare
    const store = new MovingStore({ objectsPerPage: 2 })
      .put('a', '')
      .put('chk-2/_metadata', '')
      .put('chk-9/_metadata', '')
      .once(callOf('list', '', 2), (it) => it.put('chk-10/_metadata', '').remove('chk-9/_metadata'));

    // Act
    const first = await keysOf(store, { prefix: '' });
    const second = await keysOf(store, { prefix: '' });

    // Assess
    expect(first).toEqual(['a', 'chk-2/_metadata']);
    expect(second).toEqual(['a', 'chk-10/_metadata', 'chk-2/_metadata']);
  });

  it('fails a call, once or always, and the nth chunk of a content', async () => {
    const store = new MovingStore({ bytesPerChunk: 2 })
      .put('once', 'x')
      .put('always', 'x')
      .put('half', '123456')
      .once(callOf('read', 'once'), failWith('denied'))
      .always(callOf('read', 'always'), failWith('archived'))
      .once(nth(2, callOf('chunk', 'half')), failWith('unavailable', 'broken off'));

    expect(await failureOf(() => store.read('once'))).toMatchObject({ code: 'denied' });
    expect(await textOf(await store.read('once'))).toBe('x');
    expect(await failureOf(() => store.read('always'))).toMatchObject({ code: 'archived' });
    expect(await failureOf(() => store.read('always'))).toMatchObject({ code: 'archived' });
    expect(await failureOf(async () => textOf(await store.read('half')))).toMatchObject({ message: 'broken off' });
    expect(await textOf(await store.read('half'))).toBe('123456');
  });

  it('gives a content that is being read to its end, whatever happens to the object', async () => {
    const store = new MovingStore({ bytesPerChunk: 2 })
      .put('root', '1234')
      .once(callOf('chunk', 'root', 2), (it) => it.remove('root'));

    expect(await textOf(await store.read('root'))).toBe('1234');
    expect(await store.read('root')).toEqual({ found: false });
  });

  it('shows a special entry in listings', async () => {
    const special = { what: 'a symbolic link to /elsewhere', mayHideRoots: true };
    const store = new MovingStore().put('link', '', 7, special);

    expect(await listAll(store, { prefix: '' })).toMatchObject([{ key: 'link', modified: 7, special }]);
  });
});
