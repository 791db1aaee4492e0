import { expect, test } from "vitest";
import { askPython } from "../../support/host-python.ts";

// A backup of a database of which the application does what it likes: it is whole, or refused, and it ends.

const program = `
import json, os, shutil, sqlite3, tempfile
import djd_database
from djd_paths import Paths, Refused

site = tempfile.mkdtemp()
file, folder = site + "/shared/db.sqlite3", site + "/shared/backups"
os.makedirs(folder)
with sqlite3.connect(file) as made:
    made.execute("create table visits (n)")
made.close()
before = "/db-20200101T00000%dZ-aaaaaaa.sqlite3"

def backup():
    try:
        done = djd_database.backup(Paths(site), [file], "20261130T083655Z-4428352", 2)
        with sqlite3.connect(done[0]["file"]) as copy:
            return [name for (name,) in copy.execute("select name from sqlite_master")]
    except Refused as error:
        return [error.code, str(error).replace(site, "")]

exec(sys.argv[1])
print(json.dumps([backup(), sorted(os.listdir(folder))]))
shutil.rmtree(site)
`;
const backup = (prepared: string) => askPython<[string[], string[]]>(program, prepared);
const kept = "db-20261130T083655Z-4428352.sqlite3";

test("a lock that is never given up is waited for, and not for ever", () => {
  const [said, left] = backup(`
djd_database.LOCKED = 0.5
held = sqlite3.connect(file, isolation_level=None)
held.execute("begin exclusive")
`);
  expect(said).toEqual(["database.backup", expect.stringMatching(/db\.sqlite3.*database is locked/)]);
  expect(left).toEqual([]);
});

test("one that is taken while the copy is made is not waited for for ever either", () => {
  const [said, left] = backup(`
djd_database.LOCKED = 0.5
held = sqlite3.connect(file, isolation_level=None)
djd_database._room = lambda *_: held.execute("begin exclusive")
`);
  expect(said).toEqual(["database.backup", expect.stringMatching(/database is locked, for more than/)]);
  expect(left).toEqual([]);
});

test("a pipe in the place of the database, or of what SQLite opens beside it, is not opened", () => {
  for (const name of ["", "-journal", "-wal", "-shm"]) {
    const [said] = backup(`
if os.path.exists(file + "${name}"): os.unlink(file + "${name}")
os.mkfifo(file + "${name}")
`);
    const text = `/shared/db.sqlite3${name} is no file, so that /shared/db.sqlite3 can not be backed up`;
    expect(said).toEqual(["database.backup", text]);
  }
});

test("a file that says that it is larger than the disk takes no room of it", () => {
  const [said, left] = backup(`
with open(file, "r+b") as raw:
    raw.seek(28)
    raw.write((0x7ffffffe).to_bytes(4, "big"))
    raw.truncate(4096 * 0x7ffffffe)
`);
  expect(said).toEqual([
    "database.backup",
    expect.stringMatching(/^\/shared\/db\.sqlite3 has 8388607 MB.*No space left on device/),
  ]);
  expect(left).toEqual([]);
});

test("names in the folder of the backups are no reason to fail, or to throw the new one away", () => {
  const [said, left] = backup(`
os.mkdir(folder + before % 0)
for number in range(1, 4): open(folder + before % number, "w").close()
for number in range(3): open(folder + "/db-9999010%dT000000Z-aaaaaaa.sqlite3" % (number + 1), "w").close()
open(folder + "/${kept}.part", "w").close()
`);
  expect(said).toEqual(["visits"]);
  expect(left).toEqual(["db-20200101T000000Z-aaaaaaa.sqlite3", kept, "db-99990103T000000Z-aaaaaaa.sqlite3"]);
});

test("what is in the way of the folder is named", () => {
  const [said] = backup(`os.rmdir(folder); os.symlink("/proc/self", folder)`);
  expect(said).toEqual(["database.backup", expect.stringContaining("/shared/backups")]);
});
