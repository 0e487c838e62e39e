/** The series of metrics in Prometheus's text format, by name without `backup_awareness_` and labels. */
export function seriesOf(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      return [line.slice(0, at).replace(/^backup_awareness_/, ''), Number(line.slice(at + 1))];
    }),
  );
}
