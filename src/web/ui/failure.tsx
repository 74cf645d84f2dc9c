import type { ReactElement } from "react";
import type { ExplorerState } from "../state/store.ts";
import "./failure.css";

/** In place of everything, when there is nothing to show. */
export function Failure({
  failure: { message, hint },
}: {
  readonly failure: NonNullable<ExplorerState["failure"]>;
}): ReactElement {
  return (
    <main className="failure" role="alert">
      <h1>{message}</h1>
      {hint === undefined ? null : <p>{hint}</p>}
      <button type="button" className="button button-primary" onClick={() => location.reload()}>
        Try again
      </button>
    </main>
  );
}
