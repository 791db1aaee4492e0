/**
 * @actions/github reads the event's file the moment it is loaded, whatever stands there: it would wait for a pipe, and end
 * the action with the text of a file that is no JSON. Imported before it, this takes the file's name away; event-back.ts,
 * imported after it, puts it back for our own reading (src/github/event.ts).
 */
export const eventPath: string | undefined = process.env.GITHUB_EVENT_PATH;
delete process.env.GITHUB_EVENT_PATH;
