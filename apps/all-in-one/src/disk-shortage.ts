import { statfsSync } from 'node:fs';

const FEW_BYTES = 1024 * 1024;
const FEW_FILES = 16;

/** A line saying that this folder's file system is full, if it is: errors that it causes seldom say so. */
export function diskShortage(folder: string): string | undefined {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(folder);
    if (bavail * bsize < FEW_BYTES)
      return `The file system of ${folder} is full (${bavail * bsize} bytes free): free some space, then start again.`;
    // A file system without a fixed number of inodes reports 0 for both.
    if (files > 0 && ffree < FEW_FILES)
      return `The file system of ${folder} has no room for more files (${ffree} inodes free): remove some, then start again.`;
  } catch {
    // There is no such folder: the error says that itself.
  }
  return undefined;
}
