/** Compares two test files by how near they are to a mutated one: that of its name, those of its folder, all others. */
export function nearestFirst(mutated: string, a: string, b: string): number {
  return distance(mutated, a) - distance(mutated, b) || (a < b ? -1 : Number(a > b));
}

function distance(mutated: string, test: string): number {
  const [folder, name] = mutated.split('/').slice(-2);
  const [itsFolder, itsName = ''] = test.split('/').slice(-2);
  if (itsName.split('.')[0] === name?.split('.')[0]) return 0;
  return itsFolder === folder ? 1 : 2;
}
