/**
 * What GitHub's code scanning takes of SARIF 2.1.0, as a JSON Schema: the properties of the standard that its page
 * "SARIF support for code scanning" names, with what it requires, and nothing else.
 */
const text = { type: "string", minLength: 1, maxLength: 1024 } as const;
const message = (...required: string[]) => ({
  type: "object",
  properties: { text, markdown: text },
  required: ["text", ...required],
  additionalProperties: false,
});
const level = { enum: ["none", "note", "warning", "error"] };

const rule = {
  type: "object",
  properties: {
    id: { type: "string", minLength: 1, maxLength: 255 },
    name: { type: "string", minLength: 1, maxLength: 255 },
    shortDescription: message(),
    fullDescription: message(),
    help: message("markdown"),
    helpUri: { type: "string", pattern: "^https://" },
    defaultConfiguration: { type: "object", properties: { level }, additionalProperties: false },
    properties: {
      type: "object",
      properties: {
        tags: { type: "array", items: text, uniqueItems: true, maxItems: 10 },
        precision: { enum: ["very-high", "high", "medium", "low"] },
        "problem.severity": { enum: ["error", "warning", "recommendation"] },
        "security-severity": { type: "string", pattern: "^(10\\.0|[0-9]\\.[0-9])$" },
      },
      required: ["tags", "precision", "problem.severity"],
      additionalProperties: false,
    },
  },
  required: [
    "id",
    "name",
    "shortDescription",
    "fullDescription",
    "help",
    "defaultConfiguration",
    "properties",
  ],
  additionalProperties: false,
};

const location = {
  type: "object",
  properties: {
    physicalLocation: {
      type: "object",
      properties: {
        artifactLocation: {
          type: "object",
          properties: {
            // Relative, and a valid URI reference: no blank, no "#", no leading slash.
            uri: { type: "string", pattern: "^[^/#? ][^#? ]*$" },
            uriBaseId: { const: "%SRCROOT%" },
          },
          required: ["uri"],
          additionalProperties: false,
        },
        region: {
          type: "object",
          properties: {
            startLine: { type: "integer", minimum: 1 },
            startColumn: { type: "integer", minimum: 1 },
          },
          required: ["startLine"],
          additionalProperties: false,
        },
      },
      required: ["artifactLocation", "region"],
      additionalProperties: false,
    },
  },
  required: ["physicalLocation"],
  additionalProperties: false,
};

const result = {
  type: "object",
  properties: {
    ruleId: { type: "string", minLength: 1 },
    ruleIndex: { type: "integer", minimum: 0 },
    level,
    message: message(),
    locations: { type: "array", items: location, minItems: 1, maxItems: 1000 },
    partialFingerprints: { type: "object", additionalProperties: text, minProperties: 1 },
    properties: { type: "object" },
  },
  required: ["ruleId", "ruleIndex", "level", "message", "locations", "partialFingerprints"],
  additionalProperties: false,
};

export const codeScanningSchema = {
  type: "object",
  properties: {
    $schema: { type: "string", pattern: "^https://.*sarif.*2\\.1\\.0\\.json$" },
    version: { const: "2.1.0" },
    runs: {
      type: "array",
      minItems: 1,
      maxItems: 20,
      items: {
        type: "object",
        properties: {
          tool: {
            type: "object",
            properties: {
              driver: {
                type: "object",
                properties: {
                  name: text,
                  version: text,
                  informationUri: { type: "string", pattern: "^https://" },
                  rules: { type: "array", items: rule, maxItems: 25_000 },
                },
                required: ["name", "rules"],
                additionalProperties: false,
              },
            },
            required: ["driver"],
            additionalProperties: false,
          },
          automationDetails: { type: "object", properties: { id: text }, additionalProperties: false },
          columnKind: { enum: ["utf16CodeUnits", "unicodeCodePoints"] },
          results: { type: "array", items: result, maxItems: 5_000 },
          properties: { type: "object" },
        },
        required: ["tool", "results"],
        additionalProperties: false,
      },
    },
  },
  required: ["$schema", "version", "runs"],
  additionalProperties: false,
};
