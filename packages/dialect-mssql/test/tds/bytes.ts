/** Little-endian bytes as TDS writes them. Knows no token. */

/** Puts bytes together. */
export class ByteWriter {
  readonly #parts: Buffer[] = [];

  u8(value: number): this {
    return this.bytes(Buffer.of(value & 0xff));
  }

  u16(value: number): this {
    const part = Buffer.alloc(2);
    part.writeUInt16LE(value);
    return this.bytes(part);
  }

  u32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeUInt32LE(value >>> 0);
    return this.bytes(part);
  }

  i32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeInt32LE(value);
    return this.bytes(part);
  }

  i64(value: bigint): this {
    const part = Buffer.alloc(8);
    part.writeBigInt64LE(value);
    return this.bytes(part);
  }

  f32(value: number): this {
    const part = Buffer.alloc(4);
    part.writeFloatLE(value);
    return this.bytes(part);
  }

  f64(value: number): this {
    const part = Buffer.alloc(8);
    part.writeDoubleLE(value);
    return this.bytes(part);
  }

  /** An unsigned number of `width` bytes. */
  unsigned(value: bigint, width: number): this {
    const part = Buffer.alloc(width);
    let rest = value;
    for (let index = 0; index < width; index++) {
      part[index] = Number(rest & 0xffn);
      rest >>= 8n;
    }
    return this.bytes(part);
  }

  bytes(part: Uint8Array): this {
    this.#parts.push(Buffer.from(part));
    return this;
  }

  ucs2(text: string): this {
    return this.bytes(Buffer.from(text, "utf16le"));
  }

  /** Text with its length in one byte, or in two. */
  shortText(text: string): this {
    return this.u8(text.length).ucs2(text);
  }
  longText(text: string): this {
    return this.u16(text.length).ucs2(text);
  }

  /** Bytes in one chunk of the "partially length-prefixed" form; null: NULL. */
  plp(value: Buffer | null): this {
    if (value === null) return this.i64(-1n);
    this.i64(BigInt(value.length));
    if (value.length > 0) this.u32(value.length).bytes(value);
    return this.u32(0);
  }

  get done(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** Takes bytes apart. */
export class ByteReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  get hasMore(): boolean {
    return this.#at < this.#bytes.length;
  }

  get rest(): number {
    return this.#bytes.length - this.#at;
  }

  take(count: number): Buffer {
    const part = this.#bytes.subarray(this.#at, this.#at + count);
    if (part.length < count) throw new Error("the client's message ends too early");
    this.#at += count;
    return part;
  }

  u8(): number {
    return this.take(1)[0] as number;
  }

  u16(): number {
    return this.take(2).readUInt16LE();
  }

  u32(): number {
    return this.take(4).readUInt32LE();
  }

  i64(): bigint {
    return this.take(8).readBigInt64LE();
  }

  ucs2(characters: number): string {
    return this.take(characters * 2).toString("utf16le");
  }

  plp(): Buffer | null {
    if (this.i64() === -1n) return null;
    const chunks: Buffer[] = [];
    for (let length = this.u32(); length > 0; length = this.u32()) chunks.push(this.take(length));
    return Buffer.concat(chunks);
  }
}
