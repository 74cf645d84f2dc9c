import { FormatError } from "../errors.ts";
import { build, type EncodingBudget, findGlobal, reduce } from "./pickle-globals.ts";
import { PickleReader } from "./pickle-reader.ts";
import { type PickledDict, type PickledSequence, type PickleValue, typeOf } from "./pickle-values.ts";

/**
 * Runs a pickle of protocol 2 to 5 as far as it is data: texts, numbers, bytes, lists, tuples, dicts and numpy
 * arrays. Opcodes after Python's `pickletools`; those that name classes, persistent objects, extensions or
 * out-of-band buffers are not there. Nothing is called: the names numpy's pickles use are carried out by
 * `pickle-globals.ts`, any other is refused by name. Every length is checked against what is left of the file,
 * and each opcode makes at most what it reads, so that memory stays within a multiple of the file's size.
 *
 * @throws FormatError when the bytes are no such pickle
 */
export function runPickle(bytes: Uint8Array): PickleValue {
  return new PickleMachine(bytes).run();
}

class PickleMachine {
  private readonly reader: PickleReader;
  private readonly stack: PickleValue[] = [];
  /** Heights of the stack at the MARKs. */
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, PickleValue>();
  private readonly budget: EncodingBudget;

  constructor(bytes: Uint8Array) {
    this.reader = new PickleReader(bytes);
    this.budget = { remaining: bytes.length };
  }

  run(): PickleValue {
    if (this.reader.uint8() !== 0x80) throw damaged("no PROTO opcode at the start");
    const protocol = this.reader.uint8();
    if (protocol < 2 || protocol > 5) throw damaged(`protocol ${protocol}`);
    for (;;) {
      const opcode = this.reader.uint8();
      if (opcode === 0x2e) return this.pop();
      if (!this.stepLiteral(opcode) && !this.stepContainer(opcode) && !this.stepMemo(opcode)) {
        this.stepObject(opcode);
      }
    }
  }

  /** Opcodes that push a value read from the file. */
  private stepLiteral(opcode: number): boolean {
    const value = this.reader.literal(opcode);
    if (value === undefined) return false;
    this.stack.push(value);
    return true;
  }

  private stepContainer(opcode: number): boolean {
    switch (opcode) {
      case 0x28: // MARK
        this.marks.push(this.stack.length);
        return true;
      case 0x5d: // EMPTY_LIST
        return this.pushSequence("list", []);
      case 0x29: // EMPTY_TUPLE
        return this.pushSequence("tuple", []);
      case 0x6c: // LIST
        return this.pushSequence("list", this.popMark());
      case 0x74: // TUPLE
        return this.pushSequence("tuple", this.popMark());
      case 0x85: // TUPLE1 to TUPLE3
      case 0x86:
      case 0x87:
        return this.pushSequence("tuple", this.popMany(opcode - 0x84));
      case 0x61: // APPEND
        return this.extendList([this.pop()]);
      case 0x65: // APPENDS
        return this.extendList(this.popMark());
      case 0x7d: // EMPTY_DICT
        this.stack.push({ type: "dict", entries: new Map() });
        return true;
      case 0x73: // SETITEM
        return this.setItems(this.popMany(2));
      case 0x75: // SETITEMS
        return this.setItems(this.popMark());
      default:
        return false;
    }
  }

  private stepMemo(opcode: number): boolean {
    switch (opcode) {
      case 0x94: // MEMOIZE
        this.memo.set(this.memo.size, this.top());
        return true;
      case 0x71: // BINPUT
        this.memo.set(this.reader.uint8(), this.top());
        return true;
      case 0x72: // LONG_BINPUT
        this.memo.set(this.reader.uint32(), this.top());
        return true;
      case 0x68: // BINGET
        return this.recall(this.reader.uint8());
      case 0x6a: // LONG_BINGET
        return this.recall(this.reader.uint32());
      default:
        return false;
    }
  }

  private stepObject(opcode: number): void {
    switch (opcode) {
      case 0x95: // FRAME
        this.reader.length64();
        return;
      case 0x30: // POP
        this.pop();
        return;
      case 0x31: // POP_MARK
        this.popMark();
        return;
      case 0x32: // DUP
        this.stack.push(this.top());
        return;
      case 0x63: // GLOBAL
        this.stack.push(findGlobal(this.reader.line(), this.reader.line()));
        return;
      case 0x93: // STACK_GLOBAL
        this.pushGlobal(this.popMany(2));
        return;
      case 0x52: {
        // REDUCE
        const [callee, args] = this.popMany(2);
        this.stack.push(reduce(callee!, args!, this.budget));
        return;
      }
      case 0x62: {
        // BUILD
        const state = this.pop();
        build(this.top(), state);
        return;
      }
      default:
        throw damaged(`opcode 0x${opcode.toString(16).padStart(2, "0")}`);
    }
  }

  private pushGlobal([module, name]: readonly PickleValue[]): void {
    if (typeof module !== "string" || typeof name !== "string") throw damaged("a nameless global");
    this.stack.push(findGlobal(module, name));
  }

  private pushSequence(type: PickledSequence["type"], items: PickleValue[]): true {
    this.stack.push({ type, items });
    return true;
  }

  private extendList(items: readonly PickleValue[]): true {
    const list = this.top();
    if (typeOf(list) !== "list") throw damaged(`items for ${typeOf(list)}`);
    for (const item of items) (list as PickledSequence).items.push(item);
    return true;
  }

  private setItems(pairs: readonly PickleValue[]): true {
    const dict = this.top();
    if (typeOf(dict) !== "dict" || pairs.length % 2 !== 0) throw damaged(`entries for ${typeOf(dict)}`);
    for (let i = 0; i < pairs.length; i += 2) {
      const key = pairs[i];
      if (typeof key === "string") (dict as PickledDict).entries.set(key, pairs[i + 1]!);
    }
    return true;
  }

  private recall(index: number): true {
    const value = this.memo.get(index);
    if (value === undefined) throw damaged(`memo ${index}, which is empty`);
    this.stack.push(value);
    return true;
  }

  private top(): PickleValue {
    const value = this.stack.at(-1);
    if (value === undefined || this.stack.length === (this.marks.at(-1) ?? 0))
      throw damaged("an empty stack");
    return value;
  }

  private pop(): PickleValue {
    const value = this.top();
    this.stack.pop();
    return value;
  }

  private popMany(count: number): PickleValue[] {
    if (this.stack.length - (this.marks.at(-1) ?? 0) < count) throw damaged("an empty stack");
    return this.stack.splice(this.stack.length - count);
  }

  private popMark(): PickleValue[] {
    const mark = this.marks.pop();
    if (mark === undefined) throw damaged("no MARK");
    return this.stack.splice(mark);
  }
}

function damaged(found: string): FormatError {
  return new FormatError("The pickle cannot be read", {
    expected: "plain data in protocol 2 to 5",
    found,
    hint: "Open it in Python and save the vectors with numpy.save.",
  });
}
