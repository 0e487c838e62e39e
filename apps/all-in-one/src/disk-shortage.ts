import { statfsSync } from 'node:fs';

const FEW_BYTES = 1024 * 1024;
const FEW_FILES = 16;

/** Says that the file system of this folder is full, where it is: what failed for that reason seldom says so itself. */
export function diskShortage(folder: string): string | undefined {
  try {
    const { bavail, bsize, files, ffree } = statfsSync(folder);
    if (bavail * bsize < FEW_BYTES)
      return `The file system of ${folder} is full (${bavail * bsize} bytes are free): free some space, and start again.`;
    // A file system that has no fixed number of files says 0 of both.
    if (files > 0 && ffree < FEW_FILES)
      return `The file system of ${folder} can hold no more files (${ffree} inodes are free): remove some, and start again.`;
  } catch {
    // There is no such folder: whoever failed says that.
  }
  return undefined;
}
