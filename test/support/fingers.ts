import type { CDPSession, Page } from "playwright-core";

export interface FingerPlace {
  readonly x: number;
  readonly y: number;
}

const STEPS = 12;

/** Fingers on a touch screen: the events come from the browser, not from scripts of the page. */
export class Fingers {
  private readonly session: CDPSession;

  private constructor(session: CDPSession) {
    this.session = session;
  }

  static async on(page: Page): Promise<Fingers> {
    return new Fingers(await page.context().newCDPSession(page));
  }

  /**
   * Puts fingers down, moves each evenly to where it ends, and lifts them.
   *
   * @param ways one for each finger: start and end
   * @param look before they are lifted
   */
  async move(
    ways: readonly (readonly [FingerPlace, FingerPlace])[],
    look: () => Promise<void> = async () => {},
  ): Promise<void> {
    await this.send(
      "touchStart",
      ways.map(([start]) => start),
    );
    for (let step = 1; step <= STEPS; step++) {
      const share = step / STEPS;
      const places = ways.map(([start, end]) => ({
        x: start.x + share * (end.x - start.x),
        y: start.y + share * (end.y - start.y),
      }));
      await this.send("touchMove", places);
    }
    await look();
    await this.send("touchEnd", []);
  }

  private async send(
    type: "touchStart" | "touchMove" | "touchEnd",
    places: readonly FingerPlace[],
  ): Promise<void> {
    const touchPoints = places.map(({ x, y }, id) => ({ x, y, id }));
    await this.session.send("Input.dispatchTouchEvent", { type, touchPoints });
  }
}
