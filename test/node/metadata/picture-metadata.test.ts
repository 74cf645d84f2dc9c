import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { readExif } from "../../../src/node/metadata/exif.ts";
import { readIptc } from "../../../src/node/metadata/iptc.ts";
import { readPictureMetadata } from "../../../src/node/metadata/picture-metadata.ts";
import { readXmp } from "../../../src/node/metadata/xmp.ts";
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

  test("IPTC, bare and in Photoshop's resources", () => {
    const block = iptcBlock(
      [5, "Hafen"],
      [120, "Zwei Boote im Hafen\u00e9"],
      [25, "boat"],
      [25, "sea"],
      [90, "Rome"],
    );
    const expected = { title: "Hafen", description: "Zwei Boote im Hafen\u00e9", keywords: ["boat", "sea"] };
    expect(readIptc(block)).toEqual(expected);
    expect(readIptc(block.subarray(block.indexOf(0x1c)))).toEqual(expected);
  });

  test("XMP attributes, and another language where there is no default", () => {
    expect(readXmp(new TextEncoder().encode(XMP.replaceAll("dc:title>", "dc:other>"))).title).toBe(
      'News "today"',
    );
    expect(readXmp(new TextEncoder().encode(XMP.replace("x-default", "fr"))).title).toBe("Hafen");
  });

  test("damaged blocks never throw nor hang", async () => {
    const { exif } = await sharp(await picture().withExif(EXIF).jpeg().toBuffer()).metadata();
    expect(readExif(exif!).description).toBe("zwei Boote");
    const readers = [
      [readExif, new Uint8Array(exif!)],
      [readIptc, iptcBlock([5, "Hafen"], [25, "boat"])],
      [readXmp, new TextEncoder().encode(XMP)],
    ] as const;
    for (const [read, block] of readers) {
      fc.assert(
        fc.property(mutated(block), (mutant) => {
          for (const text of Object.values(read(mutant)).flat()) {
            expect(String(text).length).toBeLessThanOrEqual(mutant.length + 30);
          }
        }),
        { numRuns: 1000 },
      );
    }
  });
});
