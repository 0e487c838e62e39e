import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout, workspaceFolders } from '../../setup/workspace.mjs';
import { StartFailure } from '@backup-awareness/local-servers';

export interface Project {
  readonly name: string;
  /** Relative to the checkout. */
  readonly folder: string;
  readonly tags: readonly string[];
}

/** All projects with this script in their package.json. */
export function projectsWith(target: string): Project[] {
  return workspaceFolders().flatMap((folder) => {
    const manifest = JSON.parse(readFileSync(join(checkout, folder, 'package.json'), 'utf8')) as {
      name: string;
      scripts?: Record<string, string>;
      nx?: { tags?: string[] };
    };
    return manifest.scripts?.[target]
      ? [{ name: manifest.name, folder, tags: manifest.nx?.tags ?? [] }]
      : [];
  });
}

/**
 * The projects that are named, by folder (`libs/freshness`) or name (with or without its scope); all where none is.
 *
 * @throws StartFailure for an unknown one
 */
export function selectProjects(all: readonly Project[], wanted: readonly string[]): Project[] {
  if (wanted.length === 0) return [...all];
  return wanted.map((text) => {
    const plain = text.replace(/^\.\//, '').replace(/\/+$/, '');
    const found = all.find(
      ({ name, folder }) => name === plain || folder === plain || name.split('/')[1] === plain,
    );
    if (found) return found;
    const names = all.map(({ folder }) => folder).join(', ');
    throw new StartFailure(`no project "${text}"; expected one of ${names}`);
  });
}

/** Contracts, core and page do no I/O: their tests need neither broker nor database. */
export function needServers(projects: readonly Project[]): boolean {
  return projects.some(
    ({ tags }) => !['type:core', 'type:contracts', 'type:page'].some((tag) => tags.includes(tag)),
  );
}
