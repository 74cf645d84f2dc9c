import { FormatError } from "../errors.ts";

/** Reads a pickle's bytes in order; every length is checked against what is left. */
export class PickleReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private offset = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The value an opcode carries with it; undefined where it carries none. */
  literal(opcode: number): null | boolean | number | string | Uint8Array | undefined {
    switch (opcode) {
      case 0x4e: // NONE
        return null;
      case 0x88: // NEWTRUE
        return true;
      case 0x89: // NEWFALSE
        return false;
      case 0x4a: // BININT
        return this.view.getInt32(this.skip(4), true);
      case 0x4b: // BININT1
        return this.uint8();
      case 0x4d: // BININT2
        return this.view.getUint16(this.skip(2), true);
      case 0x8a: // LONG1
        return this.long(this.uint8());
      case 0x8b: // LONG4
        return this.long(this.uint32());
      case 0x47: // BINFLOAT
        return this.view.getFloat64(this.skip(8), false);
      default:
        return this.text(opcode);
    }
  }

  uint8(): number {
    return this.bytes[this.skip(1)]!;
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  /** An 8-byte length, which must lie within the file. */
  length64(): number {
    const length = Number(this.view.getBigUint64(this.skip(8), true));
    if (length > this.bytes.length - this.offset) throw cutShort(length);
    return length;
  }

  /** A text that ends with a line feed. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.offset);
    if (end < 0) throw cutShort(1);
    return decodeUtf8(this.take(end + 1 - this.offset).subarray(0, -1));
  }

  private text(opcode: number): string | Uint8Array | undefined {
    switch (opcode) {
      case 0x8c: // SHORT_BINUNICODE
        return decodeUtf8(this.take(this.uint8()));
      case 0x58: // BINUNICODE
        return decodeUtf8(this.take(this.uint32()));
      case 0x8d: // BINUNICODE8
        return decodeUtf8(this.take(this.length64()));
      case 0x55: // SHORT_BINSTRING
        return decodeUtf8(this.take(this.uint8()));
      case 0x54: // BINSTRING
        return decodeUtf8(this.take(this.uint32()));
      case 0x43: // SHORT_BINBYTES
        return this.take(this.uint8());
      case 0x42: // BINBYTES
        return this.take(this.uint32());
      case 0x8e: // BINBYTES8
      case 0x96: // BYTEARRAY8
        return this.take(this.length64());
      default:
        return undefined;
    }
  }

  /** A little-endian two's complement integer; those past 8 bytes or past 2^53 have no use here. */
  private long(length: number): number {
    if (length > 8) throw cutShort(length);
    const bytes = this.take(length);
    let value = 0n;
    for (let i = length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i]!);
    return Number(BigInt.asIntN(8 * length, value));
  }

  private take(length: number): Uint8Array {
    const start = this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  /** Moves past `length` bytes and returns where they start. */
  private skip(length: number): number {
    if (length > this.bytes.length - this.offset) throw cutShort(length);
    const start = this.offset;
    this.offset += length;
    return start;
  }
}

/** Python writes lone surrogates too (`surrogatepass`); they come out as U+FFFD. */
function decodeUtf8(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function cutShort(length: number): FormatError {
  return new FormatError("The pickle is cut short or forged", {
    found: `an item of ${length} bytes past its end`,
    hint: "Write or download the file again.",
  });
}
