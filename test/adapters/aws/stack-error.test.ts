import { describe, expect, it } from 'vitest';
import { stackErrorOf } from '#adapters/aws/stack-error.ts';

describe('A stack that is not reached', () => {
  it.each([
    [
      'getaddrinfo ENOTFOUND cloudformation.eu-nowhere-1.amazonaws.com',
      ' Check the region (--region, AWS_REGION), the network and the proxy.',
    ],
    ['Rate exceeded', ''],
  ])('is told with what to check, where that can help: %s', (message, advice) => {
    const { message: told } = stackErrorOf(new Error(message), "The stack X can't be looked up", 'x:Y');

    expect(told).toBe(`The stack X can't be looked up: ${message}.${advice}`);
  });
});
