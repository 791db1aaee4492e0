import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitFor } from "../../lab/wait.ts";
import { type Site, startSite, told } from "./support/site.ts";

const shared = "/srv/shop/shared";

const celery = `import os, time
from celery import Celery
from celery.signals import before_task_publish

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.production")
app = Celery("shop", broker="redis://127.0.0.1:6379/0")
app.conf.imports = ["shop.tasks"]
app.conf.task_ignore_result = True
app.conf.beat_schedule = {"tick": {"task": "shop.tasks.tick", "schedule": 2.0}}

def note(name, line):
    handle = os.open("${shared}/" + name, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.write(handle, line.encode() + b"\\n")
    os.close(handle)

@before_task_publish.connect(sender="shop.tasks.tick")
def sent(headers=None, **_):
    note("sent.txt", "%s %.2f" % (headers["id"], time.time()))
`;

const tasks = `import time
from shop import version
from shop.celery import app, note

@app.task
def record(number, asked):
    time.sleep(0.02)
    note("tasks.txt", "%d %s %s" % (number, asked, version.NUMBER))

@app.task(bind=True)
def tick(self):
    note("ticks.txt", self.request.id)
`;

const views = `
def enqueue(request):
    from .tasks import record

    record.delay(int(request.GET["n"]), version.NUMBER)
    return JsonResponse({"version": version.NUMBER})
`;

const processes = `processes:
  worker: celery -A shop worker --concurrency 2 --loglevel warning
  beat: {command: "celery -A shop beat --schedule ${shared}/beat --pidfile=", singleton: true}
`;

let site: Site;
beforeAll(async () => {
  site = await startSite("systemd", { more: processes });
  await site.root(
    "DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends redis-server >/dev/null",
  );
  site.project.commit({
    "requirements.txt": `${site.project.read("requirements.txt")}celery==5.5.3\nredis==5.2.1\n`,
    "shop/celery.py": celery,
    "shop/tasks.py": tasks,
    "shop/views.py": site.project.read("shop/views.py") + views,
    "shop/urls.py": site.project
      .read("shop/urls.py")
      .replace("urlpatterns = [", 'urlpatterns = [\n    path("enqueue/", views.enqueue),'),
  });
  const setup = await site.setup().ended;
  expect(setup.code, setup.stdout + setup.stderr).toBe(0);
});
afterAll(() => site?.stop());

const lines = async (name: string) => (await site.root(`cat ${shared}/${name}`)).split("\n");
const deploy = async (number: number) => {
  site.project.version(String(number));
  const done = await site.act("deploy");
  expect(done.code, told(done)).toBe(0);
};

test("ten deploys under Celery: every task runs once, none on older code than its page, no schedule twice", async () => {
  await deploy(1);
  let sent = 0;
  let ending = false;
  const enqueue = (async () => {
    while (!ending || sent < 1000) {
      const { status, body } = await site.page(`/enqueue/?n=${sent}`);
      expect(status, body).toBe(200);
      sent += 1;
      await delay(ending ? 0 : 50); // a steady stream, not a queue that the workers never empty
    }
  })();
  for (let number = 2; number <= 11; number += 1) await deploy(number);
  const back = await site.act("rollback");
  expect(back.code, told(back)).toBe(0);
  ending = true;
  await enqueue;
  await waitFor(
    async () => {
      const { length } = await lines("tasks.txt");
      if (length < sent) throw new Error(`${length} of ${sent} ran`);
      return true;
    },
    { timeoutMs: 60_000, what: "all tasks" },
  );

  const ran = (await lines("tasks.txt")).map((line) => line.split(" ").map(Number));
  const numbers = ran.map(([number]) => number).sort((a, b) => a! - b!);
  expect(numbers).toEqual([...Array(sent).keys()]);
  const older = ran.filter(([, asked, worker]) => worker! < asked!);
  expect(older).toEqual([]);
  expect(new Set(ran.map(([, asked]) => asked)).size).toBe(11);

  const fired = (await lines("sent.txt")).map((line) => line.split(" "));
  await waitFor(async () => (await lines("ticks.txt")).length >= fired.length, {
    timeoutMs: 30_000,
    what: "the scheduled tasks",
  });
  const ticks = await lines("ticks.txt");
  expect(new Set(ticks).size).toBe(ticks.length);
  expect(fired.filter(([id = ""]) => !ticks.includes(id))).toEqual([]);
  const gaps = fired.slice(1).map(([, at], index) => Number(at) - Number(fired[index]?.[1]));
  expect(gaps.filter((gap) => gap < 1)).toEqual([]);
  expect(await site.root("pgrep -u shop -fc 'celery -A shop beat'")).toBe("1");
}, 1_200_000);
