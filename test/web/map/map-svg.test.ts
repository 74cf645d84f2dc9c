import { describe, expect, it } from "vitest";
import { mapSvg } from "../../../src/web/map/map-svg.ts";
import { DIMMED, LIT } from "../../../src/web/map/point-colors.ts";

const snapshot = {
  view: { x: 0, y: 0, zoom: 0 },
  size: { width: 200, height: 100 },
  theme: "light",
  places: Float32Array.of(0, 0, 0, 0, 10, 20, 500, 0, Number.NaN, 0),
  colors: Uint8Array.of(1, 2, 3, LIT, 1, 2, 3, LIT, 9, 9, 9, DIMMED, 1, 2, 3, LIT, 1, 2, 3, LIT),
  pointRadius: 2,
  names: [
    {
      concept: 0,
      name: `<img src=x onerror="alert(1)"> & الحيوانات`,
      x: 0,
      y: 10,
      size: 3,
      font: 20,
      zoom: 0,
    },
  ],
  fontFamily: `"Inter", sans-serif`,
} as const;

describe("a map as SVG", () => {
  const svg = mapSvg(snapshot);

  it("draws each place of a colour once, dimmed ones below, and nothing that is not seen", () => {
    const paths = [...svg.matchAll(/<path[^>]* d="([^"]*)"/g)].map(([, way]) => way);
    expect(paths).toEqual(["M110 30h0", "M100 50h0"]);
  });

  it("writes names from strangers as text", () => {
    expect(svg).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; الحيوانات</text>");
    expect(svg).not.toContain("<img");
    expect(svg).toContain('font-family="&quot;Inter&quot;, sans-serif"');
  });
});
