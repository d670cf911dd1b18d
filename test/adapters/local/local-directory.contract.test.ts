import { join } from 'node:path';
import { LocalDirectory } from '#adapters/local/local-directory.ts';
import { describeObjectStore } from '#test/support/object-store-contract.ts';
import { useTempDirectories, writeTree } from '#test/support/temp-directory.ts';

const makeDirectory = useTempDirectories();

describeObjectStore('LocalDirectory', {
  place: async (objects) => {
    const path = await makeDirectory(objects);
    return { store: new LocalDirectory(path), put: (key, content) => writeTree(path, { [key]: content }) };
  },
  noPlace: async () => new LocalDirectory(join(await makeDirectory(), 'none')),
});
