// The core runs unchanged in a browser tab and finds there what it finds in Node.
import { createReadStream } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConceptModel } from "../../src/core/concept-model.ts";
import { findChromium } from "../support/chromium.ts";
import { groupedVectors } from "../support/collections.ts";

const CORE = fileURLToPath(new URL("../../dist/core/", import.meta.url));
const launch = await findChromium();

describe.skipIf(launch === null)("the core in Chromium", () => {
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === "/") {
        response.setHeader("content-type", "text/html").end("<!doctype html><title>core</title>");
        return;
      }
      response.setHeader("content-type", "text/javascript");
      createReadStream(path.join(CORE, path.normalize(`/${request.url}`)))
        .on("error", () => response.writeHead(404).end())
        .pipe(response);
    });
    await new Promise<void>((resolve) => {
      server.listen(0, "127.0.0.1", resolve);
    });
    browser = await chromium.launch(launch!);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it("fits a model with the same concepts, map and probabilities as Node", async () => {
    const { vectors, centres } = groupedVectors({ groups: 4, perGroup: 30 });
    const docs = ["ant", "bee", "cat", "dog"];
    const model = await new ConceptModel({ minConceptSize: 10 }).fit([], {
      imageEmbeddings: vectors,
      docs,
      docEmbeddings: centres,
    });

    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const inBrowser = await page.evaluate(
      async ({ points, words, rows, cols, names }) => {
        // As text: the test's own transpiler would turn an import here into one of its own.
        const core = await new Function(`return import("/index.js")`)();
        const fitted = await new core.ConceptModel({ minConceptSize: 10 }).fit([], {
          imageEmbeddings: core.matrix(Float32Array.from(points), rows, cols),
          docs: names,
          docEmbeddings: core.matrix(Float32Array.from(words), names.length, cols),
        });
        const { images, concepts } = fitted.fitted;
        return {
          concepts: Array.from(images.concepts),
          probabilities: Array.from(images.probabilities),
          map: Array.from(images.map.data),
          names: concepts.map((concept: { name: string }) => concept.name),
        };
      },
      {
        points: Array.from(vectors.data),
        words: Array.from(centres.data),
        rows: vectors.rows,
        cols: vectors.cols,
        names: docs,
      },
    );

    const { images, concepts } = model.fitted;
    expect(concepts.length).toBe(4);
    expect(inBrowser.concepts).toEqual(Array.from(images.concepts));
    expect(inBrowser.names).toEqual(concepts.map(({ name }) => name));
    expect(inBrowser.probabilities).toEqual(Array.from(images.probabilities));
    expect(inBrowser.map).toEqual(Array.from(images.map.data));
  });
});
