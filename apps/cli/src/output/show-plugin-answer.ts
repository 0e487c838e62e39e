import { PLUGIN_STATES, pluginLine, type PluginAnswer } from '../words/plugin-line.js';
import type { Output } from './output.js';

/** Shows the answer of a monitoring plugin. @returns its exit code */
export async function showPluginAnswer(
  out: Output,
  answer: PluginAnswer,
  json: boolean | undefined,
): Promise<number> {
  const { state, reasons, figures } = answer;
  const exitCode = PLUGIN_STATES[state];
  if (json) {
    const { checkDocument } = await import('@backup-awareness/overview/documents');
    out.json(checkDocument(state, exitCode, reasons, figures));
  } else out.line(pluginLine(answer));
  return exitCode;
}
