/** The folders above a prefix, outermost first: of `a/b/c/` nothing, `a/` and `a/b/`. */
export function foldersAbove(prefix: string): readonly string[] {
  const folders = prefix.split('/').slice(0, -1);
  return folders.map((_, at) =>
    folders
      .slice(0, at)
      .map((folder) => `${folder}/`)
      .join(''),
  );
}
