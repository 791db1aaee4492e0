import { isA, lineage } from "./exceptions.ts";
import type { Class, Obj } from "./values.ts";
import { typeName } from "./values.ts";

const words = (text: string): Set<string> => new Set(text.split(" "));
const DICT =
  "clear copy fromkeys get items keys move_to_end pop popitem setdefault update values default_factory";

/** `dir()` of Python 3.13, without what begins with two underscores. */
const NAMES: Record<string, Set<string>> = {
  str: words("isascii isprintable istitle rindex"),
  bytes: words("fromhex hex isascii istitle rindex"),
  int: words("bit_count conjugate from_bytes to_bytes"),
  bool: words("bit_count conjugate from_bytes to_bytes"),
  float: words("conjugate fromhex hex"),
  list: words("appendleft extendleft popleft rotate maxlen"),
  tuple: words("count index"),
  set: words("isdisjoint issuperset"),
  dict: words(DICT),
  _Environ: words(`${DICT} decodekey decodevalue encodekey encodevalue`),
  PosixPath: words(
    "anchor chmod cwd drive from_uri full_match group hardlink_to home is_block_device is_char_device is_fifo is_junction is_mount is_relative_to is_reserved is_socket is_symlink lchmod lstat match owner parser readlink rename replace rmdir root samefile stat suffixes symlink_to unlink walk with_segments with_stem",
  ),
  timedelta: words("max microseconds min resolution"),
  TextIOWrapper: words(
    "buffer closed detach encoding errors fileno flush isatty line_buffering mode name newlines readable reconfigure seek seekable tell truncate writable write_through writelines",
  ),
  Match: words("endpos expand lastgroup lastindex pos re regs span string"),
  partial: words("keywords"),
  BaseException: words("add_note with_traceback"),
  OSError: words("characters_written errno filename filename2 strerror"),
  ImportError: words("msg name name_from path"),
  SystemExit: words("code"),
  StopIteration: words("value"),
  UnicodeError: words("encoding end object reason start"),
  SyntaxError: words("end_lineno end_offset filename lineno msg offset print_file_and_line text"),
  ValueError: words("colno doc lineno msg pos"),
};

const isPythons = (cls: Class): boolean => cls.name in NAMES && !cls.scope.places;

/** Whether Python's own types have that attribute: what nobody models here is not known, and no AttributeError. */
export function pythonHas(o: Obj, name: string): boolean {
  const own = o.t === "instance" ? lineage(o.cls).filter(isPythons) : [];
  if (/^__\w+__$/.test(name)) return own.length > 0 || /^(list|set|tuple|dict|path)$/.test(o.t);
  if (o.t !== "instance") return NAMES[typeName(o)]?.has(name) ?? false;
  if (own.some((cls) => NAMES[cls.name]?.has(name))) return true;
  // Subclasses of ValueError that libraries raise (JSONDecodeError) are ValueError here.
  return isA(o.cls, "BaseException") && (NAMES.BaseException as Set<string>).has(name);
}
