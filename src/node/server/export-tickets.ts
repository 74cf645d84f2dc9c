import { randomBytes } from "node:crypto";

/** Milliseconds in which a ticket is to be used. */
const LIFE = 60_000;
/** A page asks for one file at a time; each may hold a row number of every picture. */
const MOST = 8;

/**
 * Files that were asked for and are to be fetched. A browser saves to the disk, as it comes, only what it is led to by an address, and
 * a selection of a million pictures fits into none: so the selection is sent first, and the address is a ticket.
 */
export class ExportTickets {
  private readonly files = new Map<string, Response>();

  /** @param file of which nothing is made before it is read. @returns 32 characters that nobody can guess; the oldest goes for the ninth */
  issue(file: Response): string {
    const ticket = randomBytes(24).toString("base64url");
    const [oldest] = this.files.keys();
    if (oldest !== undefined && this.files.size >= MOST) this.files.delete(oldest);
    this.files.set(ticket, file);
    setTimeout(() => this.files.delete(ticket), LIFE).unref();
    return ticket;
  }

  /** @returns null for a ticket that was used, is older than a minute or never was */
  use(ticket: string): Response | null {
    const file = this.files.get(ticket) ?? null;
    this.files.delete(ticket);
    return file;
  }
}
