const ASK_EVERY_MS = 2_000;
const RELOADED = 'reloaded-at';
const AT_MOST_EVERY_MS = 60_000;

/**
 * Loads a part of the page. Where that fails, because the console is away or has been upgraded, the whole page is loaded again when the
 * console answers: a document never asks again for a module that it could not get.
 *
 * @throws the error of the module where the page has just been loaded again for one
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    const reloadedAt = Number(sessionStorage.getItem(RELOADED) ?? 0);
    if (Math.abs(Date.now() - reloadedAt) < AT_MOST_EVERY_MS) throw error;
    while (!(await consoleAnswers())) await new Promise((go) => setTimeout(go, ASK_EVERY_MS));
    sessionStorage.setItem(RELOADED, String(Date.now()));
    location.reload();
    return new Promise(() => undefined);
  }
}

async function consoleAnswers(): Promise<boolean> {
  try {
    return (await fetch('/', { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}
