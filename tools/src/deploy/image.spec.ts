import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MEMORY_ENVIRONMENT, NODE_FLAGS } from '@backup-awareness/all-in-one';

const checkout = join(import.meta.dirname, '..', '..', '..');
const dockerfile = readFileSync(join(checkout, 'deploy', 'Dockerfile'), 'utf8');

const PREFIX = '@backup-awareness/';

/** The folders of a program and of everything in this workspace that it depends on. */
function roomsOf(folder: string): string[] {
  const manifest = JSON.parse(readFileSync(join(checkout, folder, 'package.json'), 'utf8'));
  const names = Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith(PREFIX));
  return [folder, ...names.flatMap((name) => roomsOf(join('libs', name.slice(PREFIX.length))))];
}

describe('the image', () => {
  it('runs Node with the flags and the environment of npm start', () => {
    expect(dockerfile).toContain(`\nENV NODE_OPTIONS=${NODE_FLAGS.join(' ')}\n`);
    for (const [name, value] of Object.entries(MEMORY_ENVIRONMENT))
      expect(dockerfile).toContain(`\nENV ${name}=${value}\n`);
  });

  it('contains the rooms that its programs depend on, and no others', () => {
    const programs = [...dockerfile.matchAll(/--workspace (\S+)/g)].map(([, folder]) => folder!);
    const rooms = /for room in ([^;]+);/.exec(dockerfile)![1]!.split(' ');
    expect(programs.length).toBeGreaterThan(3);
    expect([...rooms].sort()).toEqual([...new Set(programs.flatMap(roomsOf))].sort());
  });

  it('is built from exact tags', () => {
    expect(dockerfile).toMatch(
      /^ARG NODE_IMAGE=\S+:\d+\.\d+\.\d+-\S+\nFROM \$\{NODE_IMAGE\} AS base$/m,
    );
  });
});
