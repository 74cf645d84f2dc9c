import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { InputError } from "../../core/errors.ts";
import { systemErrorCode } from "../system-error.ts";
import { AccessToken } from "./access-token.ts";
import { explorerApp } from "./explorer-app.ts";
import { ExplorerSession, type SessionOptions } from "./explorer-session.ts";
import { PageFiles } from "./page-files.ts";
import { isLoopback } from "./request-guard.ts";

export interface ExplorerOptions extends SessionOptions {
  /** Default 127.0.0.1. Another than one of this machine alone needs the token in the address. */
  readonly host?: string | undefined;
  /** Default 7320, or where that is taken, the next that is free; 0 for any. */
  readonly port?: number | undefined;
  /** Folder of the built page; default the package's own. */
  readonly page?: string | undefined;
  /** Milliseconds in which a client has to send the headers of a request, default 10,000, and all of it, default 60,000. */
  readonly patience?: { readonly headers: number; readonly request: number } | undefined;
}

/** A running explorer. */
export interface Explorer {
  readonly session: ExplorerSession;
  readonly port: number;
  /** To be opened in a browser; with the token, where there is one. */
  readonly address: string;
  /** Whether only this machine can reach it. */
  readonly isPrivate: boolean;
  /** Whether the page was built. */
  readonly hasPage: boolean;
  /** Ends all connections. */
  close(): Promise<void>;
}

const PORT = 7320;
const PORTS_TRIED = 100;

const PATIENCE = { headers: 10_000, request: 60_000 };
const KEEP_ALIVE = 10_000;
const MOST_CONNECTIONS = 256;

/**
 * Serves a saved model to the explorer's page. It listens when the model's tables are read and checked; the rest, which some answers
 * wait for, follows (`session.whole`). Where that is damaged, a `damaged` event says so, and everything is answered with that error.
 *
 * @throws FormatError as `ConceptModel.load`; InputError when the port is taken or the host is none of this machine
 */
export async function startExplorer(folder: string, options: ExplorerOptions = {}): Promise<Explorer> {
  const { host = "127.0.0.1", port, page: pageFolder, patience = PATIENCE, ...sessionOptions } = options;
  const session = await ExplorerSession.open(folder, sessionOptions);
  const isPrivate = isLoopback(host);
  const token = isPrivate ? null : new AccessToken();
  const page = new PageFiles(pageFolder);
  let bound = 0;
  const app = explorerApp(session, { page, host, port: () => bound, token });
  const server = createAdaptorServer({
    fetch: app.fetch,
    overrideGlobalObjects: false,
    serverOptions: {
      headersTimeout: patience.headers,
      requestTimeout: patience.request,
      keepAliveTimeout: KEEP_ALIVE,
      connectionsCheckingInterval: Math.min(2000, patience.headers),
    },
  }) as Server;
  server.maxConnections = MOST_CONNECTIONS;
  try {
    bound = await listen(server, host, port);
  } catch (error) {
    await session.close();
    throw error;
  }
  return {
    session,
    port: bound,
    address: `http://${host.includes(":") ? `[${host}]` : host}:${bound}/${token === null ? "" : `?token=${token.token}`}`,
    isPrivate,
    hasPage: await page.isThere(),
    close: async () => {
      const isClosed = new Promise((resolve) => server.close(resolve));
      await session.close();
      // What was said last is on its way.
      await new Promise(setImmediate);
      server.closeAllConnections();
      await isClosed;
    },
  };
}

async function listen(server: Server, host: string, wanted: number | undefined): Promise<number> {
  const last = wanted ?? PORT + PORTS_TRIED;
  for (let port = wanted ?? PORT; ; port++) {
    try {
      return await listenAt(server, host, port);
    } catch (error) {
      const code = systemErrorCode(error);
      if (code === "EADDRINUSE" && port < last) continue;
      throw listenFault(code, host, port) ?? error;
    }
  }
}

function listenAt(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port, exclusive: true }, () => {
      server.off("error", reject);
      const address = server.address();
      resolve(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function listenFault(code: string, host: string, port: number): InputError | null {
  switch (code) {
    case "EADDRINUSE":
      return new InputError(`The port ${port} is taken`, {
        hint: "Choose another (--port on the command line).",
      });
    case "EACCES":
      return new InputError(`The port ${port} may not be used`, { expected: "one above 1023" });
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new InputError(`Nothing can listen at ${host}`, { expected: "an address of this machine" });
    default:
      return null;
  }
}
