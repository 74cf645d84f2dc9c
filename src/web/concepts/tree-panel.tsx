import type { ReactElement } from "react";

export function TreePanel(): ReactElement {
  return <p className="quiet">Groups</p>;
}
