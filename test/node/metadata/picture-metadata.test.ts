import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { partWithMetadata } from "../../../src/node/metadata/jpeg-header.ts";
import { readPictureMetadata } from "../../../src/node/metadata/picture-metadata.ts";
import { mutated } from "../../core/format/mutations.ts";

const XMP = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/" photoshop:Headline="News &quot;today&quot;">
<dc:titles>no</dc:titles><dc:title><rdf:Alt><rdf:li xml:lang="de">Hafen</rdf:li>
<rdf:li xml:lang="x-default">A harbour &amp; b&#xe9;b&#233;s</rdf:li></rdf:Alt></dc:title>
<dc:description/><dc:subject><rdf:Bag><rdf:li>boat</rdf:li><rdf:li> sea </rdf:li></rdf:Bag></dc:subject>
</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>`;

const EXIF = {
  IFD0: { ImageDescription: "zwei Boote", Make: "Canon", Model: "Canon EOS 5D" },
  IFD2: { DateTimeOriginal: "2021:05:06 07:08:09", OffsetTimeOriginal: "+02:00" },
  IFD3: {
    GPSLatitudeRef: "S",
    GPSLatitude: "51/1 30/1 3230/100",
    GPSLongitudeRef: "W",
    GPSLongitude: "0/1 7/1 4366/100",
  },
};

function picture() {
  return sharp({ create: { width: 16, height: 16, channels: 3, background: "red" } });
}

/** An AVIF file with the brands and the codec of HEIC, which is built alike. */
async function heicFile(): Promise<Buffer> {
  const avif = await picture().withExif(EXIF).avif().toBuffer();
  const text = avif.toString("latin1").replaceAll("avif", "heic").replaceAll("av01", "hvc1");
  return Buffer.from(text, "latin1");
}

/** IPTC as Photoshop wraps it, after a resource of another kind with a name. */
function iptcBlock(...sets: readonly (readonly [number, string])[]): Uint8Array {
  const records = sets.flatMap(([dataset, text]) => {
    const bytes = new TextEncoder().encode(text);
    return [0x1c, 2, dataset, bytes.length >> 8, bytes.length & 255, ...bytes];
  });
  const ascii = (text: string): number[] => Array.from(text, (character) => character.charCodeAt(0));
  const length = [0, 0, records.length >> 8, records.length & 255];
  return Uint8Array.from([
    ...ascii("Photoshop 3.0\0"),
    ...[...ascii("8BIM"), 4, 0x22, 2, ...ascii("ab"), 0, 0, 0, 0, 3, 7, 7, 7, 0],
    ...[...ascii("8BIM"), 4, 4, 0, 0, ...length, ...records],
  ]);
}

/** A JPEG file with one more segment. */
async function withSegment(marker: number, content: Uint8Array): Promise<Buffer> {
  const jpeg = await picture().jpeg().toBuffer();
  const length = Buffer.alloc(2);
  length.writeUInt16BE(content.length + 2);
  return Buffer.concat([jpeg.subarray(0, 2), Buffer.of(0xff, marker), length, content, jpeg.subarray(2)]);
}

/** EXIF of one tag two thousand times, each with a value of 40,000 letters. */
function repeatedTag(): Buffer {
  const [entries, size] = [2000, 65_000];
  const tiff = Buffer.alloc(size, "A");
  tiff.write("II");
  tiff.writeUInt16LE(42, 2);
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(entries, 8);
  for (let i = 0; i < entries; i++) {
    const at = 10 + 12 * i;
    tiff.writeUInt16LE(0x010e, at);
    tiff.writeUInt16LE(2, at + 2);
    tiff.writeUInt32LE(40_000, at + 4);
    tiff.writeUInt32LE(size - 40_000, at + 8);
  }
  return Buffer.concat([Buffer.from("Exif\0\0"), tiff]);
}

describe("what a picture says of itself", () => {
  test.each(["jpeg", "png", "webp", "tiff", "avif"] as const)("%s", async (format) => {
    const bytes = await picture().withExif(EXIF).withXmp(XMP)[format]().toBuffer();
    const metadata = await readPictureMetadata(bytes);
    expect(metadata).toMatchObject({ title: "A harbour & b\u00e9b\u00e9s", keywords: ["boat", "sea"] });
    // libvips writes no EXIF folder into TIFF.
    if (format === "tiff") return;
    expect(metadata).toMatchObject({
      description: "zwei Boote",
      taken: Date.UTC(2021, 4, 6, 5, 8, 9),
      camera: "Canon EOS 5D",
    });
    expect(metadata.latitude).toBeCloseTo(-51.508972, 5);
    expect(metadata.longitude).toBeCloseTo(-0.128794, 5);
  });

  test("nothing where there is nothing, or no picture", async () => {
    expect(await readPictureMetadata(await picture().png().toBuffer())).toEqual({ keywords: [] });
    expect(await readPictureMetadata(new TextEncoder().encode("text"))).toEqual({ keywords: [] });
  });

  test("not what cameras write for a caption", async () => {
    const bytes = await picture()
      .withExif({ IFD0: { ImageDescription: "OLYMPUS DIGITAL CAMERA" } })
      .jpeg()
      .toBuffer();
    expect((await readPictureMetadata(bytes)).description).toBeUndefined();
  });

  test("IPTC, bare and in Photoshop's resources", async () => {
    const block = iptcBlock(
      [5, "Hafen"],
      [120, "Zwei Boote im Hafen\u00e9"],
      [25, "boat"],
      [25, "sea"],
      [90, "Rome"],
    );
    const expected = { title: "Hafen", description: "Zwei Boote im Hafen\u00e9", keywords: ["boat", "sea"] };
    expect(await readPictureMetadata(await withSegment(0xed, block))).toEqual(expected);
    const bare = Buffer.concat([Buffer.from("Photoshop 3.0\0"), block.subarray(block.indexOf(0x1c))]);
    expect(await readPictureMetadata(await withSegment(0xed, bare))).toEqual(expected);
  });

  test("XMP attributes, and another language where there is no default", async () => {
    const other = XMP.replaceAll("dc:title>", "dc:other>");
    expect((await readPictureMetadata(await picture().withXmp(other).png().toBuffer())).title).toBe(
      'News "today"',
    );
    const french = XMP.replace("x-default", "fr");
    expect((await readPictureMetadata(await picture().withXmp(french).webp().toBuffer())).title).toBe(
      "Hafen",
    );
  });

  test("EXIF in UTF-8 and in Latin-1", async () => {
    const jpeg = await picture()
      .withExif({ IFD0: { ImageDescription: "zwei Bxxte" } })
      .jpeg()
      .toBuffer();
    const written = async (...bytes: readonly number[]) => {
      const at = jpeg.indexOf("xxte");
      return (
        await readPictureMetadata(
          Buffer.concat([jpeg.subarray(0, at), Buffer.from(bytes), jpeg.subarray(at + 2)]),
        )
      ).description;
    };
    expect(await written(0xc3, 0xb6)).toBe("zwei B\u00f6te");
    expect(await written(0xf6, 0xf6)).toBe("zwei B\u00f6\u00f6te");
  });

  test("a large packet of XMP is passed over, what else the file says is not", async () => {
    const many = XMP.replace("<rdf:li>boat", `${"<rdf:li>x</rdf:li>".repeat(20_000)}<rdf:li>boat`);
    const bytes = await picture().withExif(EXIF).withXmp(many).png().toBuffer();
    expect(await readPictureMetadata(bytes)).toMatchObject({ keywords: [], camera: "Canon EOS 5D" });
  });

  test("one tag of thousands of long values does not hold the reading up", async () => {
    expect(
      (await readPictureMetadata(await withSegment(0xe1, repeatedTag()))).description?.length ?? 0,
    ).toBeLessThan(65_537);
  });

  test("of a JPEG what lies before its pixels is enough, and nothing is asked of one without blocks", async () => {
    const said = await picture().withExif(EXIF).withXmp(XMP).jpeg().toBuffer();
    const part = partWithMetadata(said)!;
    expect(part.length).toBeLessThan(said.length);
    expect(await readPictureMetadata(part)).toEqual(await readPictureMetadata(said));
    expect((await readPictureMetadata(part)).keywords).toEqual(["boat", "sea"]);
    expect(partWithMetadata(await picture().jpeg().toBuffer())).toBeNull();
    const png = await picture().png().toBuffer();
    expect(partWithMetadata(png)).toBe(png);
    for (const cut of [0, 1, 2, 3, 9]) expect(partWithMetadata(said.subarray(0, cut))).toHaveLength(cut);
  });

  test("EXIF of HEIC and of RAW files, where the decoder of other pictures opens neither", async () => {
    const expected = {
      camera: "Canon EOS 5D",
      taken: Date.UTC(2021, 4, 6, 5, 8, 9),
      latitude: expect.closeTo(-51.509, 3),
    };
    const heic = await heicFile();
    await expect(sharp(heic).toBuffer()).rejects.toThrow();
    expect(await readPictureMetadata(heic)).toMatchObject(expected);
    // Most RAW files are TIFF structures; others hold a JPEG that has the EXIF.
    const jpeg = await sharp({ create: { width: 320, height: 240, channels: 3, background: "navy" } })
      .withExif(EXIF)
      .jpeg()
      .toBuffer();
    const { exif } = await sharp(jpeg).metadata();
    const tiff = Buffer.concat([exif!.subarray(6), Buffer.alloc(500)]);
    for (const raw of [tiff, Buffer.concat([Buffer.from("FUJIFILMCCD-RAW 0201"), Buffer.alloc(99), jpeg])])
      expect(await readPictureMetadata(raw)).toMatchObject(expected);
  });

  test("an empty file says nothing, where sharp threw before its promise", async () => {
    expect(await readPictureMetadata(Buffer.alloc(0))).toEqual({ keywords: [] });
  });

  test("damaged pictures never throw nor hang", async () => {
    const iptc = iptcBlock([5, "Hafen"], [25, "boat"]);
    const files = [
      await picture().withExif(EXIF).withXmp(XMP).jpeg().toBuffer(),
      await withSegment(0xed, iptc),
      await picture().withXmp(XMP).tiff().toBuffer(),
      await heicFile(),
      Buffer.concat([Buffer.from("FUJIFILMCCD-RAW 0201"), await picture().withExif(EXIF).jpeg().toBuffer()]),
    ];
    for (const file of files) {
      // Metadata lies at one end or the other: what is between them need not be tried.
      const ends = Buffer.from(file);
      await fc.assert(
        fc.asyncProperty(mutated(ends), async (mutant) => {
          for (const text of Object.values(await readPictureMetadata(mutant)).flat()) {
            expect(String(text).length).toBeLessThanOrEqual(mutant.length + 30);
          }
        }),
        { numRuns: 150 },
      );
    }
  });
});
