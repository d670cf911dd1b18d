import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseConfigAsWritten } from '#config/steward-config.ts';
import { ALWAYS, synthesise, useSynthesis } from './synthesise.ts';

useSynthesis();

/** What a deployment is made of with each of the examples, as far as their keys decide it. */
describe('The examples of steward.json, deployed,', () => {
  it.each([
    ['small', ALWAYS.length, false],
    ['medium', ALWAYS.length + 1, false],
    ['large', ALWAYS.length + 2, true],
  ])('make a stack: %s', (name, functions, hasNetwork) => {
    const file = new URL(`../../examples/steward/${name}.json`, import.meta.url);
    const { resources } = synthesise(parseConfigAsWritten(readFileSync(file, 'utf8'), `${name}.json`));

    const ofLambda = Object.entries(resources).filter(
      ([id, { Type, Properties }]) =>
        Type === 'AWS::Lambda::Function' &&
        id.startsWith('Steward') &&
        JSON.stringify(Properties.Environment ?? '').includes('STEWARD'),
    );
    expect(ofLambda).toHaveLength(functions);
    expect(ofLambda.some(([, { Properties }]) => Properties.VpcConfig !== undefined)).toBe(hasNetwork);
  });
});
