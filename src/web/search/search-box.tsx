import type { ReactElement } from "react";

export function SearchBox(): ReactElement {
  return <div className="search-box" />;
}
