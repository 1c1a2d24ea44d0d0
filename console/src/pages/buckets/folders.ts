/** The folders above a prefix: `a/b/` has `a/` and `a/b/`. */
export function foldersOf(prefix: string): { name: string; prefix: string }[] {
  const parts = prefix.split('/').slice(0, -1);
  return parts.map((name, index) => ({ name, prefix: `${parts.slice(0, index + 1).join('/')}/` }));
}
