import { createProgress } from '../output/progress.js';
import {
  disposeRunDirectory,
  openTemporaryRunDirectory,
} from '../run-directory/temporary-run-directory.js';
import { chooseVersions } from './choose-versions.js';

describe('the versions of the servers for tests', () => {
  afterEach(() => {
    delete process.env['RABBITMQ'];
    delete process.env['POSTGRESQL'];
  });

  it.each([
    ['RABBITMQ', '5', 'RABBITMQ: expected 4, got "5"'],
    ['POSTGRESQL', '14', 'POSTGRESQL: expected 15 or 16 or 17, got "14"'],
  ])('given %s=%s, says what was expected', async (name, value, message) => {
    process.env[name] = value;
    const runDirectory = await openTemporaryRunDirectory();
    try {
      await expect(chooseVersions('/nonexistent', runDirectory, createProgress())).rejects.toThrow(
        message,
      );
    } finally {
      await disposeRunDirectory(runDirectory);
    }
  });
});
