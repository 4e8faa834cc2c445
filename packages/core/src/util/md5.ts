/** MD5 (RFC 1321), for names that are cut: the same digits as SQLAlchemy's, on platforms without node:crypto too. */

const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const sines = Array.from({ length: 64 }, (_, step) => Math.floor(Math.abs(Math.sin(step + 1)) * 2 ** 32));

/** The MD5 of a text in UTF-8, as 32 hexadecimal digits. */
export function md5Hex(text: string): string {
  const words = paddedWords(new TextEncoder().encode(text));
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d] = state as [number, number, number, number];
    for (let step = 0; step < 64; step++) {
      const [mixed, word] = mix(step, b, c, d);
      const sum = (a + mixed + (sines[step] as number) + (words[block + word] as number)) | 0;
      const by = shifts[(step >> 4) * 4 + (step % 4)] as number;
      [a, d, c, b] = [d, c, b, (b + ((sum << by) | (sum >>> (32 - by)))) | 0];
    }
    [a, b, c, d].forEach((value, at) => {
      state[at] = ((state[at] as number) + value) | 0;
    });
  }
  const digest = new DataView(new ArrayBuffer(16));
  state.forEach((value, at) => {
    digest.setInt32(at * 4, value, true);
  });
  return Array.from(new Uint8Array(digest.buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The function of a round, and which word of the block it takes. */
function mix(step: number, b: number, c: number, d: number): [mixed: number, word: number] {
  if (step < 16) return [(b & c) | (~b & d), step];
  if (step < 32) return [(d & b) | (~d & c), (5 * step + 1) % 16];
  if (step < 48) return [b ^ c ^ d, (3 * step + 5) % 16];
  return [c ^ (b | ~d), (7 * step) % 16];
}

/** Words of 32 bits: the text, a one, zeros, and the number of bits. */
function paddedWords(bytes: Uint8Array): Uint32Array {
  const length = (Math.floor((bytes.length + 8) / 64) + 1) * 64;
  const view = new DataView(new ArrayBuffer(length));
  new Uint8Array(view.buffer).set(bytes);
  view.setUint8(bytes.length, 0x80);
  view.setUint32(length - 8, (bytes.length * 8) >>> 0, true);
  view.setUint32(length - 4, Math.floor(bytes.length / 2 ** 29), true);
  return Uint32Array.from({ length: length / 4 }, (_, at) => view.getUint32(at * 4, true));
}
