import { describe, expect, it } from 'vitest';
import { functionsDocument } from './functions-doc.ts';

describe('docs/functions.md', () => {
  it('says what the functions check and read; npx vitest run -u test/functions/functions-doc.test.ts writes it anew', async () => {
    await expect(functionsDocument()).toMatchFileSnapshot('../../docs/functions.md');
  });
});
