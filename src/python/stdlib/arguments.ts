import { forget } from "../logic/forget.ts";
import type { Machine } from "../logic/machine.ts";
import { gap } from "../logic/outcomes.ts";
import { native } from "../logic/values.ts";
import type { Entries } from "./entries.ts";

/**
 * How many arguments our functions model, in the order that objects/keywords.ts gives those with names, and which names they
 * may have: `FUNCTION LEAST MOST NAME…`. Python raises for most
 * others, and gives the rest a meaning that is not modelled (`json.loads(text, object_hook=f)`).
 */
const MODELLED = `
ast.literal_eval 1 1 node_or_string
base64.b64decode 1 1
base64.b64encode 1 1
contextlib.contextmanager 1 1
copy.copy 1 1
copy.deepcopy 1 1
functools.cache 1 1
functools.lru_cache 0 2 maxsize typed
functools.reduce 2 3
functools.wraps 1 3 assigned updated
getpass.getuser 0 0
glob.glob 1 1 recursive
importlib.import_module 1 2 name package
importlib.reload 1 1
inspect.getmembers 1 1
json.load 1 1 fp
json.loads 1 1 s
logging.getLogger 0 1 name
os.access 2 2
os.cpu_count 0 0
os.fspath 1 1
os.getcwd 0 0
os.getenv 1 2 key default
os.listdir 0 1
os.path.exists 1 1 path
os.path.isdir 1 1 s
os.path.isfile 1 1 path
os.path.join 1 99
os.path.lexists 1 1
os.path.relpath 1 2
os.urandom 1 1
platform.node 0 0
platform.system 0 0
re.compile 1 2 pattern
re.escape 1 1
socket.getfqdn 0 1
socket.gethostbyname 1 1
socket.gethostname 0 0
sys.exit 0 1
sys.getdefaultencoding 0 0
tempfile.gettempdir 0 0
tempfile.mkdtemp 0 3 suffix prefix dir
textwrap.dedent 1 1
time.time 0 0
tomllib.load 1 1 fp f
tomllib.loads 1 1 s
typing.cast 2 2
uuid.uuid4 0 0
yaml.full_load 1 1 stream
yaml.load 1 2 stream Loader
yaml.safe_load 1 1 stream
`;

interface Takes {
  least: number;
  most: number;
  names: string[];
}

const TAKES = new Map<string, Takes>(
  MODELLED.trim()
    .split("\n")
    .map((line) => line.split(" "))
    .map(([name = "", least, most, ...names]) => [name, { least: Number(least), most: Number(most), names }]),
);

/** The entries of a module, where what a function is given besides leaves its answer unknown, and what it was given too. */
export function withArguments(m: Machine, module: string, entries: Entries): Entries {
  const path = module === "posixpath" ? "os.path" : module;
  return Object.fromEntries(
    Object.entries(entries).map(([entry, value]) => {
      const takes = TAKES.get(`${path}.${entry}`);
      if (!takes || value.t !== "native") return [entry, value];
      return [
        entry,
        native(value.name, (args, kwargs) => {
          const fits = args.length >= takes.least && args.length <= takes.most;
          if (fits && [...kwargs.keys()].every((name) => takes.names.includes(name)))
            return value.call(args, kwargs);
          forget(m, [...args, ...kwargs.values()], `${entry}()`);
          return gap(`the arguments of ${path}.${entry}()`);
        }),
      ];
    }),
  );
}
