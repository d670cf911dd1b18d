import { expect, it } from 'vitest';
import { onlyToldOf } from '#cli/told-of.ts';
import { DAY, DIRECTORY, uuid, world } from '#test/support/world.ts';

type Told = Parameters<typeof onlyToldOf>[1];

it('A person who was told of garbage agrees to what was garbage then, and to no more than is chosen', async () => {
  // Prepare
  const [gone, waiting, unchosen, fresh] = [1, 2, 3, 4].map((number) => `${DIRECTORY}/shared/${uuid(number)}`);
  const keys = [gone, waiting, unchosen].map(String);
  const before = world({ objects: Object.fromEntries(keys.map((key) => [key, 9 * DAY])), roots: {} });
  const after = world({ objects: Object.fromEntries([fresh, ...keys].map((key) => [key, 9 * DAY])), roots: {} });
  const verdict = (object: number): string => (before.objects.key(object) === waiting ? 'quarantined' : 'delete');
  const told = { survey: before, verdicts: { verdict } } as unknown as Told;
  const sweep = async () => (object: number) => after.objects.key(object) !== unchosen;

  // Act
  const isAgreed = await onlyToldOf(sweep, told)?.(after as unknown as Told['survey']);

  // Assess
  expect([...Array(4).keys()].filter((at) => isAgreed?.(at)).map((at) => after.objects.key(at))).toEqual([gone]);
  expect(onlyToldOf(null, told)).toBeNull();
});
