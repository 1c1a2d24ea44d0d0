import { expect, test } from 'vitest';
import { foldersOf } from './folders';

test.each([['', []], ['a/', ['a/']], ['a/b/', ['a/', 'a/b/']], ['a//b/', ['a/', 'a//', 'a//b/']]])('the folders above %s are %s', (prefix, folders) => {
  expect(foldersOf(prefix).map((folder) => folder.prefix)).toEqual(folders);
});
