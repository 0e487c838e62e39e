import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

/**
 * The database's limit: the time of a `COPY` of a table's rows into the same table, emptied before, in ms. Afterwards the table
 * is as it was.
 */
export async function timeToCopy(
  databaseUrl: string,
  table: string,
  emptyIt: () => Promise<void>,
): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const chunks: Buffer[] = [];
    const collect = new Writable({
      write(chunk: Buffer, _encoding, done) {
        chunks.push(chunk);
        done();
      },
    });
    await pipeline(client.query(copyTo(`COPY ${table} TO STDOUT`)), collect);
    const rows = Buffer.concat(chunks);
    await emptyIt();
    const startedAtMs = performance.now();
    await pipeline(
      Readable.from(inPieces(rows)),
      client.query(copyFrom(`COPY ${table} FROM STDIN`)),
    );
    return performance.now() - startedAtMs;
  } finally {
    await client.end();
  }
}

const PIECE_BYTES = 64 * 1024;

function* inPieces(rows: Buffer): Generator<Buffer> {
  for (let at = 0; at < rows.length; at += PIECE_BYTES) yield rows.subarray(at, at + PIECE_BYTES);
}
