import type {
  ApiColumnValues,
  ApiEdit,
  ApiError,
  ApiExportRequest,
  ApiExportTicket,
  ApiImage,
  ApiModel,
  ApiNeighbours,
  ApiRecutRequest,
  ApiRecutSummary,
  ApiSearchAnswer,
  ApiSearchRequest,
  ApiSimilarity,
  ApiTreeNode,
} from "../../core/explorer/api.ts";
import type { Points } from "../state/points.ts";

/** What the server answered in place of what was asked for. */
export class ApiFailure extends Error {
  override readonly name = "ApiFailure";
  readonly status: number;
  readonly code: string;
  readonly hint: string | undefined;
  readonly expected: string | undefined;

  constructor(status: number, { code, message, hint, expected }: ApiError) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.expected = expected;
  }
}

async function request(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await fetch(path, { credentials: "same-origin", ...init });
  if (response.ok) return response;
  const fallback: ApiError = { code: "HTTP", message: `The server answered ${response.status}` };
  const error = (await response.json().catch(() => fallback)) as ApiError;
  throw new ApiFailure(response.status, { ...fallback, ...error });
}

async function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  const response = await request(path, signal === undefined ? {} : { signal });
  return (await response.json()) as Answer;
}

async function getBytes(path: string): Promise<ArrayBuffer> {
  return (await request(path)).arrayBuffer();
}

function post(path: string, body: unknown, { signal, revision }: PostOptions = {}): Promise<Response> {
  return request(path, {
    method: "POST",
    headers: {
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...(revision === undefined ? {} : { "if-match": revision }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
}

interface PostOptions {
  readonly signal?: AbortSignal | undefined;
  readonly revision?: string | undefined;
}

async function postJson<Answer>(path: string, body: unknown, options: PostOptions = {}): Promise<Answer> {
  return (await (await post(path, body, options)).json()) as Answer;
}

export async function fetchModel(): Promise<ApiModel> {
  return getJson("/api/model");
}

export async function fetchPoints(): Promise<Points> {
  const [map, concepts, probabilities, slots] = await Promise.all([
    getBytes("/api/points/map"),
    getBytes("/api/points/concepts"),
    getBytes("/api/points/probabilities"),
    getBytes("/api/points/slots"),
  ]);
  return {
    map: new Float32Array(map),
    concepts: new Int32Array(concepts),
    probabilities: new Float32Array(probabilities),
    slots: new Uint32Array(slots),
  };
}

/** What edits change of the points. */
export async function fetchGrouping(): Promise<Pick<Points, "concepts" | "probabilities">> {
  const [concepts, probabilities] = await Promise.all([
    getBytes("/api/points/concepts"),
    getBytes("/api/points/probabilities"),
  ]);
  return { concepts: new Int32Array(concepts), probabilities: new Float32Array(probabilities) };
}

export const fetchImage = (row: number, signal?: AbortSignal): Promise<ApiImage> =>
  getJson(`/api/images/${row}`, signal);

export const fetchNeighbours = (row: number, count: number, signal?: AbortSignal): Promise<ApiNeighbours> =>
  getJson(`/api/images/${row}/neighbours?count=${count}`, signal);

export const fetchColumn = (index: number): Promise<ApiColumnValues> => getJson(`/api/columns/${index}`);

export const fetchHierarchy = (): Promise<readonly ApiTreeNode[]> => getJson("/api/hierarchy");

export const fetchSimilarity = (): Promise<ApiSimilarity> => getJson("/api/similarity");

export const search = (body: ApiSearchRequest, signal?: AbortSignal): Promise<ApiSearchAnswer> =>
  postJson("/api/search", body, { signal });

export async function searchPicture(
  picture: Blob,
  { query, limit }: Pick<ApiSearchRequest, "query" | "limit">,
  signal?: AbortSignal,
): Promise<ApiSearchAnswer> {
  const options = new URLSearchParams({ query, ...(limit === undefined ? {} : { limit: `${limit}` }) });
  const response = await request(`/api/search/picture?${options}`, {
    method: "POST",
    headers: { "content-type": picture.type || "application/octet-stream" },
    body: picture,
    ...(signal === undefined ? {} : { signal }),
  });
  return (await response.json()) as ApiSearchAnswer;
}

/** What a recut would give: the concept of each row. */
export async function previewRecut(
  body: ApiRecutRequest,
  signal?: AbortSignal,
): Promise<{ readonly labels: Int32Array; readonly summary: ApiRecutSummary }> {
  const response = await post("/api/recut", body, { signal });
  const summary = JSON.parse(response.headers.get("x-recut") ?? "{}") as ApiRecutSummary;
  return { labels: new Int32Array(await response.arrayBuffer()), summary };
}

export const sendEdit = (edit: ApiEdit, revision: string): Promise<ApiModel> =>
  postJson("/api/edits", edit, { revision });

export const sendUndo = (revision: string): Promise<ApiModel> =>
  postJson("/api/undo", undefined, { revision });

export const sendRedo = (revision: string): Promise<ApiModel> =>
  postJson("/api/redo", undefined, { revision });

export const askExport = (body: ApiExportRequest): Promise<ApiExportTicket> => postJson("/api/export", body);

/** Of the file itself; good for a minute, once. */
export const exportUrl = ({ ticket }: ApiExportTicket): string => `/api/export/${ticket}`;

export const pictureUrl = (row: number, size?: number): string =>
  `/api/images/${row}/picture${size === undefined ? "" : `?size=${size}`}`;

export const sheetUrl = (level: number, index: number): string => `/api/sheets/${level}/${index}.webp`;
