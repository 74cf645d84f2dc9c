import { createHash, createHmac } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { serve } from "./web-server.ts";

export const S3_KEYS = {
  AWS_ACCESS_KEY_ID: "AKIDEXAMPLE",
  AWS_SECRET_ACCESS_KEY: "wJalrXUtnFEMI/K7MDENG",
  AWS_REGION: "eu-test-1",
};

/**
 * A server that speaks what is needed of Amazon's S3 protocol, for one bucket: ListObjectsV2 in pages of three, GetObject with
 * ETags, signatures of version 4 checked.
 */
export async function serveBucket(bucket: string, objects: ReadonlyMap<string, Buffer>): Promise<string> {
  return serve((request, response) => {
    const url = new URL(request.url!, "http://localhost");
    const [, name, ...rest] = url.pathname.split("/");
    if (!isSigned(request, url))
      return void response.writeHead(403).end("<Error><Code>SignatureDoesNotMatch</Code></Error>");
    if (name !== bucket) return void response.writeHead(404).end("<Error><Code>NoSuchBucket</Code></Error>");
    if (url.searchParams.get("list-type") === "2") return list(objects, url, response);
    const key = rest.map(decodeURIComponent).join("/");
    if (key.startsWith("moved/"))
      return void response.writeHead(307, { location: "http://127.0.0.1:9/" }).end();
    const body = objects.get(key);
    if (body === undefined) return void response.writeHead(404).end();
    const etag = `"${createHash("md5").update(body).digest("hex")}"`;
    if (request.headers["if-none-match"] === etag) return void response.writeHead(304).end();
    response.writeHead(200, { etag, "content-type": "binary/octet-stream" }).end(body);
  });
}

function list(objects: ReadonlyMap<string, Buffer>, { searchParams }: URL, response: ServerResponse): void {
  const prefix = searchParams.get("prefix") ?? "";
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  const start = Number(searchParams.get("continuation-token") ?? 0);
  const page = keys.slice(start, start + 3);
  const contents = page.map((key) => {
    const name = encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+");
    return `<Contents><Key>${name}</Key><Size>${objects.get(key)!.length}</Size></Contents>`;
  });
  const isLast = start + 3 >= keys.length;
  const token = isLast ? "" : `<NextContinuationToken>${start + 3}</NextContinuationToken>`;
  response
    .writeHead(200, { "content-type": "application/xml" })
    .end(
      `<?xml version="1.0"?><ListBucketResult><IsTruncated>${!isLast}</IsTruncated>${token}${contents.join("")}</ListBucketResult>`,
    );
}

/** As "Signature Version 4 signing process" in Amazon's documentation tells. */
function isSigned({ headers, method }: IncomingMessage, url: URL): boolean {
  const match =
    /Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)/.exec(
      headers.authorization ?? "",
    );
  if (match === null || match[1] !== S3_KEYS.AWS_ACCESS_KEY_ID || match[3] !== S3_KEYS.AWS_REGION)
    return false;
  const [, , day, region, names, signature] = match as unknown as string[];
  const query = [...url.searchParams]
    .map(([name, value]) => `${strict(name)}=${strict(value)}`)
    .sort()
    .join("&");
  const lines = names!.split(";").map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const path = url.pathname
    .split("/")
    .map((part) => strict(decodeURIComponent(part)))
    .join("/");
  const canonical = [method, path, query, lines.join(""), names, headers["x-amz-content-sha256"]].join("\n");
  const hash = createHash("sha256").update(canonical).digest("hex");
  const text = `AWS4-HMAC-SHA256\n${headers["x-amz-date"]}\n${day}/${region}/s3/aws4_request\n${hash}`;
  const key = [day!, region!, "s3", "aws4_request"].reduce<Buffer>(
    (secret, part) => createHmac("sha256", secret).update(part).digest(),
    Buffer.from(`AWS4${S3_KEYS.AWS_SECRET_ACCESS_KEY}`),
  );
  return createHmac("sha256", key).update(text).digest("hex") === signature;
}

function strict(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
