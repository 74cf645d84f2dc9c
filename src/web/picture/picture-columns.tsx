import type { ReactElement } from "react";
import type { ApiImage } from "../../core/explorer/api.ts";
import { dateText } from "./date-text.ts";

/** What the owner's columns say of a picture. */
export function PictureColumns({ columns }: { readonly columns: ApiImage["columns"] }): ReactElement | null {
  const filled = columns.filter(({ value }) => value !== "");
  if (filled.length === 0) return null;
  return (
    <dl className="picture-columns">
      {filled.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{dateText(value) ?? value}</dd>
        </div>
      ))}
    </dl>
  );
}
