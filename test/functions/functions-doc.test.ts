import { describe, expect, it } from 'vitest';
import { functionsDocument } from './functions-doc.ts';

describe('docs/functions.md', () => {
  it('says what the functions check and read; npx vitest run test/functions/functions-doc.test.ts --update writes it anew', async () => {
    await expect(functionsDocument()).toMatchFileSnapshot('../../docs/functions.md');
  });
});
