import { Problem, type ProblemDocument } from './problem.js';

/**
 * Has the browser keep what the API answers as a file; a link cannot ask for a media type.
 *
 * Rejects with `Problem` for an error of the API.
 */
export async function download(path: string, accept: string, fileName: string): Promise<void> {
  const response = await fetch(`/api/v1${path}`, { headers: { accept } });
  if (!response.ok)
    throw new Problem(
      response.status,
      (await response.json().catch(() => ({}))) as Partial<ProblemDocument>,
    );
  const address = URL.createObjectURL(await response.blob());
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(address);
}
