import { AwsV4Signer } from "aws4fetch";
import { UnusablePicture } from "../images/unusable-picture.ts";
import { extensionOf, skipOf } from "./folder.ts";
import type { Listed, ListOptions } from "./input.ts";
import { askServer, WEB_LIMITS } from "./web-request.ts";
import { type XmlElement, xmlElements } from "./xml-elements.ts";

/** Objects of one page of a list; the protocol gives 1,000, which is far smaller. */
const MAX_LIST_BYTES = 2 ** 24;

export function isS3(address: string): boolean {
  return address.startsWith("s3://");
}

/**
 * Lists the pictures of a bucket below a prefix (ListObjectsV2), by the extensions of their keys, in the order of the
 * server: that of the keys' bytes.
 */
export async function* listS3(address: string, options: ListOptions): AsyncGenerator<Listed, void, void> {
  const { bucket, key: prefix } = splitAddress(address);
  let token: string | undefined;
  do {
    const url = bucketUrl(bucket);
    url.searchParams.set("list-type", "2");
    url.searchParams.set("encoding-type", "url");
    if (prefix !== "") url.searchParams.set("prefix", prefix);
    if (token !== undefined) url.searchParams.set("continuation-token", token);
    const page = await listPage(url, options.signal);
    for (const object of xmlElements(page, "Contents")) {
      const listed = listedObject(bucket, prefix, object, options);
      if (listed !== null) yield listed;
    }
    token = xmlElements(page, "NextContinuationToken")[0]?.text;
  } while (token !== undefined);
}

function listedObject(
  bucket: string,
  prefix: string,
  object: XmlElement,
  options: ListOptions,
): Listed | null {
  const encoded = xmlElements(object.xml, "Key")[0]?.text ?? "";
  const key = decodeURIComponent(encoded.replaceAll("+", " "));
  if (key === "" || key.endsWith("/")) return null;
  const extension = extensionOf(key);
  const below = key.slice(prefix.lastIndexOf("/") + 1);
  if (options.exclude.verdict(below) === true) return { kind: "ignored", what: "(excluded)" };
  if (key !== prefix && !options.extensions.has(extension)) {
    return { kind: "ignored", what: extension === "" ? "(none)" : extension };
  }
  const location = `s3://${bucket}/${key}`;
  const bytes = Number(xmlElements(object.xml, "Size")[0]?.text);
  if (key.includes("\0"))
    return skipOf(location, new UnusablePicture("bad-name", "its name has a NUL in it"));
  return { kind: "picture", location, bytes: Number.isNaN(bytes) ? undefined : bytes };
}

async function listPage(url: URL, signal: AbortSignal | undefined): Promise<string> {
  const { headers } = await signed(url, {});
  const limits = { ...WEB_LIMITS, bytes: MAX_LIST_BYTES };
  const request = {
    headers,
    limits,
    allowPrivateAddresses: false,
    trustedOrigin: url.origin,
    anyType: true,
    signal,
  };
  const { status, body } = await askServer(url.href, request);
  if (status !== 200)
    throw new UnusablePicture("http", `the server answered ${status} when asked for a list`);
  return new TextDecoder().decode(body);
}

/** What to ask for an object. */
export async function signedS3(
  address: string,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }> {
  const { bucket, key } = splitAddress(address);
  const url = bucketUrl(bucket);
  const encoded = key.split("/").map((part) => encodeURIComponent(part));
  // A path of dots would be tidied up by whoever reads the address.
  if (encoded.some((part) => part === "." || part === "..")) {
    throw new UnusablePicture("bad-name", "its name cannot be asked for");
  }
  url.pathname = `${url.pathname.replace(/\/$/, "")}/${encoded.join("/")}`;
  return signed(url, headers);
}

function splitAddress(address: string): { readonly bucket: string; readonly key: string } {
  const match = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(address);
  if (match === null) throw new UnusablePicture("bad-name", "no address such as s3://bucket/prefix");
  return { bucket: match[1]!, key: match[2]! };
}

/** Buckets are a part of the host at Amazon, and of the path elsewhere. */
function bucketUrl(bucket: string): URL {
  const endpoint = process.env["AWS_ENDPOINT_URL_S3"] || process.env["AWS_ENDPOINT_URL"];
  if (endpoint !== undefined) return new URL(`${endpoint.replace(/\/$/, "")}/${encodeURIComponent(bucket)}`);
  return new URL(`https://${bucket}.s3.${region()}.amazonaws.com/`);
}

function region(): string {
  return process.env["AWS_REGION"] || process.env["AWS_DEFAULT_REGION"] || "us-east-1";
}

/** Without keys in the environment nothing is signed, as public buckets want it. */
async function signed(
  url: URL,
  headers: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }> {
  const accessKeyId = process.env["AWS_ACCESS_KEY_ID"];
  const secretAccessKey = process.env["AWS_SECRET_ACCESS_KEY"];
  const sessionToken = process.env["AWS_SESSION_TOKEN"];
  if (!accessKeyId || !secretAccessKey) return { url: url.href, headers };
  const signer = new AwsV4Signer({
    url: url.href,
    headers,
    accessKeyId,
    secretAccessKey,
    ...(sessionToken ? { sessionToken } : {}),
    service: "s3",
    region: region(),
  });
  const request = await signer.sign();
  return { url: request.url.href, headers: Object.fromEntries(new Headers(request.headers)) };
}
