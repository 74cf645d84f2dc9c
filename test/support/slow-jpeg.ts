/**
 * A grey progressive JPEG that is small and valid and takes long to decode: each scan says of every block that nothing changes, and
 * decoders go through all of them (libjpeg-turbo's report LJT-01-005).
 *
 * @param side pixels, a multiple of 8 from 1024 on; with 8192 a scan takes some 8 ms
 * @param scans scans after the first
 */
export function slowJpeg(side: number, scans: number): Buffer {
  const blocks = (side / 8) ** 2;
  const frame = [8, side >> 8, side & 0xff, side >> 8, side & 0xff, 1, 1, 0x11, 0];
  // One code of one bit in each table: 0, for "no difference", and for "nothing in the next 2^14 blocks and more".
  const [dc, ac] = [huffmanTable(0x00, 0x00), huffmanTable(0x10, 0xe0)];
  const first = [segment(0xda, [1, 1, 0x00, 0, 0, 0x00]), Buffer.alloc(Math.ceil(blocks / 8))];
  const scan = [segment(0xda, [1, 1, 0x00, 1, 63, 0x00]), emptyRuns(blocks)];
  return Buffer.concat([
    Buffer.from([0xff, 0xd8]),
    segment(0xdb, [0, ...Array<number>(64).fill(1)]),
    segment(0xc2, frame),
    dc,
    ac,
    ...first,
    ...Array.from({ length: scans }, () => scan).flat(),
    Buffer.from([0xff, 0xd9]),
  ]);
}

function segment(marker: number, content: readonly number[]): Buffer {
  const length = content.length + 2;
  return Buffer.from([0xff, marker, length >> 8, length & 0xff, ...content]);
}

function huffmanTable(id: number, symbol: number): Buffer {
  return segment(0xc4, [id, 1, ...Array<number>(15).fill(0), symbol]);
}

/** "Nothing in the next N blocks", until there are none left: a bit for the code and 14 for N - 2^14 each. */
function emptyRuns(blocks: number): Buffer {
  const runs = Math.ceil(blocks / (2 ** 15 - 1));
  let bits = "";
  for (let i = 0; i < runs; i++) {
    const run = Math.floor(((i + 1) * blocks) / runs) - Math.floor((i * blocks) / runs);
    bits += `0${(run - 2 ** 14).toString(2).padStart(14, "0")}`;
  }
  const bytes = bits.padEnd(8 * Math.ceil(bits.length / 8), "1").match(/.{8}/g)!;
  // A byte of ones would be a marker: a zero follows it.
  return Buffer.from(bytes.flatMap((byte) => (byte === "11111111" ? [0xff, 0] : [Number.parseInt(byte, 2)])));
}
