/**
 * A UUIDv7 of this time and the first ten bytes of these bits. (The one in the contracts package uses random bits, and an API that
 * Node 18 lacks.)
 *
 * @see https://www.rfc-editor.org/rfc/rfc9562#section-5.7
 */
export function uuidV7(unixMs: number, bits: Buffer): string {
  const bytes = Buffer.alloc(16);
  bytes.writeUIntBE(unixMs, 0, 6);
  bits.copy(bytes, 6, 0, 10);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join('-');
}
