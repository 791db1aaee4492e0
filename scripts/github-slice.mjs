// Cuts the part of GitHub's OpenAPI description that the stand-in of the tests needs: node scripts/github-slice.mjs
// PATH/api.github.com.json (of @octokit/openapi 23.0.2, 385 MB unpacked) writes __tests__/support/github/slice.json.
import { readFileSync, writeFileSync } from "node:fs";

const wanted = {
  "/repos/{owner}/{repo}/deployments": ["get", "post"],
  "/repos/{owner}/{repo}/deployments/{deployment_id}/statuses": ["get", "post"],
  "/repos/{owner}/{repo}/branches/{branch}": ["get"],
  "/repos/{owner}/{repo}/commits/{ref}/check-runs": ["get"],
  "/repos/{owner}/{repo}/commits/{ref}/status": ["get"],
  "/repos/{owner}/{repo}/issues/{issue_number}/comments": ["get", "post"],
  "/repos/{owner}/{repo}/issues/comments/{comment_id}": ["patch", "delete"],
};

const api = JSON.parse(readFileSync(process.argv[2], "utf8"));
const definitions = {};
const words = new Set([
  "description",
  "example",
  "examples",
  "title",
  "externalDocs",
  "deprecated",
  "x-github",
]);

/** The same without prose, references led to `definitions`. */
function cut(node) {
  if (Array.isArray(node)) return node.map(cut);
  if (node === null || typeof node !== "object") return node;
  if (node.$ref) {
    const name = node.$ref.split("/").at(-1);
    if (!(name in definitions)) {
      definitions[name] = null;
      definitions[name] = cut(api.components.schemas[name]);
    }
    return { $ref: `#/definitions/${name}` };
  }
  const entries = Object.entries(node).filter(
    ([key, value]) =>
      !(words.has(key) && typeof value !== "object") &&
      key !== "example" &&
      key !== "examples" &&
      key !== "externalDocs",
  );
  return Object.fromEntries(entries.map(([key, value]) => [key, cut(value)]));
}

const resolved = (part, kind) => (part.$ref ? api.components[kind][part.$ref.split("/").at(-1)] : part);
const operations = Object.entries(wanted).flatMap(([path, methods]) =>
  methods.map((method) => {
    const { parameters = [], requestBody, responses } = api.paths[path][method];
    const query = parameters.map((one) => resolved(one, "parameters")).filter((one) => one.in === "query");
    return {
      method: method.toUpperCase(),
      path,
      query: Object.fromEntries(query.map(({ name, schema }) => [name, cut(schema)])),
      body: requestBody ? cut(requestBody.content["application/json"].schema) : null,
      answers: Object.fromEntries(
        Object.entries(responses).map(([status, answer]) => [
          status,
          cut(resolved(answer, "responses").content?.["application/json"]?.schema ?? {}),
        ]),
      ),
    };
  }),
);
const text = JSON.stringify({ operations, definitions });
writeFileSync(new URL("../__tests__/support/github/slice.json", import.meta.url), `${text}\n`);
console.log(`${operations.length} operations, ${Math.round(text.length / 1024)} KB`);
