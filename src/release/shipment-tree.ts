import { extname } from "node:path";
import type { Shipment } from "../project/types.ts";
import { recordTree, type SourceTree } from "../python/source/tree.ts";

const textual = new Set(
  ".py .txt .toml .cfg .ini .yml .yaml .json .lock .conf .service .sh .env .po".split(" ").concat(""),
);
const largest = 1_000_000;

/** The shipped files that a lint may read, as texts. */
export async function shipmentTree(shipment: Shipment): Promise<SourceTree> {
  const files: Record<string, string> = {};
  const compiled = new Map<string, Buffer>();
  for (const file of shipment.files) {
    if (file.type === "file" && file.size <= largest && textual.has(extname(file.path))) {
      files[file.path] = (await file.read()).toString("utf8");
    }
    if (file.path.endsWith(".mo")) {
      files[file.path] = "";
      if (file.size <= largest) compiled.set(file.path, await file.read());
    }
  }
  return { ...recordTree(files), bytes: (path) => compiled.get(path) ?? null };
}
