import { eventPath } from "./event-aside.ts";

if (eventPath !== undefined) process.env.GITHUB_EVENT_PATH = eventPath;
