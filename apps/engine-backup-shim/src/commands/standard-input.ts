/** All of standard input, to its end. Not by `readFileSync`, which fails on a pipe that somebody has made non-blocking. */
export async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
