import { judge } from './counts.js';
import { needServers, projectsWith, selectProjects, type Project } from './projects.js';

const freshness: Project = {
  name: '@scope/freshness',
  folder: 'libs/freshness',
  tags: ['type:core'],
};
const ingest: Project = { name: '@scope/ingest', folder: 'apps/ingest', tags: ['type:app'] };

describe('the projects to test', () => {
  it('are all when none is named', () => {
    expect(selectProjects([freshness, ingest], [])).toEqual([freshness, ingest]);
  });

  it.each(['libs/freshness', './libs/freshness/', 'freshness', '@scope/freshness'])(
    'can be named as %s',
    (text) => {
      expect(selectProjects([freshness, ingest], [text])).toEqual([freshness]);
    },
  );

  it('are listed when there is none of that name', () => {
    expect(() => selectProjects([freshness, ingest], ['fresh'])).toThrow(
      'no project "fresh"; expected one of libs/freshness, apps/ingest',
    );
  });

  it('need no servers when they are only the core', () => {
    expect(needServers([freshness])).toBe(false);
    expect(needServers([freshness, ingest])).toBe(true);
  });

  it('include this one', () => {
    expect(projectsWith('test').map(({ folder }) => folder)).toContain('tools');
  });
});

describe('the verdict over all projects', () => {
  const counts = (folder: string, passed: number, failed = 0) => ({
    folder,
    passed,
    failed,
    skipped: 0,
  });

  it('sums their counts', () => {
    expect(judge(['a', 'b'], [counts('a', 3), counts('b', 4, 1)])).toEqual({
      passed: 7,
      failed: 1,
      skipped: 0,
      silent: [],
    });
  });

  it('names a project in which no test ran, with or without counts of its own', () => {
    expect(judge(['a', 'b', 'c'], [counts('a', 3), counts('b', 0)]).silent).toEqual(['b', 'c']);
  });
});
