import type { FormatError } from "../../core/errors.ts";
import { badModel } from "./bad-model.ts";

/** A value somewhere in a JSON file, read with checks that name its place when they fail. */
export class JsonField {
  readonly value: unknown;
  private readonly file: string;
  private readonly path: string;

  constructor(value: unknown, file: string, path = "") {
    this.value = value;
    this.file = file;
    this.path = path;
  }

  get(key: string): JsonField {
    const { value } = this;
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key))
      throw this.unexpected(`a "${key}"`);
    return this.child((value as { readonly [key: string]: unknown })[key], key);
  }

  /** As `get`, or null where there is no such key: models of earlier versions lack it. */
  find(key: string): JsonField | null {
    const { value } = this;
    const has = typeof value === "object" && value !== null && Object.hasOwn(value, key);
    return has ? this.get(key) : null;
  }

  text(): string {
    if (typeof this.value !== "string") throw this.unexpected("a text");
    return this.value;
  }

  truth(): boolean {
    if (typeof this.value !== "boolean") throw this.unexpected("true or false");
    return this.value;
  }

  number(least: number, most: number): number {
    const { value } = this;
    if (typeof value !== "number" || !(value >= least && value <= most)) {
      throw this.unexpected(`a number from ${least} to ${most}`);
    }
    return value;
  }

  /** A safe integer of at least `least`. */
  integer(least: number): number {
    const { value } = this;
    if (!Number.isSafeInteger(value) || (value as number) < least)
      throw this.unexpected(`a whole number from ${least} up`);
    return value as number;
  }

  oneOf<T extends string>(choices: readonly T[]): T {
    const found = choices.find((choice) => choice === this.value);
    if (found === undefined) throw this.unexpected(choices.join(" or "));
    return found;
  }

  orNull<T>(read: (field: JsonField) => T): T | null {
    return this.value === null ? null : read(this);
  }

  list<T>(read: (field: JsonField) => T): T[] {
    if (!Array.isArray(this.value)) throw this.unexpected("a list");
    return this.value.map((item, i) => read(this.child(item, String(i))));
  }

  record<T>(read: (field: JsonField) => T): { readonly [name: string]: T } {
    const { value } = this;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw this.unexpected("an object");
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, read(this.child(item, name))]),
    );
  }

  /** The error that something else should be here. */
  unexpected(expected: string): FormatError {
    const place = this.path === "" ? "" : ` at ${this.path.slice(0, 60)}`;
    const found = (JSON.stringify(this.value) ?? "nothing").slice(0, 40);
    return badModel(this.file, { expected: `${expected}${place}`, found });
  }

  private child(value: unknown, key: string): JsonField {
    return new JsonField(value, this.file, this.path === "" ? key : `${this.path}.${key}`);
  }
}
