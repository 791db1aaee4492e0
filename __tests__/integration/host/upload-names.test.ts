import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { askPython } from "../../support/host-python.ts";
import { temporaryFolder } from "../../support/repository.ts";

// The runner refuses such names before it sends them; the host does not rely on it.
const program = `
import hashlib, json, os, zlib
import djd_upload
from djd_paths import Paths, Refused
text = b"x"
sha = hashlib.sha256(text).hexdigest()
def receive(number, base, rows):
    root = os.path.join(sys.argv[1], str(number), "app")
    old = os.path.join(root, "releases", "old")
    os.makedirs(os.path.join(old, ".djdeploy"))
    base, rows = ([[path, kind, sha, 1] for path, kind in some] for some in (base, rows))
    with open(os.path.join(old, "a"), "wb") as file:
        file.write(text)
    djd_upload.write_json(os.path.join(old, ".djdeploy", "files.json"), base)
    args = {"release": "new", "base": "old", "removed": [], "changed": rows, "have": [sha]}
    args["digest"] = djd_upload.digest(base + rows)
    try:
        answer = djd_upload.receive(Paths(root), args, zlib.compress(b"1\\n" + text))
    except Refused as refused:
        answer = refused.code
    return [answer, sorted(os.listdir(os.path.join(root, "releases")))]
print(json.dumps([receive(number, *case) for number, case in enumerate(json.loads(sys.argv[2]))]))
`;

type Rows = [path: string, kind: string][];

function receive(...cases: [base: Rows, sent: Rows][]): { answers: unknown[]; folder: string } {
  const folder = temporaryFolder();
  return { answers: askPython(program, folder, JSON.stringify(cases)), folder };
}

test("what would leave the release, or be written through a link of it, is refused before anything is written", () => {
  const refused: [base: Rows, sent: Rows][] = [
    [[], [["../../ESCAPED", "f"]]],
    [[], [["a/../../../ESCAPED", "f"]]],
    [[], [["../../ESCAPED", "l"]]],
    [[], [["/tmp/djdeploy-escaped", "f"]]],
    [[], [["", "f"]]],
    [[], [["a//b", "f"]]],
    [[], [["./a", "f"]]],
    [[], [[".djdeploy/files.json", "f"]]],
    [[], [[".djdeploy/launch.json", "f"]]],
    [[], [[".djdeploy/launch", "l"]]],
    [[], [[".djdeploy/more/launch", "x"]]],
    [[], [["a", "d"]]],
    [
      [],
      [
        ["a", "l"],
        ["a/b", "f"],
      ],
    ],
    [
      [],
      [
        ["a", "l"],
        ["a", "f"],
      ],
    ],
    [[["a", "l"]], [["a/b", "f"]]],
    [[["../../ESCAPED", "f"]], [["b", "f"]]],
  ];
  const { answers, folder } = receive(...refused);
  expect(answers).toEqual(refused.map(() => ["upload.name", ["old"]]));
  for (const number of refused.keys()) expect(readdirSync(`${folder}/${number}`)).toEqual(["app"]);
});

test("plain names arrive", () => {
  const sent: Rows = [
    ["b", "f"],
    ["c/..d", "x"],
    ["e", "l"],
  ];
  const { answers } = receive([[["a", "f"]], sent]);
  expect(answers).toMatchObject([[{ files: 4, copied: 1 }, ["new", "old"]]]);
});
